"""What is read about contributions. One condition decides what is public."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload, with_polymorphic

from participation.contributions.models import (
    Contribution,
    ContributionElement,
    ContributionKind,
    ContributionStatus,
    Follow,
    Receipt,
)
from participation.contributions.receipts import contribution_hash
from participation.engagements.models import Engagement, Subscription
from participation.engagements.queries import is_heard
from participation.foundation.errors import NotFound

# Comments are a room further up; all that is read of them here is what they answer.
_COMMENT = sa.table("comment", sa.column("id"), sa.column("parent_id"), sa.column("statement_id"))


@cache
def published() -> sa.ColumnElement[bool]:
    """THE condition of visibility. Every public page, number, feed and file uses it.

    What is hidden takes the comments on it and the answers to them out of sight; so does an
    engagement that is not published with all that was imported into it. Built once, because
    building it takes longer than asking it.
    """
    return sa.and_(let_stand(), _is_in_a_published_engagement())


@cache
def let_stand() -> sa.ColumnElement[bool]:
    """What moderation lets stand: what is counted, and public once its engagement is."""
    return sa.and_(
        Contribution.status == ContributionStatus.PUBLISHED,
        sa.or_(Contribution.kind != ContributionKind.COMMENT, ~_is_below_what_is_hidden()),
        # Only organisations have statements; most contributions need not ask.
        sa.or_(Contribution.organisation_name == "", ~_is_of_a_hidden_statement()),
    )


def by_people() -> sa.ColumnElement[bool]:
    """The condition under which a contribution counts as a person's and not an organisation's."""
    return Contribution.organisation_name == ""


def _is_in_a_published_engagement() -> sa.ColumnElement[bool]:
    engagement = aliased(Engagement)
    published_one = sa.select(sa.literal(1)).where(
        engagement.id == Contribution.engagement_id, engagement.published_at.is_not(None)
    )
    return published_one.exists()


def _is_below_what_is_hidden() -> sa.ColumnElement[bool]:
    comment, answered = _COMMENT.alias("own_comment"), _COMMENT.alias("answered_comment")
    parent, grandparent = aliased(Contribution), aliased(Contribution)
    below = (
        sa.select(sa.literal(1))
        .select_from(comment)
        .join(parent, parent.id == comment.c.parent_id)
        .outerjoin(answered, answered.c.id == parent.id)
        .outerjoin(grandparent, grandparent.id == answered.c.parent_id)
        .where(
            comment.c.id == Contribution.id,
            sa.or_(
                parent.status != ContributionStatus.PUBLISHED,
                grandparent.status != ContributionStatus.PUBLISHED,
            ),
        )
    )
    return below.exists()


def _is_of_a_hidden_statement() -> sa.ColumnElement[bool]:
    comment, statement = _COMMENT.alias("stated_comment"), aliased(Contribution)
    of_statement = (
        sa.select(sa.literal(1))
        .select_from(comment)
        .join(statement, statement.id == comment.c.statement_id)
        .where(
            comment.c.id == Contribution.id,
            statement.status != ContributionStatus.PUBLISHED,
        )
    )
    return of_statement.exists()


def get_contribution(
    session: Session, municipality_id: int, contribution_id: uuid.UUID
) -> Contribution:
    """Return a contribution of a municipality in whatever state, for staff. Raises NotFound."""
    found = session.scalars(
        sa.select(with_polymorphic(Contribution, "*"))
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .where(Contribution.id == contribution_id, Engagement.municipality_id == municipality_id)
    ).first()
    if found is None:
        raise NotFound("there is no such contribution")
    return found


def contributions_about(
    session: Session,
    element_id: int,
    *,
    before: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 20,
) -> Sequence[Contribution]:
    """Return the published contributions about an element, newest first, with their texts.

    `before` is the publishing time and id of the last row of a page.
    """
    whole = with_polymorphic(Contribution, "*")
    rows = (
        sa.select(whole)
        .join(ContributionElement, ContributionElement.contribution_id == Contribution.id)
        .where(ContributionElement.element_id == element_id, published())
    )
    if before is not None:
        rows = rows.where(
            sa.tuple_(Contribution.published_at, Contribution.id)
            < sa.tuple_(
                sa.literal(before[0], Contribution.published_at.type),
                sa.literal(before[1], Contribution.id.type),
            )
        )
    return session.scalars(
        rows.options(selectinload(whole.engagement))
        .order_by(Contribution.published_at.desc(), Contribution.id.desc())
        .limit(limit)
    ).all()


def find_by_receipt(session: Session, key: bytes, code: str) -> Contribution | None:
    """Return the idea or comment of a receipt's code, in whatever state; None if none fits."""
    return find_by_hash(session, contribution_hash(key, code))


def find_by_hash(session: Session, code_hash: str) -> Contribution | None:
    """Return the contribution of a receipt's hash."""
    return session.scalars(
        sa.select(with_polymorphic(Contribution, "*"))
        .join(Receipt, Receipt.contribution_id == Contribution.id)
        .where(Receipt.code_hash == code_hash)
    ).first()


def followers_of(session: Session, contribution_id: uuid.UUID) -> Sequence[Subscription]:
    """Return the confirmed addresses that want to hear of one contribution."""
    return session.scalars(
        sa.select(Subscription)
        .join(Follow, Follow.subscription_id == Subscription.id)
        .where(Follow.contribution_id == contribution_id, is_heard())
        .order_by(Subscription.id)
    ).all()


def known_sources(session: Session, engagement_id: int) -> set[str]:
    """Return where an engagement's imported contributions came from."""
    rows = sa.select(Contribution.source).where(
        Contribution.engagement_id == engagement_id, Contribution.source != ""
    )
    return set(session.scalars(rows))
