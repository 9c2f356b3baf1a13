"""The loop that does the jobs. Several may run at once, on one machine or many."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from participation.foundation import clock
from participation.jobs import operations
from participation.jobs.models import Job
from participation.jobs.registry import Registry

log = logging.getLogger(__name__)

OpenSession = Callable[[], AbstractContextManager[Session]]


def work(
    open_session: OpenSession, registry: Registry, *, stop: threading.Event, pause: float = 1.0
) -> None:
    """Do what is due until `stop` is set; sleep `pause` seconds when there is nothing."""
    while not stop.is_set():
        try:
            done = work_once(open_session, registry)
        except Exception:
            # A database that is away for a moment must not end the worker.
            log.exception("the worker could not reach its jobs")
            done = 0
        if not done:
            stop.wait(pause)


def work_once(open_session: OpenSession, registry: Registry) -> int:
    """Plan the regular work, do every job that is due now, and return how many were done."""
    with open_session() as session:
        for planner in registry.planners:
            planner(session, clock.now())
        session.commit()
    done = 0
    while _do_next(open_session, registry):
        done += 1
    return done


def _do_next(open_session: OpenSession, registry: Registry) -> bool:
    with open_session() as session:
        job = operations.claim(session, at=clock.now())
        if job is None:
            return False
        session.commit()
        job_id = job.id
        try:
            handler = registry.handlers[job.kind]
            handler(session, job.payload, clock.now())
            operations.finish(session, job, at=clock.now())
            session.commit()
        except Exception as failure:
            session.rollback()
            _note_failure(session, job_id, failure, clock.now())
    return True


def _note_failure(session: Session, job_id: int, failure: Exception, at: datetime) -> None:
    job = session.get_one(Job, job_id)
    # The message of an exception may quote personal data; its type is enough for the table.
    log.error("job %s (%s) failed: %s", job_id, job.kind, type(failure).__name__)
    operations.fail(session, job, at=at, failure=type(failure).__name__)
    session.commit()
