"""Once a day, delete what nobody needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from participation.foundation.clock import local_date
from participation.ideas.wordings import forget_replaced
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.maintenance.retention import delete_done_jobs

# Longer than any decision can be undone.
_UNDONE_WITHIN = timedelta(minutes=10)
_CLEANING_JOB = "delete_done_jobs"


@registry.handles(_CLEANING_JOB)
def clean(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Delete the jobs that were done long ago, and wordings that nobody relied on."""
    delete_done_jobs(session, at=at)
    forget_replaced(session, at=at - _UNDONE_WITHIN)


@registry.plans
def plan_cleaning(session: Session, at: datetime) -> None:
    """Clean once a day."""
    key = f"{_CLEANING_JOB}:{local_date(at)}"
    enqueue(session, kind=_CLEANING_JOB, key=key, due_at=at, payload={})
