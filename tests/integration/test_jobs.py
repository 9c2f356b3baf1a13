"""The job table: each piece of work once in effect."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.foundation import clock
from participation.jobs.models import Job, JobState
from participation.jobs.operations import (
    ATTEMPTS,
    LEASE,
    LeaseLost,
    cancel,
    claim,
    enqueue,
    fail,
    finish,
    renew,
)
from participation.jobs.registry import Registry
from participation.jobs.worker import OpenSession, work_once
from participation.web.models import RateCount
from tests.conftest import NOON


def queue(session: Session, key: str = "one", **more: Any) -> bool:
    values: dict[str, Any] = {"kind": "note", "due_at": NOON, "payload": {"key": key}} | more
    queued = enqueue(session, key=key, **values)
    session.commit()
    return queued


def sessions_of(engine: Engine) -> OpenSession:
    @contextmanager
    def open_session() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    return open_session


def only_job(session: Session) -> Job:
    session.expire_all()
    return session.scalars(sa.select(Job)).one()


def test_the_same_work_is_queued_once(session: Session):
    assert queue(session)
    assert not queue(session)
    assert session.scalar(sa.select(sa.func.count(Job.id))) == 1


def test_work_waits_until_it_is_due_and_the_oldest_comes_first(session: Session):
    queue(session, "later", due_at=NOON + timedelta(hours=1))
    queue(session, "second", due_at=NOON - timedelta(minutes=1))
    queue(session, "first", due_at=NOON - timedelta(hours=1))
    taken = [claim(session, at=NOON) for _number in range(3)]
    assert [job.key if job else None for job in taken] == ["first", "second", None]


def test_what_runs_is_not_taken_up_again_before_its_lease_ends(session: Session):
    queue(session)
    first = claim(session, at=NOON)
    assert first is not None
    assert claim(session, at=NOON + LEASE) is None
    renew(session, job_id=first.id, attempt=1, at=NOON + LEASE)
    assert claim(session, at=NOON + LEASE + LEASE / 2) is None
    again = claim(session, at=NOON + 3 * LEASE)
    assert again is not None
    assert again.attempts == 2


def test_only_the_attempt_that_holds_the_lease_can_finish(session: Session):
    queue(session)
    slow = claim(session, at=NOON)
    assert slow is not None
    job_id = slow.id
    assert claim(session, at=NOON + 2 * LEASE) is not None
    with pytest.raises(LeaseLost):
        finish(session, job_id=job_id, attempt=1, at=NOON)
    finish(session, job_id=job_id, attempt=2, at=NOON)
    assert only_job(session).state is JobState.DONE


def test_done_work_forgets_what_it_was_about(session: Session):
    queue(session, payload={"email": "mara@example.org"})
    job = claim(session, at=NOON)
    assert job is not None
    finish(session, job_id=job.id, attempt=1, at=NOON)
    assert only_job(session).payload == {}


def test_a_failure_is_tried_again_later_each_time_waiting_longer(session: Session):
    queue(session)
    at, waits = NOON, []
    for attempt in range(1, ATTEMPTS + 1):
        job = claim(session, at=at)
        assert job is not None
        fail(session, job_id=job.id, attempt=attempt, at=at, failure="OSError")
        waits.append(only_job(session).due_at - at)
        at = only_job(session).due_at
    assert waits[:-1] == sorted(waits[:-1])
    assert only_job(session).state is JobState.FAILED
    assert claim(session, at=at + timedelta(days=30)) is None


def test_work_that_kills_its_worker_every_time_is_given_up(session: Session):
    queue(session)
    at = NOON
    for _attempt in range(ATTEMPTS):
        assert claim(session, at=at) is not None
        at += 2 * LEASE
    assert claim(session, at=at) is None
    assert only_job(session).state is JobState.FAILED


def test_queued_work_can_be_taken_back_and_running_work_cannot(session: Session):
    queue(session)
    claim(session, at=NOON)
    cancel(session, key="one")
    assert only_job(session).state is JobState.RUNNING
    queue(session, "two")
    cancel(session, key="two")
    assert only_job(session).key == "one"


def test_what_failing_work_wrote_is_rolled_back(engine: Engine, noon: datetime):
    registry = Registry()

    @registry.handles("note")
    def write_and_fail(session: Session, payload: dict[str, Any], at: datetime) -> None:
        session.add(RateCount(key="half", hits=1, expires_at=0))
        session.flush()
        raise RuntimeError("mara@example.org is broken")

    with Session(engine) as session:
        queue(session)
    assert work_once(sessions_of(engine), registry) == 1
    with Session(engine) as session:
        assert session.get(RateCount, "half") is None
        job = only_job(session)
        assert (job.state, job.attempts) == (JobState.QUEUED, 1)
        # The message of the error may quote a person.
        assert job.failure == "RuntimeError"


def test_work_done_by_a_worker_that_lost_its_lease_is_rolled_back(engine: Engine):
    """The worker stood still for too long; another one has finished the job meanwhile."""
    registry = Registry()

    @registry.handles("note")
    def overtaken(session: Session, payload: dict[str, Any], at: datetime) -> None:
        session.commit()
        with Session(engine) as other:
            job = claim(other, at=at + 2 * LEASE)
            assert job is not None
            finish(other, job_id=job.id, attempt=job.attempts, at=at)
            other.commit()
        session.add(RateCount(key="twice", hits=1, expires_at=0))

    with Session(engine) as session:
        queue(session)
    with clock.standing_at(NOON):
        work_once(sessions_of(engine), registry)
    with Session(engine) as session:
        assert session.get(RateCount, "twice") is None
        assert only_job(session).state is JobState.DONE


def test_planned_work_is_queued_once(engine: Engine, noon: datetime):
    registry, done = Registry(), []

    @registry.handles("nightly")
    def nightly(session: Session, payload: dict[str, Any], at: datetime) -> None:
        done.append(at)

    @registry.plans
    def plan(session: Session, at: datetime) -> None:
        enqueue(session, kind="nightly", key=f"nightly:{at.date()}", due_at=at, payload={})

    for _round in range(3):
        work_once(sessions_of(engine), registry)
    assert done == [noon]


def test_several_workers_do_each_job_once(engine: Engine):
    registry = Registry()

    @registry.handles("note")
    def note(session: Session, payload: dict[str, Any], at: datetime) -> None:
        session.add(RateCount(key=payload["key"], hits=1, expires_at=0))

    with Session(engine) as session:
        for number in range(40):
            enqueue(
                session, kind="note", key=str(number), due_at=NOON, payload={"key": str(number)}
            )
        session.commit()
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(work_once(sessions_of(engine), registry)))
        for _number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 40
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RateCount)) == 40
        assert {job.attempts for job in session.scalars(sa.select(Job))} == {1}
