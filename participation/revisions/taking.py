"""Take the open revision, check who works on it, and leave a row in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.foundation.errors import Conflict, Forbidden
from participation.insights.operations import lock_strategy
from participation.insights.queries import roles_of_actor
from participation.journal.operations import record
from participation.revisions import policy
from participation.revisions.models import Revision
from participation.strategy.models import Strategy


def take(session: Session, revision: Revision) -> None:
    """Let nobody else work on the strategy until the transaction ends, and read anew."""
    lock_strategy(session, revision.strategy_id)
    # Whatever was read before the lock may be old: the changes, their fields, their reasons.
    session.expire_all()
    if not policy.is_open(revision.status):
        raise Conflict("Diese Fortschreibung ist abgeschlossen.")


def check_lead(session: Session, strategy: Strategy, actor: Account | None) -> None:
    """Raise Forbidden unless the actor decides for the strategy team."""
    if not policy.may_lead(roles_of_actor(session, actor, strategy.municipality_id)):
        raise Forbidden("Das entscheidet das Strategie-Team.")


def check_drafter(session: Session, strategy: Strategy, actor: Account | None) -> None:
    """Raise Forbidden unless the actor may draft changes."""
    if not policy.may_draft(roles_of_actor(session, actor, strategy.municipality_id)):
        raise Forbidden("Änderungen entwirft das Strategie-Team.")


def note(
    session: Session,
    action: str,
    revision: Revision,
    actor: Account | None,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    """Leave a row about the revision in the journal."""
    record(
        session,
        at=at,
        action=action,
        subject=f"revision:{revision.id}",
        municipality_id=revision.strategy.municipality_id,
        actor_id=actor.id if actor else None,
        facts=facts,
    )
