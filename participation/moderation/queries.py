"""The queue, and what was decided. Nobody here sees an address."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, with_polymorphic

from participation.analysis.hints import HintKind, kinds_in
from participation.comments.models import Comment, Stance, Statement
from participation.contributions.models import (
    Contribution,
    ContributionKind,
    ContributionStatus,
)
from participation.contributions.queries import by_people
from participation.engagements.models import Engagement, ModerationMode
from participation.foundation.errors import NotFound
from participation.ideas.models import Idea, IdeaWording
from participation.ideas.wordings import has_waiting_wording, waiting_wording
from participation.moderation.models import Action, Ground, ModerationDecision
from participation.moderation.policy import DUE_AFTER, DUE_AFTER_DAY, due_at
from participation.moderation.reports import (
    Reported,
    report_numbers,
    reported,
    reported_since,
)
from participation.surveys.answers import SurveyRemark

PAGE = 40
_HEADING = 90

# Where a page of the queue goes on: the moment and id of the last row before.
Place = tuple[datetime, uuid.UUID]


@dataclass(frozen=True)
class QueueItem:
    """A contribution as a row of the queue."""

    contribution: Contribution
    heading: str
    number: int | None
    due_at: datetime
    hints: tuple[HintKind, ...]
    reports: int = 0

    @property
    def place(self) -> Place:
        """Where the rows after this one begin."""
        return self.contribution.received_at, self.contribution.id


@dataclass(frozen=True)
class Context:
    """What a contribution stands in answer to, so that a moderator can judge it."""

    stance: Stance | None = None
    passage: str = ""
    rewording: str = ""
    quote: str = ""
    parent: str = ""
    question: str = ""


@dataclass(frozen=True)
class QueueNumbers:
    """How many wait, by kind, and how many of them too long."""

    by_kind: dict[ContributionKind, int]
    overdue: int

    @property
    def total(self) -> int:
        """How many wait in all."""
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class Figures:
    """What was decided in a while: how often something was published, and why something not.

    What was decided elsewhere and imported is not counted.
    """

    published: int
    refused: dict[Ground, int]

    @property
    def total(self) -> int:
        """How many decisions there were."""
        return self.published + sum(self.refused.values())


def _reasons_to_wait() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions of which each lets a contribution wait for a decision.

    It is pending, or its engagement publishes first and nobody has looked at it yet as it is
    now, or it is published and reported, or its author wants it to say something else.
    """
    unseen = ~sa.exists().where(
        ModerationDecision.contribution_id == Contribution.id,
        ModerationDecision.undone_at.is_(None),
        sa.or_(
            Contribution.edited_at.is_(None),
            ModerationDecision.decided_at >= Contribution.edited_at,
        ),
    )
    is_published = Contribution.status == ContributionStatus.PUBLISHED
    # The pieces of a statement are looked at with it.
    is_looked_at = sa.or_(by_people(), Contribution.kind == ContributionKind.STATEMENT)
    after = Engagement.moderation_mode == ModerationMode.AFTER
    return (
        Contribution.status == ContributionStatus.PENDING,
        sa.and_(is_published, after, is_looked_at, unseen),
        sa.and_(is_published, reported()),
        sa.and_(is_published, has_waiting_wording()),
    )


def _waits_in(municipality_id: int) -> sa.ColumnElement[bool]:
    """The condition under which a contribution of a town waits for a decision.

    Each reason finds its own few by an index; all in one condition would make a database look at
    whatever was ever published.
    """
    found = [
        sa.select(Contribution.id)
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .where(Engagement.municipality_id == municipality_id, reason)
        for reason in _reasons_to_wait()
    ]
    return Contribution.id.in_(sa.union_all(*found))


def queue(
    session: Session,
    municipality_id: int,
    *,
    kind: ContributionKind | None = None,
    after: Place | None = None,
    limit: int = PAGE,
) -> list[QueueItem]:
    """Return what waits for a decision, the oldest first."""
    whole = with_polymorphic(Contribution, "*")
    rows = (
        sa.select(whole)
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .where(_waits_in(municipality_id))
        .options(contains_eager(whole.engagement))
    )
    if kind is not None:
        rows = rows.where(Contribution.kind == kind)
    if after is not None:
        rows = rows.where(
            sa.tuple_(Contribution.received_at, Contribution.id)
            > sa.tuple_(
                sa.literal(after[0], Contribution.received_at.type),
                sa.literal(after[1], Contribution.id.type),
            )
        )
    ordered = rows.order_by(Contribution.received_at, Contribution.id).limit(limit)
    found = session.scalars(ordered).all()
    numbers = report_numbers(session, [contribution.id for contribution in found])
    return [flagged(item_of(one), numbers.get(one.id)) for one in found]


def flagged(item: QueueItem, found: Reported | None) -> QueueItem:
    """Return an item with its reports, whose time runs from the first of them."""
    if found is None or item.contribution.status is not ContributionStatus.PUBLISHED:
        return item
    return replace(item, reports=found.reports, due_at=found.since + DUE_AFTER)


def queue_numbers(session: Session, municipality_id: int, at: datetime) -> QueueNumbers:
    """Return how many wait."""
    since = sa.case(
        (Contribution.kind == ContributionKind.SURVEY_REMARK, at - DUE_AFTER_DAY),
        else_=at - DUE_AFTER,
    )
    waits_since = sa.func.coalesce(
        reported_since(), Contribution.edited_at, Contribution.received_at
    )
    rows = session.execute(
        sa.select(
            Contribution.kind,
            sa.func.count(),
            sa.func.sum(sa.case((waits_since < since, 1), else_=0)),
        )
        .where(_waits_in(municipality_id))
        .group_by(Contribution.kind)
    ).all()
    return QueueNumbers(
        by_kind={kind: count for kind, count, _ in rows},
        overdue=sum(int(late) for _, _, late in rows),
    )


