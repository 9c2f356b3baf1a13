"""Once a day, delete what nobody needs any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.foundation.clock import local_date
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.maintenance.retention import delete_done_jobs

_CLEANING_JOB = "delete_done_jobs"


@registry.handles(_CLEANING_JOB)
def clean(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Delete the jobs that were done long ago."""
    delete_done_jobs(session, at=at)


@registry.plans
def plan_cleaning(session: Session, at: datetime) -> None:
    """Clean once a day."""
    key = f"{_CLEANING_JOB}:{local_date(at)}"
    enqueue(session, kind=_CLEANING_JOB, key=key, due_at=at, payload={})
