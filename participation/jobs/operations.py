"""Queue work, take it up, and say how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.jobs.models import Job, JobState

LEASE = timedelta(minutes=5)
ATTEMPTS = 8


def enqueue(
    session: Session, *, kind: str, key: str, due_at: datetime, payload: dict[str, Any]
) -> bool:
    """Queue work once; return False if work of this key was queued before."""
    known = session.scalar(sa.select(Job.id).where(Job.key == key))
    if known is not None:
        return False
    job = Job(kind=kind, key=key, payload=payload, due_at=due_at)
    try:
        with session.begin_nested():
            session.add(job)
    except sa.exc.IntegrityError:
        return False
    return True


def cancel(session: Session, *, key: str) -> None:
    """Take back work that has not begun; what runs or is done stays."""
    session.execute(sa.delete(Job).where(Job.key == key, Job.state == JobState.QUEUED))


def claim(session: Session, *, at: datetime) -> Job | None:
    """Take up the job that has waited longest, also one whose worker died; None if none is due."""
    waiting = sa.and_(Job.state == JobState.QUEUED, Job.due_at <= at)
    deserted = sa.and_(Job.state == JobState.RUNNING, Job.leased_until < at)
    job = session.scalars(
        sa.select(Job)
        .where(sa.or_(waiting, deserted))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is None:
        return None
    job.state = JobState.RUNNING
    job.leased_until = at + LEASE
    job.attempts += 1
    session.flush()
    return job


def finish(session: Session, job: Job, *, at: datetime) -> None:
    """Note that a job is done."""
    job.state = JobState.DONE
    job.leased_until = None
    job.finished_at = at
    job.failure = None
    session.flush()


def fail(session: Session, job: Job, *, at: datetime, failure: str) -> None:
    """Note that an attempt failed; try again later, each time waiting twice as long."""
    job.leased_until = None
    job.failure = failure[:500]
    if job.attempts >= ATTEMPTS:
        job.state = JobState.FAILED
        job.finished_at = at
    else:
        job.state = JobState.QUEUED
        job.due_at = at + timedelta(seconds=30 * 2**job.attempts)
    session.flush()
