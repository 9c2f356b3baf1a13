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
from participation.ideas.grouping import TELLING_JOB
from participation.ideas.groups import group_seen
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.suggestions import compare
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.web.secrets import secret_key

COMPARING_JOB = "compare_ideas"
_AT_ONCE = 20


@registry.handles(COMPARING_JOB)
def compare_ideas(session: Session, payload: dict[str, Any], _at: datetime) -> None:
    """Store which ideas of a call seem to say the same."""
    call = session.get(IdeaCall, payload["call_id"])
    if call is not None:
        compare(session, call)


@registry.plans
def plan_comparing(session: Session, at: datetime) -> None:
    """Compare the ideas of a call when some came in, at most once an hour: it takes a while."""
    calls = session.execute(
        sa.select(IdeaCall.id)
        .where(IdeaCall.last_number > IdeaCall.compared_number)
        .order_by(IdeaCall.id)
        .limit(_AT_ONCE)
    )
    for (call_id,) in calls:
        enqueue(
            session,
            kind=COMPARING_JOB,
            key=f"{COMPARING_JOB}:{call_id}:{at:%Y%m%d%H}",
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
