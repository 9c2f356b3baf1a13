"""Invitation codes: make those of a list, and find the guest whom a typed one lets in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements import codes, policy
from participation.engagements.guests import Guest
from participation.engagements.models import Audience, Engagement, InvitationCode, LetterBatch
from participation.engagements.noting import note_on
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.upsert import insert_once

MOST_LETTERS = 5_000
LONGEST_GROUP = 80
_AT_ONCE = 1_000

# What makes a letter's code its own: the lines of its address, or its number where it has none.
Letter = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What came of a typed code; `is_guess` if it was a whole code that does not exist."""

    guest: Guest | None
    is_guess: bool = False


@dataclass(frozen=True)
class MadeCodes:
    """The code of each letter, in the order of the letters, and how many of them are new."""

    codes: tuple[str, ...]
    new: int


def guest_with_code(session: Session, *, key: bytes, engagement_id: int, typed: str) -> Found:
    """Return whom a typed code lets in.

    Nothing is locked or written: on PostgreSQL a lock would leave the transaction of the
    response on the row of its code.
    """
    code = codes.read_written(typed)
    if code is None:
        return Found(None)
    hashed = codes.code_hash(key, engagement_id, code)
    known = session.scalar(
        sa.select(sa.literal(1)).where(
            InvitationCode.engagement_id == engagement_id, InvitationCode.code_hash == hashed
        )
    )
    if known is None:
        return Found(None, is_guess=True)
    return Found(Guest(engagement_id, Audience.CODE, hashed))


def make_codes(
    session: Session,
    *,
    engagement: Engagement,
    letters: Sequence[Letter],
    list_key: str,
    submission: str,
    is_reminder: bool,
    group: str,
    key: bytes,
    actor: Account | None,
    at: datetime,
) -> MadeCodes:
    """Store the codes of a list of letters and return them, each once.

    The same list with the same key gives the same codes: a letter that was lost on the way can
    be made again, and a reminder brings the code of the first letter, so that nobody has two.
    Raises Refused with the field `list_key` if a reminder's key was never used here, and
    Conflict for an engagement that sends no letters.
    """
    if not policy.may_send_letters(engagement, at=at):
        raise Conflict("Für diese Beteiligung gibt es keine Briefe mit Codes (mehr).")
    if not 0 < len(letters) <= MOST_LETTERS:
        raise Refused("a batch has between 1 and 5,000 letters", field="table")
    hashed_list = codes.list_hash(key, engagement.id, list_key)
    if is_reminder and not knows_list(session, engagement.id, hashed_list):
        raise Refused("Diesen Schlüssel kennen wir für diese Beteiligung nicht.", field="list_key")
    made = _codes_of(letters, key=key, engagement_id=engagement.id, list_key=list_key)
    is_new = insert_once(
        session,
        LetterBatch,
        engagement_id=engagement.id,
        letters=len(letters),
        group=group.strip()[:LONGEST_GROUP],
        is_reminder=is_reminder,
        list_hash=hashed_list,
        submission=submission,
        made_at=at,
    )
    batch = session.scalars(
        sa.select(LetterBatch).where(
            LetterBatch.submission == submission, LetterBatch.engagement_id == engagement.id
        )
    ).one_or_none()
    if batch is None:
        raise Conflict("this form was sent before, for another engagement")
    if batch.withdrawn_at is not None:
        raise Conflict("Diese Briefe sind zurückgezogen. Ihre Codes gelten nicht mehr.")
    new = _store(session, engagement.id, batch.id, made, key)
    if is_new:
        note_on(
            session,
            "letters.made",
            engagement,
            actor=actor,
            at=at,
            letters=len(letters),
            new=new,
            reminder=is_reminder,
        )
    return MadeCodes(made, new)


