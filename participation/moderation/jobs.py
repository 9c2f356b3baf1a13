"""Tell authors what was decided, once a decision can no longer be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.jobs.registry import registry
from participation.moderation import operations, reports
from participation.web.secrets import secret_key


@registry.handles(operations.TELLING_JOB)
def tell_author(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write the mails about one decision."""
    operations.tell_author(session, decision_id=payload["decision_id"], key=secret_key(), at=at)


@registry.handles(reports.FORGETTING_JOB)
def forget_reports(session: Session, payload: dict[str, Any], _at: datetime) -> None:
    """Delete the reports that one decision has settled."""
    reports.forget_settled(session, payload["decision_id"])
