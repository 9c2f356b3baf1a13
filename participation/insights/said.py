"""How much was said: about elements of the strategy, and in a town as a whole.

Where very much was said it is counted once a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution, ContributionElement, ContributionKind
from participation.contributions.queries import by_people, published
from participation.engagements.models import Engagement
from participation.foundation.kept_numbers import counted_seldom_if_many
from participation.insights.models import AggregateElement, FindingElement
from participation.strategy.models import Element

# Counting 100,000 contributions takes a fifth of a second.
MANY = 10_000


def counts_about(session: Session, element_id: int) -> Mapping[ContributionKind, int]:
    """Return how many published contributions are about an element, by kind."""

    def count() -> dict[ContributionKind, int]:
        rows = session.execute(
            sa.select(Contribution.kind, sa.func.count())
            .join(ContributionElement, ContributionElement.contribution_id == Contribution.id)
            .where(ContributionElement.element_id == element_id, by_people(), published())
            .group_by(Contribution.kind)
        )
        return dict(rows.all())

    return counted_seldom_if_many(session, ("said about", element_id), count, _are_many)


def count_said(session: Session, municipality_id: int) -> int:
    """Return how many contributions of people the public can read in a town."""

    def count() -> int:
        return session.scalars(
            sa.select(sa.func.count(Contribution.id))
            .join(Contribution.engagement)
            .where(Engagement.municipality_id == municipality_id, by_people(), published())
        ).one()

    key = ("said in", municipality_id)
    return counted_seldom_if_many(session, key, count, lambda said: said >= MANY)


def element_counts(session: Session, strategy_id: int) -> dict[int, tuple[int, int, int]]:
    """Return for each element how many contributions, results and findings are about it."""
    said = _said_about_each(session, strategy_id)
    by_aggregate = (
        sa.select(sa.func.count())
        .where(AggregateElement.element_id == Element.id)
        .scalar_subquery()
    )
    by_finding = (
        sa.select(sa.func.count()).where(FindingElement.element_id == Element.id).scalar_subquery()
    )
    rows = session.execute(
        sa.select(Element.id, by_aggregate, by_finding).where(Element.strategy_id == strategy_id)
    )
    return {element_id: (said.get(element_id, 0), *others) for element_id, *others in rows}


def _said_about_each(session: Session, strategy_id: int) -> Mapping[int, int]:
    def count() -> dict[int, int]:
        rows = session.execute(
            sa.select(ContributionElement.element_id, sa.func.count())
            .join(Contribution, Contribution.id == ContributionElement.contribution_id)
            .join(Element, Element.id == ContributionElement.element_id)
            .where(Element.strategy_id == strategy_id, published())
            .group_by(ContributionElement.element_id)
        )
        return dict(rows.all())

    return counted_seldom_if_many(session, ("said about each", strategy_id), count, _are_many)


def _are_many(counts: Mapping[Any, int]) -> bool:
    return sum(counts.values()) >= MANY
