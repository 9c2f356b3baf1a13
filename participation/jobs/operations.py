"""Queue work, take it up, and say how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.jobs.models import Job, JobState

# How long a worker that says nothing is taken for alive. It renews the lease of longer work.
LEASE = timedelta(seconds=60)
ATTEMPTS = 8


class LeaseLost(Exception):
    """Another worker has taken the job up meanwhile; what this one did must be rolled back."""


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
    """Take up the job that has waited longest, also one whose worker died; None if none is due.

    A job that took its worker down with it every time is given up.
    """
    waiting = sa.and_(Job.state == JobState.QUEUED, Job.due_at <= at)
    deserted = sa.and_(Job.state == JobState.RUNNING, Job.leased_until < at)
    session.execute(
        sa.update(Job)
        .where(deserted, Job.attempts >= ATTEMPTS)
        .values(
            state=JobState.FAILED,
            leased_until=None,
            finished_at=at,
            failure="the worker died in every attempt",
        )
    )
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


def renew(session: Session, *, job_id: int, attempt: int, at: datetime) -> None:
    """Say that the worker of an attempt is still alive."""
    session.execute(
        sa.update(Job).where(*_is_attempt(job_id, attempt)).values(leased_until=at + LEASE)
    )


def finish(session: Session, *, job_id: int, attempt: int, at: datetime) -> None:
    """Note, in the transaction of the work itself, that a job is done.

    What it was about need not be remembered, its key is enough. Raises LeaseLost.
    """
    done = session.execute(
        sa.update(Job)
        .where(*_is_attempt(job_id, attempt))
        .values(state=JobState.DONE, payload={}, leased_until=None, finished_at=at, failure=None)
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]
        raise LeaseLost


def fail(session: Session, *, job_id: int, attempt: int, at: datetime, failure: str) -> None:
    """Note that an attempt failed; try again later, each time waiting twice as long."""
    given_up = attempt >= ATTEMPTS
    session.execute(
        sa.update(Job)
        .where(*_is_attempt(job_id, attempt))
        .values(
            state=JobState.FAILED if given_up else JobState.QUEUED,
            leased_until=None,
            failure=failure[:500],
            finished_at=at if given_up else None,
            due_at=Job.due_at if given_up else at + timedelta(seconds=30 * 2**attempt),
        )
    )


def _is_attempt(job_id: int, attempt: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)
