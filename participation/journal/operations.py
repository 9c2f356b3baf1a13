"""Write the journal and check its chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.journal.models import JournalEntry

_WAITING = "journal entries that wait for their place"
_LOCK_NUMBER = 7_201  # Any constant; it names the journal among PostgreSQL's advisory locks.


@dataclass(frozen=True)
class JournalFault:
    """An entry that does not fit the chain: changed, missing or put in later."""

    number: int
    why: str


def record(
    session: Session,
    *,
    at: datetime,
    action: str,
    subject: str,
    municipality_id: int | None = None,
    actor_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> JournalEntry:
    """Append one entry in the caller's transaction."""
    entry = JournalEntry(
        at=at.astimezone(UTC),
        municipality_id=municipality_id,
        actor_id=actor_id,
        action=action,
        subject=subject,
        # As the database will give them back: the digest must not depend on a number as a key.
        facts=json.loads(json.dumps(facts or {}, allow_nan=False)),
    )
    waiting = session.info.get(_WAITING)
    if waiting is None:
        _append(session, entry)
    else:
        waiting.append(entry)
    return entry


@contextmanager
def in_order_of_time(session: Session) -> Iterator[None]:
    """Number what the block records by when it happened: for a past that is told at once."""
    waiting: list[JournalEntry] = []
    session.info[_WAITING] = waiting
    try:
        yield
    finally:
        del session.info[_WAITING]
    for entry in sorted(waiting, key=lambda entry: entry.at):
        _append(session, entry)


def _append(session: Session, entry: JournalEntry) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_NUMBER)))
    last = last_entry(session)
    entry.number = last.number + 1 if last else 1
    entry.digest = _digest(entry, last.digest if last else "")
    session.add(entry)
    session.flush()


def last_entry(session: Session) -> JournalEntry | None:
    """Return the newest entry."""
    return session.scalars(
        sa.select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)
    ).first()


def find_faults(session: Session) -> Generator[JournalFault, None, None]:
    """Walk the whole chain and yield every entry that does not fit."""
    before, expected = "", 1
    entries = session.scalars(
        sa.select(JournalEntry).order_by(JournalEntry.number).execution_options(yield_per=1000)
    )
    try:
        for entry in entries:
            if entry.number != expected:
                yield JournalFault(expected, f"missing; the next entry is {entry.number}")
            if entry.digest != _digest(entry, before):
                yield JournalFault(entry.number, "its content does not fit its digest")
            before, expected = entry.digest, entry.number + 1
    finally:
        # Whoever asks for the first fault only leaves in the middle.
        entries.close()


def _digest(entry: JournalEntry, before: str) -> str:
    content = json.dumps(
        [
            before,
            entry.number,
            entry.at.isoformat(),
            entry.municipality_id,
            entry.actor_id,
            entry.action,
            entry.subject,
            entry.facts,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()
