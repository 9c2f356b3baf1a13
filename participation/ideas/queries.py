"""What is read about ideas: their numbers, and one of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.contributions.models import (
    Contribution,
    ContributionElement,
    ContributionKind,
)
from participation.contributions.queries import published
from participation.engagements.queries import NamedElement, titled
from participation.foundation.errors import NotFound
from participation.foundation.kept_numbers import counted_once_a_minute
from participation.ideas.models import Idea, IdeaCall, Support

# From this number on the ideas of a call are counted once a minute; it takes a second among
# 100,000 of them.
MANY = 10_000


@dataclass(frozen=True)
class CallNumbers:
    """How many ideas of a call are published, equal ones as one, and how many supports they have.

    Within a group of equal ideas each person counts once.
    """

    ideas: int
    supports: int


def call_numbers(session: Session, call_ids: Collection[int]) -> dict[int, CallNumbers]:
    """Return the numbers of calls by their id, in one query."""
    if not call_ids:
        return {}
    rows = session.execute(
        sa.select(Idea.idea_call_id, sa.func.count(), sa.func.coalesce(sa.func.sum(Idea.people), 0))
        .where(Idea.idea_call_id.in_(call_ids), published(), Idea.is_listed)
        .group_by(Idea.idea_call_id)
    )
    found = {call_id: CallNumbers(ideas, int(supports)) for call_id, ideas, supports in rows}
    return {call_id: found.get(call_id, CallNumbers(0, 0)) for call_id in call_ids}


def call_totals(session: Session, call_id: int) -> tuple[CallNumbers, dict[int, int]]:
    """Return the numbers of a call, and how many of its ideas are about each element, by id."""
    numbers, by_element, _counts = _count_all(session, call_id, ())
    return numbers, by_element


def totals_and_counts(
    session: Session, call: IdeaCall, rows_to_count: Sequence[sa.Subquery]
) -> tuple[CallNumbers, dict[int, int], list[int]]:
    """Return the totals of a call and the numbers of other rows, in one query.

    The totals of a call with many ideas are up to a minute old.
    """
    if call.last_number < MANY:
        return _count_all(session, call.id, rows_to_count)
    numbers, by_element = counted_once_a_minute(
        session, ("totals", call.id), lambda: call_totals(session, call.id)
    )
    if not rows_to_count:
        return numbers, by_element, []
    counts = sa.select(
        *(sa.select(sa.func.count()).select_from(few).scalar_subquery() for few in rows_to_count)
    )
    return numbers, by_element, list(session.execute(counts).one())


def _count_all(
    session: Session, call_id: int, rows_to_count: Sequence[sa.Subquery]
) -> tuple[CallNumbers, dict[int, int], list[int]]:
    no_element = sa.literal(None, ContributionElement.element_id.type).label("element_id")
    whole = sa.select(
        no_element,
        sa.func.count().label("ideas"),
        sa.func.coalesce(sa.func.sum(Idea.people), 0).label("supports"),
    ).where(Idea.idea_call_id == call_id, published(), Idea.is_listed)
    ideas = Idea.__table__
    alone = sa.func.sum(sa.case((ideas.c.group_id.is_(None), 1), else_=0))
    by_element = (
        sa.select(
            ContributionElement.element_id,
            alone + sa.func.count(ideas.c.group_id.distinct()),
            sa.literal(0),
        )
        .join(Contribution, Contribution.id == ContributionElement.contribution_id)
        .join(ideas, ideas.c.id == Contribution.id)
        .where(Contribution.engagement_id == call_id, published())
        .where(Contribution.kind == ContributionKind.IDEA)
        .group_by(ContributionElement.element_id)
    )
    # No element has a number below zero.
    others = [
        sa.select(sa.literal(-place), sa.func.count(), sa.literal(0)).select_from(few)
        for place, few in enumerate(rows_to_count, start=1)
    ]
    rows = session.execute(sa.union_all(whole, by_element, *others)).all()
    numbers = next(CallNumbers(row.ideas, int(row.supports)) for row in rows if not row.element_id)
    counts = {row.element_id: row.ideas for row in rows if row.element_id}
    asked = [counts.pop(-place) for place in range(1, len(others) + 1)]
    return numbers, counts, asked


def get_published_idea(session: Session, call_id: int, number: int) -> Idea:
    """Return a published idea of a call. Raises NotFound for all others alike."""
    found = session.scalars(
        sa.select(Idea).where(Idea.idea_call_id == call_id, Idea.number == number, published())
    ).first()
    if found is None:
        raise NotFound("there is no such idea")
    return found


def find_own(session: Session, call_id: int, number: int, account_id: int) -> Idea | None:
    """Return an idea of a call, in whatever state, that somebody has written signed in."""
    return session.scalars(
        sa.select(Idea).where(
            Idea.idea_call_id == call_id, Idea.number == number, Idea.author_id == account_id
        )
    ).first()


def find_shown(
    session: Session, municipality_id: int, slug: str, number: int, *, with_place: bool = False
) -> tuple[IdeaCall, Idea]:
    """Return a published idea with its call. Raises NotFound for all others alike.

    With its place it can only be read: PostgreSQL locks no row that may be missing.
    """
    found = None
    if slug.isprintable():
        found = session.execute(
            sa.select(IdeaCall, Idea)
            .join(Idea, Idea.idea_call_id == IdeaCall.id)
            .where(
                IdeaCall.municipality_id == municipality_id,
                IdeaCall.slug == slug,
                IdeaCall.published_at.is_not(None),
                Idea.number == number,
                published(),
            )
            .options(*([joinedload(Idea.place)] if with_place else []))
        ).first()
    if found is None:
        raise NotFound("there is no such idea")
    call, idea = found
    return call, idea


def elements_of(session: Session, idea_id: uuid.UUID) -> list[NamedElement]:
    """Return what an idea is about, with current titles."""
    return titled(
        session,
        sa.select(ContributionElement.element_id).where(
            ContributionElement.contribution_id == idea_id
        ),
    )


def supported_by(
    session: Session, idea_ids: Collection[uuid.UUID], supporter: str
) -> frozenset[uuid.UUID]:
    """Return which of the ideas somebody supports."""
    if not idea_ids:
        return frozenset()
    return frozenset(
        session.scalars(
            sa.select(Support.idea_id).where(
                Support.idea_id.in_(idea_ids), Support.supporter == supporter
            )
        )
    )


def imported_sources(session: Session, call_id: int) -> frozenset[str]:
    """Return where the ideas of a call were taken from, so that none is taken twice."""
    return frozenset(
        session.scalars(
            sa.select(Contribution.source).where(
                Contribution.engagement_id == call_id, Contribution.source != ""
            )
        )
    )


def get_idea(session: Session, call_id: int, number: int) -> Idea:
    """Return an idea of a call in whatever state, for staff. Raises NotFound."""
    found = session.scalars(
        sa.select(Idea).where(Idea.idea_call_id == call_id, Idea.number == number)
    ).first()
    if found is None:
        raise NotFound("there is no such idea")
    return found


def ideas_numbered(session: Session, call_id: int, numbers: Collection[int]) -> Sequence[Idea]:
    """Return some ideas of a call in whatever state, for staff, by their numbers."""
    return session.scalars(
        sa.select(Idea)
        .where(Idea.idea_call_id == call_id, Idea.number.in_(numbers))
        .order_by(Idea.number)
    ).all()
