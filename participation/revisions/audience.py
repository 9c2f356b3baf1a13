"""Who is to hear of an answer or of a new version."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.comments.models import CommentRound
from participation.contributions.models import Contribution, Follow
from participation.contributions.queries import published
from participation.engagements.models import Engagement, Subscription
from participation.engagements.queries import is_heard
from participation.insights.equals import with_their_equals
from participation.insights.models import Aggregate, Evidence
from participation.revisions.models import (
    Announcement,
    AnsweredFinding,
    Change,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
    TakenWording,
)
from participation.strategy.models import Strategy, StrategyVersion


def audience_of(session: Session, announcement: Announcement) -> list[Subscription]:
    """Return who is to hear of an announcement: each address once, followers before others.

    An answer is told to those who follow a contribution that it answers, and to those who
    follow an engagement that its findings rest on. A version is told to the same people for
    all its findings, to those who follow a comment whose wording it takes over, and to whoever
    follows an engagement held since the version before.
    """
    finding_ids = _findings_announced(session, announcement)
    engagements = _engagements_behind(announcement, finding_ids)
    follows = _follows_of(
        _cited(finding_ids), Contribution.id.in_(_whose_wording_it_takes(announcement))
    )
    about_engagement = sa.and_(Subscription.about_all, Subscription.engagement_id.in_(engagements))
    rows = session.scalars(
        sa.select(Subscription)
        .where(is_heard(), sa.or_(Subscription.id.in_(follows), about_engagement))
        .options(joinedload(Subscription.engagement))
        .order_by(Subscription.about_all, Subscription.id)
    )
    return _once_each(rows)


def audience_of_findings(session: Session, finding_ids: Sequence[int]) -> list[Subscription]:
    """Return who follows a contribution that some findings rest on: each address once."""
    return _once_each(
        session.scalars(
            sa.select(Subscription)
            .where(is_heard(), Subscription.id.in_(_follows_of(_cited(finding_ids))))
            .options(joinedload(Subscription.engagement))
            .order_by(Subscription.id)
        )
    )


def findings_behind(session: Session, element_id: int) -> Sequence[int]:
    """Return the findings because of which adopted versions changed an element."""
    rows = session.scalars(
        sa.select(ChangeReason.finding_id)
        .join(Change, Change.id == ChangeReason.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(
            Change.element_id == element_id,
            Revision.status == RevisionStatus.ADOPTED,
            ChangeReason.finding_id.is_not(None),
        )
        .distinct()
    )
    return [finding_id for finding_id in rows if finding_id is not None]


def audience_of_rounds(session: Session, rounds: sa.Select[CommentRound]) -> list[Subscription]:
    """Return who follows some comment rounds or a comment in them: each address once."""
    return _once_each(
        session.scalars(
            sa.select(Subscription)
            .where(
                is_heard(),
                Subscription.engagement_id.in_(rounds.with_only_columns(CommentRound.id)),
            )
            .options(joinedload(Subscription.engagement))
            .order_by(Subscription.about_all.desc(), Subscription.id)
        )
    )


def _whose_wording_it_takes(announcement: Announcement) -> sa.Select[uuid.UUID]:
    return (
        sa.select(TakenWording.comment_id)
        .join(Change, Change.id == TakenWording.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Revision.resulting_version_id == announcement.version_id)
    )


def _cited(finding_ids: Sequence[int]) -> sa.ColumnElement[bool]:
    cited = sa.select(Evidence.contribution_id).where(
        Evidence.finding_id.in_(finding_ids), Evidence.contribution_id.is_not(None)
    )
    return Contribution.id.in_(with_their_equals(cited))


def _follows_of(*which: sa.ColumnElement[bool]) -> sa.Select[int]:
    contributions = sa.select(Contribution.id).where(sa.or_(*which), published())
    return sa.select(Follow.subscription_id).where(Follow.contribution_id.in_(contributions))


def _once_each(subscriptions: Iterable[Subscription]) -> list[Subscription]:
    by_address: dict[str, Subscription] = {}
    for subscription in subscriptions:
        by_address.setdefault(subscription.address, subscription)
    return list(by_address.values())


def _findings_announced(session: Session, announcement: Announcement) -> list[int]:
    if announcement.answer_id is not None:
        return list(
            session.scalars(
                sa.select(AnsweredFinding.finding_id).where(
                    AnsweredFinding.answer_id == announcement.answer_id
                )
            )
        )
    reasons = (
        sa.select(ChangeReason.finding_id)
        .join(Change, Change.id == ChangeReason.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(
            Revision.resulting_version_id == announcement.version_id,
            ChangeReason.finding_id.is_not(None),
        )
    )
    answered = (
        sa.select(AnsweredFinding.finding_id)
        .join(OfficialAnswer, OfficialAnswer.id == AnsweredFinding.answer_id)
        .where(
            OfficialAnswer.strategy_id == announcement.strategy_id,
            OfficialAnswer.published_at == announcement.announced_at,
        )
    )
    found = session.scalars(reasons.union(answered))
    return [finding_id for finding_id in found if finding_id is not None]


def _engagements_behind(announcement: Announcement, finding_ids: Sequence[int]) -> Any:
    by_contribution = (
        sa.select(Contribution.engagement_id)
        .join(Evidence, Evidence.contribution_id == Contribution.id)
        .where(Evidence.finding_id.in_(finding_ids))
    )
    by_aggregate = (
        sa.select(Aggregate.engagement_id)
        .join(Evidence, Evidence.aggregate_id == Aggregate.id)
        .where(Evidence.finding_id.in_(finding_ids))
    )
    if announcement.version_id is None:
        return by_contribution.union(by_aggregate)
    since = (
        sa.select(Engagement.id)
        .join(Strategy, Strategy.municipality_id == Engagement.municipality_id)
        .join(Revision, Revision.strategy_id == Strategy.id)
        .join(StrategyVersion, StrategyVersion.id == Revision.base_version_id)
        .where(
            Revision.resulting_version_id == announcement.version_id,
            Engagement.published_at.is_not(None),
            Engagement.opens_at <= announcement.announced_at,
            Engagement.closes_at >= StrategyVersion.adopted_at,
        )
    )
    return by_contribution.union(by_aggregate, since)