def item_of(contribution: Contribution) -> QueueItem:
    """Return how a contribution is shown in the queue."""
    title = contribution.title if isinstance(contribution, Idea) else ""
    rewording = contribution.rewording if isinstance(contribution, Comment) else ""
    number = contribution.number if isinstance(contribution, Idea | Comment | Statement) else None
    return QueueItem(
        contribution=contribution,
        heading=title
        or _beginning(contribution.text or rewording)
        or contribution.organisation_name,
        number=number,
        due_at=due_at(contribution),
        hints=tuple(kinds_in("\n".join((title, contribution.text, rewording)))),
    )


def context_of(contribution: Contribution) -> Context:
    """Return what a contribution answers; of a survey remark the question and nothing else."""
    if isinstance(contribution, SurveyRemark):
        return Context(question=contribution.question.text_in("de").text)
    if not isinstance(contribution, Comment):
        return Context()
    passage = contribution.passage
    return Context(
        stance=contribution.stance,
        passage=(passage.heading or passage.code) if passage else "",
        rewording=contribution.rewording,
        quote=contribution.quote,
        parent=_beginning(contribution.parent.text) if contribution.parent else "",
    )


def new_wording(session: Session, contribution: Contribution) -> IdeaWording | None:
    """Return what the author of a published idea wants it to say, until that is decided."""
    if not isinstance(contribution, Idea):
        return None
    return waiting_wording(session, contribution.id)


def waits(session: Session, contribution: Contribution) -> bool:
    """Tell whether one contribution waits for a decision."""
    found = session.scalar(
        sa.select(Contribution.id)
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .where(Contribution.id == contribution.id, sa.or_(*_reasons_to_wait()))
    )
    return found is not None


def decisions_about(
    session: Session, contribution_id: uuid.UUID, *, limit: int = 20
) -> Sequence[ModerationDecision]:
    """Return what was decided about a contribution and stands, the latest first."""
    return session.scalars(
        sa.select(ModerationDecision)
        .where(
            ModerationDecision.contribution_id == contribution_id,
            ModerationDecision.undone_at.is_(None),
        )
        .options(joinedload(ModerationDecision.decided_by))
        .order_by(ModerationDecision.id.desc())
        .limit(limit)
    ).all()


def latest_decision(session: Session, contribution_id: uuid.UUID) -> ModerationDecision | None:
    """Return the decision that stands, the source of what the author is told."""
    found = decisions_about(session, contribution_id, limit=1)
    return found[0] if found else None


def undoable_decision(
    session: Session, municipality_id: int, account_id: int, since: datetime
) -> ModerationDecision | None:
    """Return somebody's last decision if it was made since then and stands."""
    return session.scalars(
        _decisions(municipality_id)
        .where(
            ModerationDecision.decided_by_id == account_id,
            ModerationDecision.decided_at >= since,
            ModerationDecision.undone_at.is_(None),
        )
        .order_by(ModerationDecision.id.desc())
        .limit(1)
    ).first()


def recent_decisions(
    session: Session, municipality_id: int, *, before: int | None = None, limit: int = PAGE
) -> Sequence[ModerationDecision]:
    """Return the decisions that stand, the latest first; `before` is the last id of a page."""
    rows = _decisions(municipality_id).where(ModerationDecision.undone_at.is_(None))
    if before is not None:
        rows = rows.where(ModerationDecision.id < before)
    whole = with_polymorphic(Contribution, "*")
    return session.scalars(
        rows.options(
            joinedload(ModerationDecision.decided_by),
            selectinload(ModerationDecision.contribution.of_type(whole)).selectinload(
                whole.engagement
            ),
        )
        .order_by(ModerationDecision.id.desc())
        .limit(limit)
    ).all()


def get_decision(session: Session, municipality_id: int, decision_id: int) -> ModerationDecision:
    """Return a decision about a contribution of a municipality. Raises NotFound."""
    found = session.scalars(
        _decisions(municipality_id).where(ModerationDecision.id == decision_id)
    ).first()
    if found is None:
        raise NotFound("there is no such decision")
    return found


def figures(session: Session, municipality_id: int, since: datetime) -> Figures:
    """Return what was decided since then and stands, for everybody to read."""
    rows = session.execute(
        sa.select(ModerationDecision.action, ModerationDecision.ground, sa.func.count())
        .join(Contribution, Contribution.id == ModerationDecision.contribution_id)
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .where(
            Engagement.municipality_id == municipality_id,
            ModerationDecision.decided_at >= since,
            ModerationDecision.undone_at.is_(None),
            ModerationDecision.ground.is_distinct_from(Ground.IMPORTED),
        )
        .group_by(ModerationDecision.action, ModerationDecision.ground)
    ).all()
    refused: Counter[Ground] = Counter()
    for action, ground, count in rows:
        if action in {Action.REJECT, Action.HIDE} and ground is not None:
            refused[ground] += count
    published = sum(count for action, _, count in rows if action is Action.PUBLISH)
    return Figures(published, dict(refused.most_common()))


def _decisions(municipality_id: int) -> sa.Select[ModerationDecision]:
    return (
        sa.select(ModerationDecision)
        .join(Contribution, Contribution.id == ModerationDecision.contribution_id)
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .where(Engagement.municipality_id == municipality_id)
    )


def _beginning(text: str) -> str:
    words = " ".join(text[: 2 * _HEADING].split())
    if len(words) <= _HEADING:
        return words
    return words[:_HEADING].rpartition(" ")[0] + " …"
