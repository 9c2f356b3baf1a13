"""Drafts that were put out for comment: what became of them, and which rounds still run."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.comments.hearings import check_phase
from participation.comments.models import CommentRound
from participation.engagements.models import Engagement, EngagementKind
from participation.engagements.readiness import checks
from participation.foundation.errors import Refused
from participation.revisions.models import Revision, RevisionStatus
from participation.strategy.drafts import finds_given_up
from participation.strategy.models import StrategyVersion, VersionStatus

_MOST_ROUNDS = 20
_Draft = aliased(StrategyVersion)


class Outcome(enum.Enum):
    """What may become of a draft."""

    GIVEN_UP = "given_up"
    ADOPTED = "adopted"


@dataclass(frozen=True)
class DraftFate:
    """What became of a draft and when. `number` is of the version that it is or was to become."""

    outcome: Outcome
    at: datetime
    number: int
    because: str = ""


def fate_of_draft(session: Session, version: StrategyVersion | None) -> DraftFate | None:
    """Return what became of a version in consultation; None while it may still be adopted."""
    if version is None or version.status is not VersionStatus.IN_CONSULTATION:
        return None
    return _fate(session, _Draft.id == version.id)


def fate_of_text(session: Session, engagement: Engagement) -> DraftFate | None:
    """Return what became of the draft that an engagement asks about, if it asks about one."""
    if engagement.kind is not EngagementKind.COMMENT_ROUND:
        return None
    rounds = CommentRound.__table__
    asked_about = sa.select(rounds.c.version_id).where(rounds.c.id == engagement.id)
    return _fate(session, _Draft.id == asked_about.scalar_subquery())


def _fate(session: Session, condition: sa.ColumnElement[bool]) -> DraftFate | None:
    adopted = aliased(StrategyVersion)
    row = session.execute(
        sa.select(
            _Draft.number,
            Revision.status,
            Revision.closed_at,
            Revision.abandoned_because,
            adopted.adopted_at,
        )
        .select_from(_Draft)
        .outerjoin(Revision, Revision.id == _revision_of_draft())
        .outerjoin(
            adopted,
            sa.and_(
                adopted.strategy_id == _Draft.strategy_id,
                adopted.number == _Draft.number,
                adopted.adopted_at.is_not(None),
            ),
        )
        .where(condition, _Draft.status == VersionStatus.IN_CONSULTATION)
    ).one_or_none()
    if row is None:
        return None
    if row.status is RevisionStatus.ABANDONED:
        return DraftFate(Outcome.GIVEN_UP, row.closed_at, row.number, because=row.abandoned_because)
    if row.adopted_at is not None:
        return DraftFate(Outcome.ADOPTED, row.adopted_at, row.number)
    return None


@finds_given_up
def _given_up(session: Session, strategy_id: int) -> set[int]:
    return set(
        session.scalars(
            sa.select(_Draft.id)
            .join(Revision, Revision.id == _revision_of_draft())
            .where(
                _Draft.strategy_id == strategy_id,
                _Draft.status == VersionStatus.IN_CONSULTATION,
                Revision.status == RevisionStatus.ABANDONED,
            )
        )
    )


def _revision_of_draft() -> sa.ScalarSelect[int]:
    """The revision that was open when the draft was frozen: only one is."""
    base = aliased(StrategyVersion)
    return (
        sa.select(Revision.id)
        .join(base, base.id == Revision.base_version_id)
        .where(
            Revision.strategy_id == _Draft.strategy_id,
            Revision.opened_at <= _Draft.created_at,
            base.number == _Draft.number - 1,
        )
        .order_by(Revision.opened_at.desc(), Revision.id.desc())
        .limit(1)
        .correlate(_Draft)
        .scalar_subquery()
    )


def rounds_still_open(session: Session, revision: Revision, at: datetime) -> Sequence[CommentRound]:
    """Return the published comment rounds on drafts of an open revision that have not ended."""
    return session.scalars(
        rounds_on(revision)
        .where(CommentRound.closes_at > at)
        .order_by(CommentRound.closes_at, CommentRound.id)
        .limit(_MOST_ROUNDS)
    ).all()


def rounds_on(revision: Revision) -> sa.Select[CommentRound]:
    """Select the published comment rounds on drafts of a revision."""
    made_then = [StrategyVersion.created_at >= revision.opened_at]
    if revision.closed_at is not None:
        # The drafts of the next attempt have the same number.
        made_then.append(StrategyVersion.created_at <= revision.closed_at)
    return (
        sa.select(CommentRound)
        .join(StrategyVersion, StrategyVersion.id == CommentRound.version_id)
        .where(
            StrategyVersion.strategy_id == revision.strategy_id,
            StrategyVersion.number == revision.base_version.number + 1,
            StrategyVersion.status == VersionStatus.IN_CONSULTATION,
            *made_then,
            CommentRound.published_at.is_not(None),
        )
    )


@checks(CommentRound)
def _check_draft(session: Session, comment_round: CommentRound) -> None:
    """Nobody is asked about a draft that is decided already, nor about the next one without
    hearing what changed. Raises Refused.
    """
    check_phase(session, comment_round)
    fate = fate_of_draft(session, comment_round.version)
    if fate is None:
        return
    if fate.outcome is Outcome.ADOPTED:
        raise Refused(
            "Noch nicht veröffentlicht: Fassung %(number)s, um deren Entwurf es geht, ist schon "
            "beschlossen.",
            number=fate.number,
        )
    raise Refused(
        "Noch nicht veröffentlicht: Der Entwurf, um den es geht, wird nicht weiterverfolgt. Legen "
        "Sie den neuen Entwurf aus."
    )
