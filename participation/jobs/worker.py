"""The loop that does the jobs. Several may run at once, on one machine or many."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy.orm import Session

from participation.foundation import clock
from participation.jobs import operations
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
            session.commit()
            return False
        job_id, kind, attempt, payload = job.id, job.kind, job.attempts, job.payload
        session.commit()
        try:
            with _kept_alive(open_session, job_id, attempt):
                registry.handlers[kind](session, payload, clock.now())
            operations.finish(session, job_id=job_id, attempt=attempt, at=clock.now())
            session.commit()
        except operations.LeaseLost:
            session.rollback()
            log.warning("job %s was taken up by another worker meanwhile", job_id)
        except Exception as failure:
            session.rollback()
            # The message of an exception may quote personal data; its type is enough.
            name = type(failure).__name__
            log.error("job %s (%s) failed: %s", job_id, kind, name)
            operations.fail(session, job_id=job_id, attempt=attempt, at=clock.now(), failure=name)
            session.commit()
    return True


@contextmanager
def _kept_alive(open_session: OpenSession, job_id: int, attempt: int) -> Iterator[None]:
    """Renew the lease while the work goes on, however long it takes."""
    done = threading.Event()
    heart = threading.Thread(
        target=_beat, args=(open_session, job_id, attempt, done), name="lease", daemon=True
    )
    heart.start()
    try:
        yield
    finally:
        done.set()


def _beat(open_session: OpenSession, job_id: int, attempt: int, done: threading.Event) -> None:
    while not done.wait(operations.LEASE.total_seconds() / 3):
        try:
            with open_session() as session:
                operations.renew(session, job_id=job_id, attempt=attempt, at=clock.now())
                session.commit()
        except Exception:
            # Where the work itself holds SQLite's lock, nobody else can take the job up either.
            log.info("the lease of job %s could not be renewed this time", job_id)
