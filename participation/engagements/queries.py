"""What is read about engagements and who wants to hear of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, overload

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from participation.accounts.models import Municipality
from participation.engagements.marks import read_mailbox_token, read_subscription_token
from participation.engagements.models import (
    Engagement,
    EngagementElement,
    EngagementState,
    Extension,
    ParticipationMark,
    Subscription,
)
from participation.foundation.errors import NotFound, Refused
from participation.strategy.models import (
    Element,
    ElementWording,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.queries import by_kind

Kind = TypeVar("Kind", bound=Engagement)

MANY = 50


@overload
def get_engagement(session: Session, municipality_id: int, slug: str) -> Engagement: ...
@overload
def get_engagement(
    session: Session, municipality_id: int, slug: str, *, of: type[Kind]
) -> Kind: ...
def get_engagement(
    session: Session, municipality_id: int, slug: str, *, of: type[Any] = Engagement
) -> Any:
    """Return an engagement in whatever state, for staff. Raises NotFound."""
    return _get(session, municipality_id, slug, of)


@overload
def get_public_engagement(
    session: Session, municipality_id: int, slug: str, *, with_elements: bool = False
) -> Engagement: ...
@overload
def get_public_engagement(
    session: Session,
    municipality_id: int,
    slug: str,
    *,
    of: type[Kind],
    with_elements: bool = False,
) -> Kind: ...
def get_public_engagement(
    session: Session,
    municipality_id: int,
    slug: str,
    *,
    of: type[Any] = Engagement,
    with_elements: bool = False,
) -> Any:
    """Return an engagement that is published, planned ones too. Raises NotFound."""
    is_public = of.published_at.is_not(None)
    return _get(session, municipality_id, slug, of, is_public, with_elements=with_elements)


def public_engagements(
    session: Session,
    municipality_id: int,
    at: datetime,
    *,
    state: EngagementState = EngagementState.OPEN,
    before: tuple[datetime, int] | None = None,
    limit: int = MANY,
) -> Sequence[Engagement]:
    """Return published engagements in a state with their elements.

    What is open comes in the order of closing, what is planned in the order of opening, what
    is closed newest first; `before` is the closing time and id of the last row of a page.
    """
    rows = sa.select(Engagement).where(
        Engagement.municipality_id == municipality_id, *_in_state(state, at)
    )
    if before is not None:
        rows = rows.where(
            sa.tuple_(Engagement.closes_at, Engagement.id)
            < sa.tuple_(sa.literal(before[0], Engagement.closes_at.type), sa.literal(before[1]))
        )
    order = {
        EngagementState.OPEN: (Engagement.closes_at, Engagement.id),
        EngagementState.PLANNED: (Engagement.opens_at, Engagement.id),
    }.get(state, (Engagement.closes_at.desc(), Engagement.id.desc()))
    return session.scalars(
        rows.options(selectinload(Engagement.elements)).order_by(*order).limit(limit)
    ).all()


def has_archive(session: Session, municipality_id: int) -> bool:
    """Tell whether a municipality has put engagements away, whose pages anybody may read."""
    put_away = sa.select(Engagement.id).where(
        Engagement.municipality_id == municipality_id,
        Engagement.published_at.is_not(None),
        Engagement.archived_at.is_not(None),
    )
    return session.scalar(sa.select(put_away.exists())) is True


def count_public_engagements(session: Session, municipality_id: int) -> int:
    """Return how many engagements a municipality has published."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Engagement)
            .where(
                Engagement.municipality_id == municipality_id,
                Engagement.published_at.is_not(None),
            )
        )
        or 0
    )


def engagements_about(
    session: Session, element_id: int, at: datetime, *, limit: int = 20
) -> Sequence[Engagement]:
    """Return the published engagements about an element: what is open first, then the newest."""
    is_open = sa.and_(Engagement.opens_at <= at, Engagement.closes_at > at)
    return session.scalars(
        sa.select(Engagement)
        .join(EngagementElement, EngagementElement.engagement_id == Engagement.id)
        .where(EngagementElement.element_id == element_id, Engagement.published_at.is_not(None))
        .order_by(sa.case((is_open, 0), else_=1), Engagement.closes_at.desc(), Engagement.id.desc())
        .limit(limit)
    ).all()


