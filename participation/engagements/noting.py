"""Note in the journal what is done with an engagement."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements.models import Engagement
from participation.journal.operations import record


def note_on(
    session: Session,
    action: str,
    engagement: Engagement,
    *,
    actor: Account | None,
    at: datetime,
    **facts: object,
) -> None:
    """Record an action at an engagement with its facts; without an actor, a command did it."""
    record(
        session,
        at=at,
        action=action,
        subject=f"engagement:{engagement.id}",
        municipality_id=engagement.municipality_id,
        actor_id=actor.id if actor else None,
        facts=facts,
    )
