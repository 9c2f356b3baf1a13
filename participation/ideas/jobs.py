"""Look for ideas that say the same, and tell authors that theirs stands in a group."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.contributions.queries import followers_of
from participation.engagements.telling import tell_subscriber
from participation.foundation.orm import only_reading
from participation.ideas.grouping import TELLING_JOB
from participation.ideas.groups import group_seen
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.queries import MANY
from participation.ideas.suggestions import compare, keep_compared
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.web.secrets import secret_key

COMPARING_JOB = "compare_ideas"
_AT_ONCE = 20


@registry.handles(COMPARING_JOB)
def compare_ideas(session: Session, payload: dict[str, Any], _at: datetime) -> None:
    """Store which ideas of a call seem to say the same."""
    call_id = payload["call_id"]
    # Comparing many ideas takes minutes, in which nobody may have to wait with theirs.
    with only_reading():
        compared = compare(session, call_id)
        session.rollback()
    if compared is not None:
        keep_compared(session, call_id, compared)


@registry.plans
def plan_comparing(session: Session, at: datetime) -> None:
    """Compare the ideas of a call when some came in, at most once an hour: it takes a while.

    Very many are compared once a day, because that takes minutes.
    """
    calls = session.execute(
        sa.select(IdeaCall.id, IdeaCall.last_number)
        .where(IdeaCall.last_number > IdeaCall.compared_number)
        .order_by(IdeaCall.id)
        .limit(_AT_ONCE)
    )
    for call_id, number in calls:
        turn = f"{at:%Y%m%d%H}" if number < MANY else f"{at:%Y%m%d}"
        enqueue(
            session,
            kind=COMPARING_JOB,
            key=f"{COMPARING_JOB}:{call_id}:{turn}",
            due_at=at,
            payload={"call_id": call_id},
        )


@registry.handles(TELLING_JOB)
def tell_grouping(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Tell who follows an idea that it stands with equal ones, or by itself again."""
    idea = session.get(Idea, uuid.UUID(payload["idea_id"]))
    if idea is None or idea.status is not ContributionStatus.PUBLISHED:
        return
    group_id, group = payload["group_id"], group_seen(session, idea)
    is_grouped = idea.group_id == group_id
    if is_grouped and group is None:
        return
    for subscription in followers_of(session, idea.id):
        tell_subscriber(
            session,
            subscription=subscription,
            key=secret_key(),
            news=f"{'grouped' if is_grouped else 'ungrouped'}:{idea.id}:{group_id}",
            template="ideas/grouped" if is_grouped else "ideas/ungrouped",
            payload={
                "engagement": idea.engagement.title,
                "number": idea.number,
                "slug": idea.engagement.slug,
                "others": [one.number for one in group.without(idea.id)] if group else [],
            },
            at=at,
        )
