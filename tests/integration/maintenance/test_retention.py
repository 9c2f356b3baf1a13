"""What the machinery forgets by itself, and what it keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation import clock
from participation.jobs.models import Job, JobState
from participation.maintenance.retention import KEPT, delete_done_jobs
from participation.notifications.models import OutboxMessage
from participation.web.models import RateCount
from tests.conftest import NOON


def job(session: Session, key: str, state: JobState, at: datetime | None = None) -> None:
    """Store a job in a state; `at` is when it ended."""
    session.add(
        Job(
            kind="test",
            key=key,
            payload={},
            state=state,
            due_at=NOON - 3 * KEPT,
            leased_until=NOON if state is JobState.RUNNING else None,
            finished_at=at,
        )
    )
    session.flush()


def keys(session: Session) -> set[str]:
    return set(session.scalars(sa.select(Job.key)))


def test_a_job_is_forgotten_a_month_after_it_was_done(session):
    job(session, "old", JobState.DONE, NOON - KEPT - timedelta(seconds=1))
    job(session, "young", JobState.DONE, NOON - KEPT + timedelta(seconds=1))
    assert delete_done_jobs(session, at=NOON) == 1
    assert keys(session) == {"young"}


def test_what_waits_runs_or_failed_is_kept(session):
    job(session, "failed", JobState.FAILED, NOON - 2 * KEPT)
    job(session, "running", JobState.RUNNING)
    job(session, "waiting", JobState.QUEUED)
    assert delete_done_jobs(session, at=NOON) == 0
    assert keys(session) == {"failed", "running", "waiting"}


def test_the_worker_forgets_once_a_day(site):
    later = NOON + KEPT + timedelta(days=1)
    site.session.add_all(
        [
            RateCount(key="an address", hits=3, expires_at=NOON.timestamp()),
            OutboxMessage(
                key="news",
                address="canary@example.org",
                template="engagements/confirm",
                payload={"token": "canary-token"},
                written_at=NOON,
                sent_at=NOON,
            ),
        ]
    )
    job(site.session, "done", JobState.DONE, NOON)
    site.session.commit()
    with clock.standing_at(later):
        assert site.work() > 0
    site.session.expire_all()
    assert "done" not in keys(site.session)
    assert site.session.scalars(sa.select(RateCount)).all() == []
    mail = site.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key == "news")).one()
    assert (mail.address, mail.payload) == ("", {})
    left = site.session.scalar(
        sa.select(sa.func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.address.contains("canary"))
    )
    assert left == 0
    before = keys(site.session)
    site.session.commit()
    with clock.standing_at(later):
        site.work()
    site.session.expire_all()
    assert keys(site.session) == before
