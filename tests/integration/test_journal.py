"""The journal: only added to, and every change shows."""

from __future__ import annotations

import threading
from datetime import timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.journal import triggers
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults, last_entry, record
from participation.journal.queries import entries_of
from tests.conftest import NOON


def write(session: Session, count: int = 5) -> None:
    for number in range(count):
        record(
            session,
            at=NOON + timedelta(minutes=number),
            action="engagement.opened",
            subject=f"engagement:{number}",
            municipality_id=1,
            facts={"number": number},
        )
    session.commit()


def without_triggers(session: Session) -> None:
    """Do what somebody does who owns the database and wants to hide something."""
    dialect = session.get_bind().dialect.name
    for statement in triggers.DROPS[dialect]:
        session.execute(sa.text(statement))
    session.commit()


def faults(session: Session) -> list[int]:
    session.expire_all()
    return [fault.number for fault in find_faults(session)]


def test_entries_are_numbered_and_chained(session: Session):
    write(session)
    numbers = session.scalars(sa.select(JournalEntry.number).order_by(JournalEntry.number))
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert faults(session) == []
    last = last_entry(session)
    assert last is not None
    assert last.number == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET action = 'nothing' WHERE number = 2",
        "DELETE FROM journal_entry WHERE number = 2",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_refuses_to_change_or_delete(session: Session, statement: str):
    write(session)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        session.execute(sa.text(statement))
    session.rollback()
    assert faults(session) == []


def test_sqlite_refuses_to_replace_and_postgresql_to_truncate(session: Session):
    write(session)
    if session.get_bind().dialect.name == "sqlite":
        statement = (
            "INSERT OR REPLACE INTO journal_entry (number, at, action, subject, facts, digest) "
            "SELECT number, at, 'nothing', subject, facts, digest FROM journal_entry"
        )
    else:
        statement = "TRUNCATE journal_entry"
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        session.execute(sa.text(statement))
    session.rollback()
    assert faults(session) == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'engagement.closed'",
        "subject = 'engagement:9'",
        "actor_id = 7",
        "municipality_id = 2",
        "facts = '{}'",
        "at = '2020-01-01 00:00:00'",
        "digest = 'x'",
    ],
)
def test_a_changed_entry_is_found(session: Session, change: str):
    write(session)
    without_triggers(session)
    session.execute(sa.text(f"UPDATE journal_entry SET {change} WHERE number = 3"))
    session.commit()
    assert faults(session)[0] == 3


def test_a_missing_entry_is_found(session: Session):
    write(session)
    without_triggers(session)
    session.execute(sa.text("DELETE FROM journal_entry WHERE number = 2"))
    session.commit()
    assert faults(session)[0] == 2


def test_an_entry_that_was_put_in_later_is_found(session: Session):
    write(session)
    without_triggers(session)
    session.execute(sa.text("UPDATE journal_entry SET number = number + 10 WHERE number > 2"))
    session.add(
        JournalEntry(number=3, at=NOON, action="x", subject="y:1", facts={}, digest="made up")
    )
    session.commit()
    assert faults(session)[0] == 3


def test_facts_with_numbers_as_keys_stay_whole(session: Session):
    record(
        session,
        at=NOON.astimezone(timezone(timedelta(hours=5))),
        action="results.released",
        subject="engagement:1",
        facts={"n": {2: 1.5, 10: "ä", 1: None}, "codes": ("M-01", "M-02")},
    )
    session.commit()
    assert faults(session) == []


def test_a_page_begins_after_the_last_entry_of_the_page_before(session: Session):
    write(session)
    first = entries_of(session, 1, limit=2)
    second = entries_of(session, 1, before=first[-1].number, limit=2)
    assert [entry.number for entry in [*first, *second]] == [5, 4, 3, 2]
    assert entries_of(session, 2) == []


def test_many_at_once_leave_one_unbroken_chain(engine: Engine):
    failures: list[BaseException] = []

    def decide() -> None:
        try:
            for _round in range(5):
                with Session(engine) as session:
                    record(session, at=NOON, action="x", subject="engagement:1")
                    session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=decide) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == 30
        assert faults(session) == []
