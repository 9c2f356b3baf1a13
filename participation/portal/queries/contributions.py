"""Published contributions in lists that go over all formats, and where each can be read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, with_polymorphic

from participation.comments.models import Comment
from participation.contributions.models import Contribution, ContributionElement
from participation.contributions.queries import published
from participation.engagements.models import EngagementKind
from participation.ideas.models import Idea
from participation.insights.models import Evidence

PAGE = 25


@dataclass(frozen=True)
class Readable:
    """A published contribution, and the idea on whose page it stands if it is a comment there."""

    contribution: Contribution
    idea_number: int | None = None


def contributions_about(
    session: Session,
    element_id: int,
    *,
    before: tuple[datetime, uuid.UUID] | None = None,
    limit: int = PAGE,
) -> list[Readable]:
    """Return what was published about an element, the newest first, one page after a place."""
    condition = sa.and_(
        ContributionElement.contribution_id == Contribution.id,
        ContributionElement.element_id == element_id,
    )
    return _readable(session, ContributionElement, condition, before, limit)


def contributions_cited(
    session: Session,
    finding_id: int,
    *,
    before: tuple[datetime, uuid.UUID] | None = None,
    limit: int = PAGE,
) -> list[Readable]:
    """Return the published contributions that a finding cites, one page after a place."""
    condition = sa.and_(
        Evidence.contribution_id == Contribution.id, Evidence.finding_id == finding_id
    )
    return _readable(session, Evidence, condition, before, limit)


def _readable(
    session: Session,
    linked: type[ContributionElement] | type[Evidence],
    condition: sa.ColumnElement[bool],
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Readable]:
    anything = with_polymorphic(Contribution, "*")
    query = sa.select(anything).join(linked, condition).where(published())
    if before is not None:
        query = query.where(
            sa.tuple_(Contribution.published_at, Contribution.id)
            < sa.tuple_(
                sa.literal(before[0], Contribution.published_at.type),
                sa.literal(before[1], Contribution.id.type),
            )
        )
    found = session.scalars(
        query.options(joinedload(anything.engagement))
        .order_by(Contribution.published_at.desc(), Contribution.id.desc())
        .limit(limit)
    ).all()
    numbers = ideas_commented(session, found)
    return [Readable(one, numbers.get(one.id)) for one in found]


def ideas_commented(
    session: Session, contributions: Sequence[Contribution]
) -> dict[uuid.UUID, int]:
    """Return the number of the idea that each comment hangs on, also through another comment."""
    in_calls = [
        one.id
        for one in contributions
        if isinstance(one, Comment) and one.engagement.kind is EngagementKind.IDEA_CALL
    ]
    if not in_calls:
        return {}
    own, idea = Comment.__table__, Idea.__table__
    above = own.alias("above")
    rows = session.execute(
        sa.select(own.c.id, idea.c.number)
        .select_from(own)
        .outerjoin(above, above.c.id == own.c.parent_id)
        .join(idea, sa.or_(idea.c.id == own.c.parent_id, idea.c.id == above.c.parent_id))
        .where(own.c.id.in_(in_calls))
    )
    return dict(rows.all())
