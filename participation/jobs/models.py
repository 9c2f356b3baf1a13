"""The table of work to be done later. It is the truth; a worker only reads it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from participation.foundation.orm import Base, one_of


class JobState(enum.Enum):
    """Where a job stands. A running job whose lease has ended is taken up again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """A piece of work, written in the transaction of what it follows from.

    `key` names the work: the same key twice is the same work and is stored once.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", name="lease"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.Index("ix_job_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[JobState] = mapped_column(one_of(JobState, "state"), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None]
