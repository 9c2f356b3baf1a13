"""What an engagement needs before it is published; the room of a kind that needs more says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from participation.engagements.models import Engagement, EngagementKind

Kind = TypeVar("Kind", bound=Engagement)
Check = Callable[[Session, Kind], None]

# These need nothing but the words of their plan. A kind that is neither here nor has said what
# it needs is not published at all.
_READY_AT_ONCE = frozenset({EngagementKind.IDEA_CALL, EngagementKind.COMMENT_ROUND})
_checks: dict[EngagementKind, Check[Engagement]] = {}


def checks(kind: type[Kind]) -> Callable[[Check[Kind]], Check[Kind]]:
    """Register the decorated function: it raises Refused for what cannot be published yet."""

    def register(check: Check[Kind]) -> Check[Kind]:
        _checks[EngagementKind(kind.__mapper__.polymorphic_identity)] = check  # type: ignore[assignment]
        return check

    return register


def check_readiness(session: Session, engagement: Engagement) -> None:
    """Raise Refused if an engagement cannot be published yet."""
    if engagement.kind not in _READY_AT_ONCE:
        _checks[engagement.kind](session, engagement)
