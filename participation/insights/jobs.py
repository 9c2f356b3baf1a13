"""Release what has closed, and tell everybody who asked to hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.models import GRACE, Engagement, EngagementKind
from participation.engagements.telling import tell_subscribers
from participation.foundation.clock import local_date
from participation.foundation.errors import Conflict
from participation.insights.aggregation import ANNOUNCEMENT_JOB, aggregate, has_pending
from participation.insights.models import Aggregate
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.surveys.models import Survey
from participation.web.secrets import secret_key

RELEASE_JOB = "release_results"

# Slips of a survey have a deadline of their own. Letters and cards from workshops come as ideas and
# comments, and somebody has to enter them.
TIME_TO_ENTER = timedelta(days=3)
# What is still being moderated after this long is released by hand.
_LOOK_BACK = timedelta(days=60)
_AT_ONCE = 20


@registry.handles(RELEASE_JOB)
def release(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Make the final release of an engagement that has closed.

    While contributions wait for moderation it is put off to the next day; a survey's tables
    do not depend on them.
    """
    engagement = session.get(Engagement, payload["engagement_id"])
    if engagement is None:
        return
    if not isinstance(engagement, Survey) and has_pending(session, engagement.id):
        return
    try:
        aggregate(session, engagement=engagement, actor=None, at=at, final=True)
    except Conflict:
        # Somebody was quicker, or there is nothing to count.
        session.rollback()


@registry.handles(ANNOUNCEMENT_JOB)
def announce(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write to the subscribers of an engagement that its results are out."""
    engagement = session.get_one(Engagement, payload["engagement_id"])
    told = tell_subscribers(
        session,
        engagement=engagement,
        key=secret_key(),
        news=f"results:{engagement.id}",
        template="insights/results",
        payload={},
        at=at,
    )
    for _some in told:
        session.commit()


@registry.plans
def plan_releases(session: Session, at: datetime) -> None:
    """Release once a day what has closed and has no final release, until there is one.

    Ideas and comments wait for what staff has still to enter; by hand they are released earlier.
    """
    is_released = sa.exists().where(
        Aggregate.engagement_id == Engagement.id, Aggregate.final.is_(True)
    )
    closed = session.scalars(
        sa.select(Engagement.id)
        .where(
            Engagement.published_at.is_not(None),
            Engagement.closes_at
            <= sa.case(
                (Engagement.kind == EngagementKind.SURVEY, at - GRACE),
                else_=at - GRACE - TIME_TO_ENTER,
            ),
            Engagement.closes_at > at - GRACE - _LOOK_BACK,
            ~is_released,
        )
        .order_by(Engagement.closes_at)
        .limit(_AT_ONCE)
    )
    for engagement_id in closed:
        enqueue(
            session,
            kind=RELEASE_JOB,
            key=f"{RELEASE_JOB}:{engagement_id}:{local_date(at)}",
            due_at=at,
            payload={"engagement_id": engagement_id},
        )
