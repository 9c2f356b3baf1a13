"""What the page of an element shows of its citizens: said, concluded, answered, changed.

Few queries, whatever was said: the page has its own beside them. Only what is public is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from participation.comments.models import Comment
from participation.contributions.models import (
    Contribution,
    ContributionElement,
    ContributionKind,
)
from participation.contributions.queries import by_people, published
from participation.foundation.excerpts import excerpt
from participation.ideas.models import Idea
from participation.insights.models import Aggregate, Evidence, Finding, FindingElement
from participation.insights.queries import EvidenceCount, aggregates_about, count_columns
from participation.portal.queries.outcomes import Quote
from participation.revisions.models import (
    AnsweredFinding,
    Change,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.revisions.wordings import credits_of
from participation.strategy.models import StrategyVersion

_QUOTES = 3
_FINDINGS = 30
_CHANGES = 20

# The numbers of ideas and comments alone, without their classes' joins.
_idea, _comment = Idea.__table__, Comment.__table__


@dataclass(frozen=True)
class Said:
    """What was said about an element: released results, counts, and a few quotes."""

    aggregates: Sequence[Aggregate]
    quotes: Sequence[Quote]
    ideas: int = 0
    comments: int = 0
    remarks: int = 0
    latest: datetime | None = None

    @property
    def contributions(self) -> int:
        return self.ideas + self.comments + self.remarks


@dataclass(frozen=True)
class Concluded:
    """A finding about an element, on how much it rests, and its published answer."""

    finding: Finding
    count: EvidenceCount
    answer: OfficialAnswer | None


@dataclass(frozen=True)
class WordingChange:
    """What one version changed about an element, because of what, and in whose words."""

    change: Change
    version: StrategyVersion
    earlier: int
    credited: Sequence[Comment] = ()


@dataclass(frozen=True)
class ElementVoices:
    """The three sections of an element's page that come from its citizens."""

    said: Said
    concluded: Sequence[Concluded]
    changes: Sequence[WordingChange]

    @property
    def answered(self) -> list[Concluded]:
        """The findings that have an answer."""
        return [one for one in self.concluded if one.answer]


def element_voices(session: Session, element_id: int) -> ElementVoices:
    """Return what was said about an element, what was concluded, and how its wording changed."""
    return ElementVoices(
        _said(session, element_id),
        _concluded(session, element_id),
        _changes(session, element_id),
    )


def _said(session: Session, element_id: int) -> Said:
    aggregates = aggregates_about(session, element_id, limit=6)

    def all_of(kind: ContributionKind) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((Contribution.kind == kind, 1), else_=0)).over()

    rows = session.execute(
        sa.select(
            Contribution.text,
            Contribution.language,
            Contribution.kind,
            sa.func.coalesce(_idea.c.number, _comment.c.number),
            all_of(ContributionKind.IDEA),
            all_of(ContributionKind.COMMENT),
            all_of(ContributionKind.SURVEY_REMARK),
            sa.func.max(Contribution.published_at).over(),
        )
        .join(ContributionElement, ContributionElement.contribution_id == Contribution.id)
        .outerjoin(_idea, _idea.c.id == Contribution.id)
        .outerjoin(_comment, _comment.c.id == Contribution.id)
        .where(
            ContributionElement.element_id == element_id,
            by_people(),
            published(),
            Contribution.text != "",
        )
        .order_by(
            sa.func.coalesce(_idea.c.supports, 0).desc(),
            Contribution.published_at.desc(),
            Contribution.id,
        )
        .limit(_QUOTES)
    ).all()
    if not rows:
        return Said(aggregates, ())
    quotes = [Quote(excerpt(text, 180), *more) for text, *more in (row[:4] for row in rows)]
    ideas, comments, remarks, latest = rows[0][4:]
    return Said(aggregates, quotes, ideas, comments, remarks, latest)


def _concluded(session: Session, element_id: int) -> list[Concluded]:
    """Read findings, their evidence counts and their published answers in one query."""
    counts = (
        sa.select(Evidence.finding_id, *_labelled_counts())
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .join(FindingElement, FindingElement.finding_id == Evidence.finding_id)
        .where(FindingElement.element_id == element_id)
        .group_by(Evidence.finding_id)
        .subquery()
    )
    answers = (
        sa.select(AnsweredFinding.finding_id, AnsweredFinding.answer_id)
        .join(OfficialAnswer, OfficialAnswer.id == AnsweredFinding.answer_id)
        .where(OfficialAnswer.published_at.is_not(None))
        .subquery()
    )
    rows = session.execute(
        sa.select(Finding, OfficialAnswer, *[counts.c[name] for name in _COUNT_NAMES])
        .join(FindingElement, FindingElement.finding_id == Finding.id)
        .join(counts, counts.c.finding_id == Finding.id)
        .outerjoin(answers, answers.c.finding_id == Finding.id)
        .outerjoin(OfficialAnswer, OfficialAnswer.id == answers.c.answer_id)
        .where(FindingElement.element_id == element_id)
        .order_by(OfficialAnswer.id.is_(None), Finding.number.desc())
        .limit(_FINDINGS)
    )
    return [
        Concluded(finding, EvidenceCount(*numbers), answer) for finding, answer, *numbers in rows
    ]


_COUNT_NAMES = ("ideas", "comments", "remarks", "aggregates", "gone", "stated")


def _labelled_counts() -> list[sa.Label[int]]:
    named = zip(_COUNT_NAMES, count_columns(), strict=True)
    return [column.label(name) for name, column in named]


def _changes(session: Session, element_id: int) -> list[WordingChange]:
    """Read the changes that adopted versions made, and whose wording they took over."""
    base = aliased(StrategyVersion)
    rows = session.execute(
        sa.select(Change, StrategyVersion, base.number)
        .join(Revision, Revision.id == Change.revision_id)
        .join(StrategyVersion, StrategyVersion.id == Revision.resulting_version_id)
        .join(base, base.id == Revision.base_version_id)
        .outerjoin(Change.reasons)
        .outerjoin(ChangeReason.finding)
        .where(Change.element_id == element_id, Revision.status == RevisionStatus.ADOPTED)
        .options(
            joinedload(Change.fields),
            contains_eager(Change.reasons).contains_eager(ChangeReason.finding),
        )
        .order_by(StrategyVersion.number.desc(), ChangeReason.id)
    ).unique()
    shown = [WordingChange(*row) for row in rows][:_CHANGES]
    credited = credits_of(session, [one.change.id for one in shown])
    return [replace(one, credited=credited[one.change.id]) for one in shown]
