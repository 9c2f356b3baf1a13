"""Rows that only the machinery needs, and for how long.

Mail addresses, tokens and counters are forgotten by the rooms that keep them; here is what is
left of work that was done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.jobs.models import Job, JobState

# Longer than any planner looks back, so that no key is missed by which work is done once.
KEPT = timedelta(days=30)


def delete_done_jobs(session: Session, *, at: datetime) -> int:
    """Delete jobs a month after they were done; what failed stays to be looked at."""
    result = session.execute(
        sa.delete(Job).where(Job.state == JobState.DONE, Job.finished_at < at - KEPT)
    )
    return cast("sa.CursorResult[Any]", result).rowcount
