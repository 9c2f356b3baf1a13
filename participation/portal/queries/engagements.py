"""Engagements as cards: what they are about and how many took part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.comments.queries import is_seed
from participation.contributions.models import Contribution, ContributionKind
from participation.contributions.queries import by_people, published
from participation.engagements.models import Engagement, EngagementState
from participation.engagements.policy import days_left, shown_participants
from participation.engagements.queries import NamedElement, named, title_order
from participation.foundation.kept_numbers import (
    counted_once_a_minute,
    is_counted_once_a_minute,
)
from participation.ideas.models import Idea
from participation.ideas.queries import MANY
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    StrategyVersion,
    VersionStatus,
)


@dataclass
class _Numbers:
    """How much was contributed to an engagement."""

    ideas: int = 0
    supports: int = 0
    comments: int = 0

    def are_many(self) -> bool:
        return max(self.ideas, self.comments) >= MANY


@dataclass(frozen=True)
class EngagementCard:
    """An engagement as it is shown in a list. `participants` is None below ten."""

    engagement: Engagement
    state: EngagementState
    days_left: int | None
    tags: tuple[str, ...]
    ideas: int
    supports: int
    comments: int
    participants: int | None

    @property
    def is_soon_over(self) -> bool:
        """Whether people should hurry: a week or less is left."""
        return self.days_left is not None and self.days_left <= 7


@dataclass(frozen=True)
class Origin:
    """Where an engagement's imported contributions were said first."""

    addresses: tuple[str, ...]
    contributions: int


def origin_of(session: Session, engagement_id: int) -> Origin | None:
    """Return where imported contributions came from; None if nothing names a source.

    If each names an address of its own, what these begin with stands for all of them.
    """
    find = partial(_find_origin, session, engagement_id)
    if is_counted_once_a_minute(session, _key(engagement_id)):
        return counted_once_a_minute(session, ("origin", engagement_id), find)
    return find()


def _find_origin(session: Session, engagement_id: int) -> Origin | None:
    first, last, number = session.execute(
        sa.select(
            sa.func.min(Contribution.source_url),
            sa.func.max(Contribution.source_url),
            sa.func.count(),
        ).where(
            Contribution.engagement_id == engagement_id,
            Contribution.source_url != "",
            published(),
        )
    ).one()
    if not number:
        return None
    if first == last:
        return Origin((first,), number)
    homes = {f"{it.scheme}://{it.netloc}/": None for it in (urlsplit(first), urlsplit(last))}
    return Origin(tuple(homes), number)


def cards_of(
    session: Session, engagements: Sequence[Engagement], at: datetime
) -> list[EngagementCard]:
    """Return engagements as cards, in two queries whatever their number."""
    tags = _fields_of(session, engagements, at)
    numbers = _contributions_to(session, [engagement.id for engagement in engagements])
    return [
        EngagementCard(
            engagement=engagement,
            state=engagement.state_at(at),
            days_left=days_left(engagement, at=at),
            tags=tags[engagement.id],
            ideas=numbers[engagement.id].ideas,
            supports=numbers[engagement.id].supports,
            comments=numbers[engagement.id].comments,
            participants=shown_participants(engagement.participants),
        )
        for engagement in engagements
    ]


def shown_elements(session: Session, engagement: Engagement, at: datetime) -> list[NamedElement]:
    """Return what an engagement is about, as far as it is public.

    Opening makes code and title of draft elements public; before, only what was adopted is.
    """
    elements = list(engagement.elements)
    if engagement.state_at(at) is EngagementState.PLANNED:
        adopted = set(
            session.scalars(
                sa.select(ElementWording.element_id)
                .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
                .where(
                    ElementWording.element_id.in_(element.id for element in elements),
                    StrategyVersion.status != VersionStatus.DRAFT,
                )
            )
        )
        elements = [element for element in elements if element.id in adopted]
    names = named(session, elements)
    return [names[element.id] for element in elements]


def _fields_of(
    session: Session, engagements: Iterable[Engagement], at: datetime
) -> dict[int, tuple[str, ...]]:
    """The action fields that an engagement touches; an element without one stands for itself."""
    opened = [item for item in engagements if item.opens_at <= at]
    ids = {element.id for engagement in opened for element in engagement.elements}
    field = aliased(ElementWording)
    rows = (
        session.execute(
            sa.select(ElementWording.element_id, Element.kind, ElementWording.title, field.title)
            .join(Element, Element.id == ElementWording.element_id)
            .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
            .outerjoin(
                field,
                sa.and_(
                    field.version_id == ElementWording.version_id,
                    field.element_id == ElementWording.field_id,
                    # Of a draft only what the engagement is about is public, not its field.
                    sa.or_(
                        StrategyVersion.status != VersionStatus.DRAFT, field.element_id.in_(ids)
                    ),
                ),
            )
            .where(ElementWording.element_id.in_(ids))
            .order_by(title_order().desc(), StrategyVersion.id)
        ).all()
        if ids
        else []
    )
    names = {
        element_id: title if kind is ElementKind.ACTION_FIELD else in_field or title
        for element_id, kind, title, in_field in rows
    }
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for engagement in opened:
        tags = (names[item.id] for item in engagement.elements if item.id in names)
        found[engagement.id] = tuple(dict.fromkeys(tags))
    return found


def _contributions_to(session: Session, engagement_ids: Sequence[int]) -> dict[int, _Numbers]:
    large = {id_ for id_ in engagement_ids if is_counted_once_a_minute(session, _key(id_))}
    found = _count(session, [id_ for id_ in engagement_ids if id_ not in large])
    for id_, numbers in found.items():
        if numbers.are_many():
            counted_once_a_minute(session, _key(id_), partial(dict, {id_: numbers}))
    for id_ in large:
        found |= counted_once_a_minute(session, _key(id_), partial(_count, session, [id_]))
    return found


def _key(engagement_id: int) -> tuple[str, int]:
    return "contributions", engagement_id


def _count(session: Session, engagement_ids: Sequence[int]) -> dict[int, _Numbers]:
    found = {id_: _Numbers() for id_ in engagement_ids}
    if not engagement_ids:
        return found
    rows = session.execute(
        sa.select(
            Contribution.engagement_id,
            Contribution.kind,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Idea.__table__.c.people), 0),
        )
        .outerjoin(Idea.__table__, Idea.__table__.c.id == Contribution.id)
        .where(
            Contribution.engagement_id.in_(engagement_ids),
            published(),
            by_people(),
            ~is_seed(),
            # Of a group of equal ideas the one that stands for it counts for all.
            sa.func.coalesce(Idea.__table__.c.is_listed, sa.true()),
        )
        .group_by(Contribution.engagement_id, Contribution.kind)
    )
    for engagement_id, kind, count, supports in rows:
        numbers = found[engagement_id]
        if kind is ContributionKind.IDEA:
            numbers.ideas, numbers.supports = count, int(supports)
        elif kind is ContributionKind.COMMENT:
            numbers.comments = count
    return found