def managed_engagements(
    session: Session,
    municipality_id: int,
    *,
    archived: bool = False,
    before: int | None = None,
    opened_by: datetime | None = None,
    limit: int = MANY,
) -> Sequence[Engagement]:
    """Return engagements for staff, the newest first; `before` is the last id of a page.

    Those that were put away, or all others; with `opened_by` only those that are published
    and had opened by then.
    """
    was_put_away = Engagement.archived_at.is_not(None)
    rows = sa.select(Engagement).where(
        Engagement.municipality_id == municipality_id,
        was_put_away if archived else ~was_put_away,
    )
    if opened_by is not None:
        rows = rows.where(Engagement.published_at.is_not(None), Engagement.opens_at <= opened_by)
    if before is not None:
        rows = rows.where(Engagement.id < before)
    return session.scalars(rows.order_by(Engagement.id.desc()).limit(limit)).all()


def titles_of(
    session: Session, municipality_id: int, engagement_ids: Collection[int]
) -> dict[int, str]:
    """Return how some engagements of a municipality are called."""
    rows = session.execute(
        sa.select(Engagement.id, Engagement.title).where(
            Engagement.municipality_id == municipality_id, Engagement.id.in_(engagement_ids)
        )
    )
    return {row.id: row.title for row in rows}


def taken_slugs(session: Session, municipality_id: int, beginning: str) -> frozenset[str]:
    """Return the slugs of a municipality that begin so."""
    return frozenset(
        session.scalars(
            sa.select(Engagement.slug).where(
                Engagement.municipality_id == municipality_id,
                Engagement.slug.startswith(beginning, autoescape=True),
            )
        )
    )


def opened_elements(strategy_id: int, at: datetime) -> sa.Select[int]:
    """Select the ids of the elements that an opened engagement is about.

    Opening makes their code and title public, also while their strategy is a draft.
    """
    return (
        sa.select(EngagementElement.element_id)
        .join(Engagement, Engagement.id == EngagementElement.engagement_id)
        .join(Element, Element.id == EngagementElement.element_id)
        .where(
            Element.strategy_id == strategy_id,
            Engagement.published_at.is_not(None),
            Engagement.opens_at <= at,
        )
    )


@dataclass(frozen=True)
class NamedElement:
    """An element as people know it."""

    id: int
    code: str
    title: str

    @property
    def name(self) -> str:
        """Return the code with the title; what has no title yet is called by its code."""
        return self.code if self.title == self.code else f"{self.code} {self.title}"


def title_order() -> sa.ColumnElement[int]:
    """Which title counts: adopted, else what is being worked on, else the last."""
    return sa.case(
        (StrategyVersion.status == VersionStatus.ADOPTED, 0),
        (StrategyVersion.status == VersionStatus.IN_CONSULTATION, 1),
        (StrategyVersion.status == VersionStatus.DRAFT, 2),
        else_=3,
    )


def elements_about(session: Session, engagement_id: int) -> list[NamedElement]:
    """Return what an engagement is about, with current titles, in one query."""
    return titled(
        session,
        sa.select(EngagementElement.element_id).where(
            EngagementElement.engagement_id == engagement_id
        ),
    )


def named(session: Session, elements: Iterable[Element]) -> dict[int, NamedElement]:
    """Return code and current title of elements by their id, in one query."""
    codes = {element.id: element.code for element in elements}
    if not codes:
        return {}
    rows = session.execute(
        sa.select(ElementWording.element_id, ElementWording.title)
        .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .where(ElementWording.element_id.in_(codes))
        .order_by(title_order().desc(), StrategyVersion.id)
    )
    titles: dict[int, str] = dict(rows.all())
    return {
        element_id: NamedElement(element_id, code, titles.get(element_id, code))
        for element_id, code in codes.items()
    }


