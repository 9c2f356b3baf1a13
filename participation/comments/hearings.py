"""Hearings in phases: rounds on successive drafts, and what is different between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.accounts.models import Account, Municipality
from participation.analysis.wording_difference import Segment, difference
from participation.comments.models import CommentRound, Hearing, HearingPhase, Passage
from participation.engagements.models import Engagement
from participation.engagements.noting import note_on
from participation.engagements.slugs import free_slug
from participation.foundation.errors import Conflict, NotFound, Refused

LONGEST_TITLE = 150
LONGEST_NOTE = 4000
MOST_PHASES = 12
MOST_HEARINGS = 100


@dataclass(frozen=True)
class PartDifference:
    """A part of the text that reads differently in the next phase, word by word."""

    heading: str
    segments: Sequence[Segment]
    is_new: bool
    is_gone: bool


def hearings_of(session: Session, municipality_id: int) -> Sequence[Hearing]:
    """Return the hearings of a municipality, the newest first."""
    return session.scalars(
        sa.select(Hearing)
        .where(Hearing.municipality_id == municipality_id)
        .order_by(Hearing.id.desc())
        .limit(MOST_HEARINGS)
    ).all()


def find_phase(session: Session, round_id: int) -> HearingPhase | None:
    """Return the phase that a round is, with its hearing."""
    return session.scalars(
        sa.select(HearingPhase)
        .where(HearingPhase.round_id == round_id)
        .options(joinedload(HearingPhase.hearing))
    ).first()


def phases_of(
    session: Session, hearing_id: int, *, public_only: bool = False
) -> Sequence[HearingPhase]:
    """Return the phases of a hearing with their rounds, the first one first."""
    found = (
        sa.select(HearingPhase)
        .join(CommentRound, CommentRound.id == HearingPhase.round_id)
        .where(HearingPhase.hearing_id == hearing_id)
        .options(joinedload(HearingPhase.comment_round))
        .order_by(HearingPhase.position)
    )
    if public_only:
        found = found.where(Engagement.published_at.is_not(None))
    return session.scalars(found).all()


def get_public_hearing(session: Session, municipality_id: int, slug: str) -> Hearing:
    """Return a hearing of which at least one phase is public. Raises NotFound."""
    published = (
        sa.select(HearingPhase.hearing_id)
        .join(CommentRound, CommentRound.id == HearingPhase.round_id)
        .where(Engagement.published_at.is_not(None))
    )
    wanted = sa.select(Hearing).where(
        Hearing.municipality_id == municipality_id,
        Hearing.slug == slug,
        Hearing.id.in_(published),
    )
    # PostgreSQL does not even compare a text with a NUL in it.
    found = session.scalars(wanted).first() if slug.isprintable() else None
    if found is None:
        raise NotFound("Diese Anhörung gibt es nicht.")
    return found


def begin_hearing(
    session: Session,
    *,
    comment_round: CommentRound,
    title: str,
    summary: str = "",
    actor: Account | None,
    at: datetime,
) -> HearingPhase:
    """Make a round the first phase of a new hearing. Raises Refused, and Conflict if it is one."""
    title = _checked_title(title)
    municipality = session.get_one(Municipality, comment_round.municipality_id)
    taken = session.scalars(
        sa.select(Hearing.slug).where(Hearing.municipality_id == municipality.id)
    ).all()
    hearing = Hearing(
        municipality_id=municipality.id,
        slug=free_slug(title, taken),
        title=title,
        summary=summary.strip(),
    )
    session.add(hearing)
    session.flush()
    return add_phase(session, hearing=hearing, comment_round=comment_round, actor=actor, at=at)


def add_phase(
    session: Session,
    *,
    hearing: Hearing,
    comment_round: CommentRound,
    note: str = "",
    actor: Account | None,
    at: datetime,
) -> HearingPhase:
    """Make a round the next phase of a hearing. Raises Conflict if it is a phase already."""
    if hearing.municipality_id != comment_round.municipality_id:
        raise NotFound("Diese Anhörung gibt es nicht.")
    if find_phase(session, comment_round.id) is not None:
        raise Conflict("Diese Kommentarrunde gehört schon zu einer Anhörung.")
    # Two people who add one at once wait for each other here.
    session.refresh(hearing, with_for_update=True)
    positions = session.scalars(
        sa.select(HearingPhase.position).where(HearingPhase.hearing_id == hearing.id)
    ).all()
    if len(positions) >= MOST_PHASES:
        raise Refused(
            "Eine Anhörung hat höchstens %(limit)s Phasen.", field="hearing", limit=MOST_PHASES
        )
    phase = HearingPhase(
        hearing=hearing,
        comment_round=comment_round,
        position=max(positions, default=0) + 1,
        note=_checked_note(note),
    )
    session.add(phase)
    session.flush()
    _note(session, "hearing.phase_added", phase, actor, at)
    return phase


def follow_on(
    session: Session,
    *,
    before: CommentRound,
    comment_round: CommentRound,
    actor: Account | None,
    at: datetime,
) -> HearingPhase:
    """Make a round the phase after another one, in its hearing or a new one of its title."""
    first = find_phase(session, before.id) or begin_hearing(
        session, comment_round=before, title=before.title, actor=actor, at=at
    )
    return add_phase(
        session, hearing=first.hearing, comment_round=comment_round, actor=actor, at=at
    )


def describe(
    session: Session,
    *,
    phase: HearingPhase,
    title: str,
    summary: str,
    note: str,
    actor: Account | None,
    at: datetime,
) -> None:
    """Change what a hearing is called, and what is said of one of its phases."""
    phase.hearing.title = _checked_title(title)
    phase.hearing.summary = summary.strip()
    phase.note = _checked_note(note)
    session.flush()
    _note(session, "hearing.changed", phase, actor, at)


def remove_phase(
    session: Session, *, phase: HearingPhase, actor: Account | None, at: datetime
) -> None:
    """Take a round out of its hearing; with its last phase the hearing goes. Raises Conflict."""
    if phase.comment_round.published_at is not None:
        raise Conflict("Eine veröffentlichte Phase bleibt in der Anhörung.")
    hearing = phase.hearing
    _note(session, "hearing.phase_removed", phase, actor, at)
    session.delete(phase)
    session.flush()
    if not phases_of(session, hearing.id):
        session.delete(hearing)
        session.flush()


def check_phase(session: Session, comment_round: CommentRound) -> None:
    """Raise Refused if a later phase does not say yet what is different in it, and why."""
    phase = find_phase(session, comment_round.id)
    if phase is None or phase.note:
        return
    if phases_of(session, phase.hearing_id)[0].round_id != comment_round.id:
        raise Refused(
            "Noch nicht veröffentlicht: Schreiben Sie unter „Anhörung“, was sich seit der "
            "vorigen Phase geändert hat und warum."
        )


def part_differences(before: CommentRound, after: CommentRound) -> list[PartDifference]:
    """Return which parts of the text of a round read differently in the next one.

    A part is an element, or in a text with headings of its own what stands below one of them.
    """
    whole = _whole_elements(before.passages) & _whole_elements(after.passages)
    old, new = _parts(before.passages, whole), _parts(after.passages, whole)
    found = []
    for key in dict.fromkeys([*new, *old]):
        (old_heading, was), (heading, now) = old.get(key, ("", "")), new.get(key, ("", ""))
        if was == now:
            continue
        segments = _changed_words(was, now)
        found.append(
            PartDifference(heading or old_heading, segments, key not in old, key not in new)
        )
    return found


@lru_cache(maxsize=512)
def _changed_words(before: str, after: str) -> tuple[Segment, ...]:
    # What was put up for comment never changes again, and everybody reads it.
    return tuple(difference(before, after))


def _whole_elements(passages: Sequence[Passage]) -> set[int]:
    """Return the elements that stand below one heading, which is their own."""
    headings = Counter(passage.element_id for passage in passages if passage.heading)
    return {element_id for element_id, times in headings.items() if element_id and times == 1}


def _parts(
    passages: Sequence[Passage], whole: Collection[int]
) -> Mapping[int | str, tuple[str, str]]:
    """Return heading and text of each part, by what it is about."""
    parts: dict[int | str, tuple[str, str]] = {}
    heading = ""
    for passage in passages:
        heading = passage.heading or heading
        about = passage.element_id
        key = about if about is not None and about in whole else heading
        known = parts.get(key)
        text = f"{known[1]}\n\n{passage.text}" if known else passage.text
        parts[key] = (known[0] if known else heading, text)
    return parts


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Refused("Bitte geben Sie einen Titel an.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Refused(
            "Der Titel darf höchstens %(limit)s Zeichen haben.", field="title", limit=LONGEST_TITLE
        )
    return title


def _checked_note(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(
            "Das ist zu lang: höchstens %(limit)s Zeichen.", field="note", limit=LONGEST_NOTE
        )
    return note


def _note(
    session: Session, action: str, phase: HearingPhase, actor: Account | None, at: datetime
) -> None:
    note_on(session, action, phase.comment_round, actor=actor, at=at, phase=phase.position)
