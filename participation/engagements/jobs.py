"""Mail that asks for confirmation, and forgetting addresses that nobody confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.engagements import operations
from participation.foundation.clock import local_date
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.web.secrets import secret_key


@registry.handles(operations.CONFIRMATION_JOB)
def write_confirmation(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write the mail. The key that its token needs is known here and not to the operation."""
    operations.write_confirmation(
        session, subscription_id=payload["subscription_id"], key=secret_key(), at=at
    )


@registry.handles(operations.FORGETTING_JOB)
def forget_unconfirmed(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Delete the addresses that nobody confirmed in time."""
    operations.forget_unconfirmed(session, at=at)


@registry.plans
def plan_forgetting(session: Session, at: datetime) -> None:
    """Forget once a day."""
    enqueue(
        session,
        kind=operations.FORGETTING_JOB,
        key=f"{operations.FORGETTING_JOB}:{local_date(at)}",
        due_at=at,
        payload={},
    )
