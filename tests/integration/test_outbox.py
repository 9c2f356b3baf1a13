"""The outbox: each piece of news once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.jobs.models import Job
from participation.notifications.models import OutboxMessage
from participation.notifications.operations import forget_addresses, post, retract
from tests.conftest import NOON


def news(session: Session, key: str = "adopted:1:mara", **more: Any) -> OutboxMessage | None:
    values: dict[str, Any] = {
        "municipality_id": None,
        "address": "mara@example.org",
        "template": "accounts/reset",
        "payload": {"token": "t"},
        "at": NOON,
    } | more
    return post(session, key=key, **values)


def count(session: Session, table: type[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_same_news_is_written_once(session: Session):
    assert news(session) is not None
    assert news(session) is None
    session.commit()
    assert (count(session, OutboxMessage), count(session, Job)) == (1, 1)


def test_nothing_is_left_of_news_whose_cause_is_rolled_back(session: Session):
    news(session)
    session.rollback()
    assert (count(session, OutboxMessage), count(session, Job)) == (0, 0)


def test_two_who_write_the_same_news_at_once_write_it_once_and_both_go_on(engine: Engine):
    barrier, failures = threading.Barrier(6), []

    def write() -> None:
        try:
            with Session(engine) as session:
                barrier.wait()
                news(session)
                session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Session(engine) as session:
        assert (count(session, OutboxMessage), count(session, Job)) == (1, 1)


def test_unsent_news_can_be_taken_back(session: Session):
    news(session)
    retract(session, key="adopted:1:mara")
    session.commit()
    assert (count(session, OutboxMessage), count(session, Job)) == (0, 0)


def test_a_month_after_it_was_sent_nobody_knows_whom_a_mail_went_to(session: Session):
    old, fresh, unsent = (news(session, key=key) for key in ("old", "fresh", "unsent"))
    assert old is not None
    assert fresh is not None
    assert unsent is not None
    old.sent_at, fresh.sent_at = NOON - timedelta(days=31), NOON - timedelta(days=29)
    session.flush()
    forget_addresses(session, at=NOON)
    session.commit()
    assert (old.address, old.payload) == ("", {})
    assert fresh.address == unsent.address == "mara@example.org"
    assert news(session, key="old") is None
