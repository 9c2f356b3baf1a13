"""Where an import goes: a new, closed engagement, or one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.accounts.queries import missing_duty_texts
from participation.engagements.models import Engagement
from participation.engagements.operations import publish_engagement
from participation.engagements.plans import EngagementPlan
from participation.foundation.errors import NotFound, Refused
from participation.strategy.models import Element
from participation.strategy.queries import find_strategy, get_element

Kind = TypeVar("Kind", bound=Engagement)


def elements_named(
    session: Session, municipality: Municipality, codes: Sequence[str]
) -> tuple[Element, ...]:
    """Return the elements of the municipality's strategy by their codes. Raises NotFound."""
    if not codes:
        return ()
    strategy = find_strategy(session, municipality.id)
    if strategy is None:
        raise NotFound(f"{municipality.name} has no strategy yet, so there is no {codes[0]}")
    return tuple(get_element(session, strategy.id, code) for code in codes)


def closed_plan(
    title: str,
    elements: Sequence[Element],
    *,
    at: datetime,
    began: datetime | None = None,
    ended: datetime | None = None,
) -> EngagementPlan:
    """Return the plan of an engagement that is over; without dates it ended just now."""
    closes_at = min(ended or at, at)
    opens_at = min(began or closes_at - timedelta(days=1), closes_at - timedelta(seconds=1))
    return EngagementPlan(
        title=title, opens_at=opens_at, closes_at=closes_at, elements=tuple(elements)
    )


def publish_if_allowed(session: Session, engagement: Engagement, *, at: datetime) -> bool:
    """Publish an imported engagement; while a duty text is missing it stays a draft."""
    if missing_duty_texts(session, engagement.municipality_id):
        return False
    publish_engagement(session, engagement=engagement, actor=None, at=at)
    return True


def find_target(session: Session, kind: type[Kind], slug: str, municipality: str | None) -> Kind:
    """Return the engagement that an import fills.

    Without a municipality the slug must be the only one of its name. Raises NotFound, and
    Refused for an engagement of another kind.
    """
    wanted = sa.select(Engagement).where(Engagement.slug == slug)
    if municipality is not None:
        wanted = wanted.join(Municipality).where(Municipality.slug == municipality)
    found = session.scalars(wanted.limit(2)).all()
    if not found:
        raise NotFound(f"there is no engagement “{slug}”")
    if len(found) > 1:
        raise Refused(f"several municipalities have an engagement “{slug}”; name one of them")
    if not isinstance(found[0], kind):
        raise Refused(f"“{slug}” is a {found[0].kind.value}")
    return found[0]
