"""What waits for whom in a municipality. Numbers only; each is worked off on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts import policy
from participation.accounts.models import DutyText, Role
from participation.accounts.queries import members, missing_duty_texts
from participation.engagements.models import Engagement
from participation.insights.models import Aggregate, Finding
from participation.moderation.queries import QueueNumbers, queue_numbers
from participation.revisions.models import AnsweredFinding, OfficialAnswer
from participation.strategy.models import Strategy

_SOON = timedelta(days=7)
_MANY = 10


@dataclass(frozen=True)
class AnswerNumbers:
    """Findings without an answer, and answers that wait for a signature."""

    findings: int
    drafts: int
    half_signed: int


@dataclass(frozen=True)
class Overview:
    """What waits. What is not the business of somebody's roles is None or empty.

    Without a strategy there is nothing to answer yet.
    """

    queue: QueueNumbers | None = None
    answers: AnswerNumbers | None = None
    running: Sequence[Engagement] = ()
    unreleased: Sequence[Engagement] = ()
    missing_texts: Sequence[DutyText] = ()
    lacks_second_person: bool = False


def overview_of(
    session: Session, *, municipality_id: int, roles: frozenset[Role], at: datetime
) -> Overview:
    """Return what waits for somebody with these roles, in at most seven queries."""
    moderates = bool(roles & {Role.MODERATOR, Role.ADMINISTRATOR})
    plans = bool(roles & {Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR})
    administers = Role.ADMINISTRATOR in roles
    return Overview(
        queue=queue_numbers(session, municipality_id, at) if moderates else None,
        answers=_answers(session, municipality_id),
        running=_running(session, municipality_id, at),
        unreleased=_unreleased(session, municipality_id, at) if plans else (),
        missing_texts=missing_duty_texts(session, municipality_id) if administers else (),
        lacks_second_person=administers
        and not policy.has_second_person(members(session, municipality_id)),
    )


def _answers(session: Session, municipality_id: int) -> AnswerNumbers | None:
    here = sa.select(Strategy.id).where(Strategy.municipality_id == municipality_id)
    is_taken_up = sa.exists().where(AnsweredFinding.finding_id == Finding.id)
    answers = sa.select(sa.func.count(OfficialAnswer.id)).where(
        OfficialAnswer.strategy_id.in_(here), OfficialAnswer.published_at.is_(None)
    )
    row = session.execute(
        sa.select(
            sa.exists(here),
            sa.select(sa.func.count(Finding.id))
            .where(Finding.strategy_id.in_(here), ~is_taken_up)
            .scalar_subquery(),
            answers.where(OfficialAnswer.signed_at.is_(None)).scalar_subquery(),
            answers.where(
                OfficialAnswer.signed_at.is_not(None), OfficialAnswer.second_signed_at.is_(None)
            ).scalar_subquery(),
        )
    ).one()
    has_strategy, *numbers = row
    return AnswerNumbers(*numbers) if has_strategy else None


def _running(session: Session, municipality_id: int, at: datetime) -> Sequence[Engagement]:
    return session.scalars(
        sa.select(Engagement)
        .where(
            Engagement.municipality_id == municipality_id,
            Engagement.published_at.is_not(None),
            Engagement.opens_at <= at,
            Engagement.closes_at > at,
        )
        .order_by(Engagement.closes_at, Engagement.id)
        .limit(_MANY)
    ).all()


def _unreleased(session: Session, municipality_id: int, at: datetime) -> Sequence[Engagement]:
    is_released = sa.exists().where(
        Aggregate.engagement_id == Engagement.id, Aggregate.final.is_(True)
    )
    return session.scalars(
        sa.select(Engagement)
        .where(
            Engagement.municipality_id == municipality_id,
            Engagement.published_at.is_not(None),
            Engagement.closes_at <= at,
            ~is_released,
        )
        .order_by(Engagement.closes_at.desc(), Engagement.id)
        .limit(_MANY)
    ).all()


def closes_soon(engagement: Engagement, at: datetime) -> bool:
    """Tell whether an engagement ends within a week."""
    return engagement.closes_at - at < _SOON
