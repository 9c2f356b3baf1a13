"""What was answered the last time the same question was asked: from released results only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.engagements.models import Engagement
from participation.insights.models import Aggregate, AggregateKind
from participation.insights.results import SurveyTable, result_of
from participation.insights.spoken import tables_in
from participation.surveys.models import Question, SurveyVersion
from participation.surveys.tables import CountRow

_MOST_EARLIER = 20


@dataclass(frozen=True)
class ComparedRow:
    """A row of both results; None is what is not shown, or was no answer then."""

    label: str
    now: CountRow | None
    before: CountRow | None


@dataclass(frozen=True)
class Comparison:
    """A result beside that of the last time. `is_reworded` if other words were read then."""

    engagement: Engagement
    now: SurveyTable
    before: SurveyTable
    rows: tuple[ComparedRow, ...]
    is_reworded: bool


def comparisons_of(
    session: Session, engagement: Engagement, aggregates: Iterable[Aggregate]
) -> dict[int, Comparison]:
    """Return what results are compared with, by the id of the aggregate; two statements."""
    tables = {
        row.id: table
        for row in aggregates
        if isinstance(table := result_of(row), SurveyTable) and table.series and not table.withheld
    }
    earlier = _earlier(session, engagement, {table.series for table in tables.values()})
    found = {}
    for aggregate_id, table in tables.items():
        last = next((one for one in earlier if one[1].series == table.series), None)
        if last is not None and last[1].kind is table.kind:
            found[aggregate_id] = compare(last[0].engagement, table, last[1])
    return found


def compare(earlier: Engagement, now: SurveyTable, before: SurveyTable) -> Comparison:
    """Put two tables side by side; only rows of the same words are compared."""
    by_label = {row.label: row for row in before.rows}
    rows = [ComparedRow(row.label, row, by_label.pop(row.label, None)) for row in now.rows]
    rows += [ComparedRow(label, None, row) for label, row in by_label.items()]
    return Comparison(earlier, now, before, tuple(rows), wording_of(now) != wording_of(before))


def comparisons_in(
    session: Session, engagement: Engagement, comparisons: Mapping[int, Comparison], language: str
) -> dict[int, Comparison]:
    """Return comparisons in a language, one query for all.

    What belongs together has been found by the German words, and stays together.
    """
    tables = [
        (survey_id, table)
        for one in comparisons.values()
        for survey_id, table in ((engagement.id, one.now), (one.engagement.id, one.before))
    ]
    spoken = iter(tables_in(session, tables, language))
    return {place: _said(one, next(spoken), next(spoken)) for place, one in comparisons.items()}


def _said(comparison: Comparison, now: SurveyTable, before: SurveyTable) -> Comparison:
    rows_now = dict(zip(comparison.now.rows, now.rows, strict=True))
    rows_before = dict(zip(comparison.before.rows, before.rows, strict=True))
    rows = tuple(
        ComparedRow(
            row.label, row.now and rows_now[row.now], row.before and rows_before[row.before]
        )
        for row in comparison.rows
    )
    return replace(comparison, now=now, before=before, rows=rows)


def wording_of(table: SurveyTable) -> tuple[str, ...]:
    """Return the words that people read: the question, what stands over it, and the ends."""
    return tuple(
        " ".join(words.split())
        for words in (table.group_text, table.question, table.low, table.high)
    )


def _earlier(
    session: Session, engagement: Engagement, series: set[str]
) -> Sequence[tuple[Aggregate, SurveyTable]]:
    """Return the final results of earlier surveys that asked in one of the series, latest first."""
    if not series:
        return ()
    asked = (
        sa.select(SurveyVersion.survey_id)
        .join(Question, Question.version_id == SurveyVersion.id)
        .where(Question.series.in_(series))
    )
    recent = (
        sa.select(Engagement.id)
        .where(
            Engagement.id.in_(asked),
            Engagement.municipality_id == engagement.municipality_id,
            Engagement.published_at.is_not(None),
            Engagement.closes_at < engagement.closes_at,
            Engagement.id != engagement.id,
        )
        .order_by(Engagement.closes_at.desc(), Engagement.id.desc())
        .limit(_MOST_EARLIER)
    )
    rows = session.scalars(
        sa.select(Aggregate)
        .join(Engagement, Engagement.id == Aggregate.engagement_id)
        .options(joinedload(Aggregate.engagement))
        .where(
            Aggregate.engagement_id.in_(recent),
            Aggregate.final.is_(True),
            Aggregate.kind == AggregateKind.SURVEY_QUESTION,
        )
        .order_by(Engagement.closes_at.desc(), Engagement.id.desc(), Aggregate.position)
    ).all()
    tables = [(row, result_of(row)) for row in rows]
    return [
        (row, table)
        for row, table in tables
        if isinstance(table, SurveyTable) and table.series in series and not table.withheld
    ]
