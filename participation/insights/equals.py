"""What is said of one idea of a group is said of all: a finding that cites it cites the group."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from participation.ideas.models import Idea
from participation.insights.models import Evidence

_ideas = Idea.__table__


def with_their_equals(cited: sa.Select[uuid.UUID | None]) -> sa.CompoundSelect[uuid.UUID | None]:
    """Return contributions together with the ideas of the groups that they are in."""
    one, equal = aliased(_ideas), aliased(_ideas)
    wanted = cited.subquery()
    return cited.union_all(
        sa.select(equal.c.id)
        .select_from(wanted)
        .join(one, one.c.id == wanted.c[0])
        .join(equal, sa.and_(equal.c.group_id == one.c.group_id, equal.c.id != one.c.id))
    )


def citations(contribution_ids: Collection[uuid.UUID]) -> sa.Subquery:
    """Return which findings cite each of some contributions, or an idea that says the same."""
    one, equal = aliased(_ideas), aliased(_ideas)
    own = sa.select(Evidence.contribution_id, Evidence.finding_id).where(
        Evidence.contribution_id.in_(contribution_ids)
    )
    through_equal = (
        sa.select(one.c.id, Evidence.finding_id)
        .select_from(one)
        .join(equal, equal.c.group_id == one.c.group_id)
        .join(Evidence, Evidence.contribution_id == equal.c.id)
        .where(one.c.id.in_(contribution_ids))
    )
    return own.union(through_equal).subquery()