def titled(session: Session, element_ids: sa.Select[int]) -> list[NamedElement]:
    """Return the selected elements with their current titles, in the order of the strategy."""
    rows = session.execute(
        sa.select(Element.id, Element.code, ElementWording.title)
        .outerjoin(ElementWording, ElementWording.element_id == Element.id)
        .outerjoin(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .where(Element.id.in_(element_ids))
        .order_by(by_kind(), Element.number, title_order().desc(), StrategyVersion.id)
    )
    # The title that counts comes last.
    titled = {row.id: NamedElement(row.id, row.code, row.title or row.code) for row in rows}
    return list(titled.values())


def extensions_of(session: Session, engagement_id: int) -> Sequence[Extension]:
    """Return when and why an engagement was extended, the last first."""
    return session.scalars(
        sa.select(Extension)
        .where(Extension.engagement_id == engagement_id)
        .order_by(Extension.id.desc())
        .limit(20)
    ).all()


def participant_count(session: Session, engagement_id: int) -> int:
    """Return how many participation marks there are."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(ParticipationMark)
            .where(ParticipationMark.engagement_id == engagement_id)
        )
        or 0
    )


def has_taken_part(session: Session, engagement_id: int, mark: str) -> bool:
    """Tell whether a mark is there."""
    return session.get(ParticipationMark, (engagement_id, mark)) is not None


def find_subscription(session: Session, key: bytes, token: str) -> Subscription:
    """Return the subscription that a mail's token belongs to. Raises NotFound."""
    subscription_id = read_subscription_token(key, token)
    found = session.get(Subscription, subscription_id) if subscription_id is not None else None
    if found is None:
        raise NotFound("there is no such subscription")
    return found


def find_mailbox(session: Session, key: bytes, token: str) -> list[Subscription]:
    """Return all that the address of a mail's token follows. Raises NotFound for no token."""
    ids = read_mailbox_token(key, token)
    if not ids:
        raise NotFound("there is no such mailbox")
    known = session.scalars(
        sa.select(Subscription).where(Subscription.id.in_(ids), Subscription.ended_at.is_(None))
    ).all()
    return mailbox_of(session, known[:1])


def mailbox_of(session: Session, subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """Return what the address of a subscription follows in its municipality, the newest first."""
    if not subscriptions:
        return []
    one = subscriptions[0]
    return list(
        session.scalars(
            sa.select(Subscription)
            .join(Subscription.engagement)
            .where(
                Subscription.address == one.address,
                Subscription.ended_at.is_(None),
                Engagement.municipality_id == one.engagement.municipality_id,
            )
            .options(contains_eager(Subscription.engagement))
            .order_by(Subscription.id.desc())
            .limit(MANY)
        )
    )


def is_heard() -> sa.ColumnElement[bool]:
    """The condition under which an address gets mail: confirmed and not ended."""
    return sa.and_(Subscription.confirmed_at.is_not(None), Subscription.ended_at.is_(None))


def _get(
    session: Session,
    municipality_id: int,
    slug: str,
    of: type[Kind],
    *conditions: sa.ColumnElement[bool],
    with_elements: bool = False,
) -> Kind:
    found = None
    wanted = sa.select(of).where(
        of.municipality_id == municipality_id, of.slug == slug, *conditions
    )
    if with_elements:
        wanted = wanted.options(joinedload(of.elements))
    # PostgreSQL does not even compare a text with a NUL in it.
    if slug.isprintable():
        found = session.scalars(wanted).unique().first()
    if found is None:
        raise NotFound("there is no such engagement")
    return found


def _in_state(state: EngagementState, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    if state is EngagementState.DRAFT:
        return (Engagement.published_at.is_(None),)
    published = Engagement.published_at.is_not(None)
    if state is EngagementState.PLANNED:
        return published, Engagement.opens_at > at
    if state is EngagementState.OPEN:
        return published, Engagement.opens_at <= at, Engagement.closes_at > at
    if state is EngagementState.ARCHIVED:
        return published, Engagement.archived_at.is_not(None)
    # Whether results are out makes no difference to a list of what is over.
    return published, Engagement.closes_at <= at, Engagement.archived_at.is_(None)


def find_by_slug(session: Session, slug: str, municipality: str | None = None) -> Engagement:
    """Return the engagement that an operator names. Raises NotFound, and Refused for several."""
    wanted = sa.select(Engagement).where(Engagement.slug == slug)
    if municipality is not None:
        wanted = wanted.join(Municipality).where(Municipality.slug == municipality)
    found = session.scalars(wanted.limit(2)).all()
    if not found:
        raise NotFound(f"there is no engagement “{slug}”")
    if len(found) > 1:
        raise Refused(f"several municipalities have “{slug}”; say which with --municipality")
    return found[0]
