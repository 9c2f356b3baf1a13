"""What an engagement needs before it is published, and which of its parts name an element.

The room of a kind that needs more, or has such parts, says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy.orm import Session

from participation.engagements.models import Engagement, EngagementKind

Kind = TypeVar("Kind", bound=Engagement)
Check = Callable[[Session, Kind], None]
# By the code of an element what names it, as staff know it: the codes of questions.
Uses = dict[str, list[str]]
Find = Callable[[Session, Kind, Collection[int]], Uses]

# These need nothing but the words of their plan, if no room says more. A kind that is neither
# here nor has said what it needs is not published at all.
_READY_AT_ONCE = frozenset({EngagementKind.IDEA_CALL, EngagementKind.COMMENT_ROUND})
_checks: dict[EngagementKind, Check[Engagement]] = {}
_finds: dict[EngagementKind, Find[Engagement]] = {}


def checks(kind: type[Kind]) -> Callable[[Check[Kind]], Check[Kind]]:
    """Register the decorated function: it raises Refused for what cannot be published yet."""

    def register(check: Check[Kind]) -> Check[Kind]:
        _checks[EngagementKind(kind.__mapper__.polymorphic_identity)] = check  # type: ignore[assignment]
        return check

    return register


def check_readiness(session: Session, engagement: Engagement) -> None:
    """Raise Refused if an engagement cannot be published yet."""
    if engagement.kind in _checks or engagement.kind not in _READY_AT_ONCE:
        _checks[engagement.kind](session, engagement)


def finds_uses(kind: type[Kind]) -> Callable[[Find[Kind]], Find[Kind]]:
    """Register the decorated function: it returns what names some of the elements."""

    def register(find: Find[Kind]) -> Find[Kind]:
        _finds[EngagementKind(kind.__mapper__.polymorphic_identity)] = find  # type: ignore[assignment]
        return find

    return register


def uses_of(session: Session, engagement: Engagement, element_ids: Collection[int]) -> Uses:
    """Return which parts of an engagement name some elements, by the code of the element."""
    find = _finds.get(engagement.kind)
    return find(session, engagement, element_ids) if find and element_ids else {}