def withdraw_letters(
    session: Session, *, batch: LetterBatch, actor: Account | None, at: datetime
) -> None:
    """Make the codes of letters worthless that were lost or never sent.

    A reminder bears the codes of the first letters, so all batches of one list go together, and
    the key of the list makes no more letters. What was answered with a code before stays: nobody
    can tell which answers these are. Raises Conflict for what is withdrawn already.
    """
    engagement = session.get_one(Engagement, batch.engagement_id)
    if not policy.may_withdraw_letters(engagement, batch, at=at):
        raise Conflict("Diese Briefe lassen sich nicht (mehr) zurückziehen.")
    together = session.scalars(
        sa.select(LetterBatch).where(
            LetterBatch.engagement_id == batch.engagement_id,
            LetterBatch.list_hash == batch.list_hash,
            LetterBatch.withdrawn_at.is_(None),
        )
    ).all()
    session.execute(
        sa.delete(InvitationCode).where(InvitationCode.batch_id.in_(one.id for one in together))
    )
    for one in together:
        one.withdrawn_at = at
    session.flush()
    letters = sum(one.letters for one in together)
    note_on(session, "letters.withdrawn", engagement, actor=actor, at=at, letters=letters)


def lets_in(session: Session, guest: Guest) -> bool:
    """Tell whether the code that let a guest in is worth something still."""
    if guest.audience is not Audience.CODE:
        return True
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    InvitationCode.engagement_id == guest.engagement_id,
                    InvitationCode.code_hash == guest.who,
                )
            )
        )
    )


def knows_list(session: Session, engagement_id: int, hashed_list: str) -> bool:
    """Tell whether letters were made with the key of a list, and were not withdrawn."""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    LetterBatch.engagement_id == engagement_id,
                    LetterBatch.list_hash == hashed_list,
                    LetterBatch.withdrawn_at.is_(None),
                )
            )
        )
    )


def get_batch(session: Session, engagement_id: int, number: int) -> LetterBatch:
    """Return a batch of an engagement's letters. Raises NotFound."""
    batch = session.get(LetterBatch, number)
    if batch is None or batch.engagement_id != engagement_id:
        raise NotFound("there is no such batch of letters")
    return batch


def batches_of(session: Session, engagement_id: int, *, limit: int = 50) -> Sequence[LetterBatch]:
    """Return the batches of letters, the newest first."""
    return session.scalars(
        sa.select(LetterBatch)
        .where(LetterBatch.engagement_id == engagement_id)
        .order_by(LetterBatch.id.desc())
        .limit(limit)
    ).all()


def _codes_of(
    letters: Sequence[Letter], *, key: bytes, engagement_id: int, list_key: str
) -> tuple[str, ...]:
    # Father and son of one name at one address are two people: the second gets a code of his own.
    seen: Counter[Letter] = Counter()
    made = []
    for letter in letters:
        plain = tuple(_plain(line) for line in letter)
        seen[plain] += 1
        made.append(codes.invitation_code(key, engagement_id, list_key, *plain, str(seen[plain])))
    return tuple(made)


def _plain(line: str) -> str:
    """Return a line without what two exports of one table may differ in."""
    return " ".join(line.split()).casefold()


def _store(
    session: Session, engagement_id: int, batch_id: int, made: Sequence[str], key: bytes
) -> int:
    """Insert the codes that are new, in the order of their hashes; return how many they were."""
    hashes = sorted(codes.code_hash(key, engagement_id, code) for code in made)
    new = 0
    for start in range(0, len(hashes), _AT_ONCE):
        part = hashes[start : start + _AT_ONCE]
        known = set(
            session.scalars(
                sa.select(InvitationCode.code_hash).where(
                    InvitationCode.engagement_id == engagement_id,
                    InvitationCode.code_hash.in_(part),
                )
            )
        )
        rows = [
            {"engagement_id": engagement_id, "code_hash": one, "batch_id": batch_id}
            for one in part
            if one not in known
        ]
        if rows:
            session.execute(sa.insert(InvitationCode.__table__), rows)  # type: ignore[arg-type]
        new += len(rows)
    return new
