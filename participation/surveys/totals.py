"""Totals for staff while a survey runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.disclosure import STAFF_THRESHOLD, rounded
from participation.engagements.models import GRACE
from participation.foundation.clock import local_date
from participation.surveys.models import Survey, SurveyTotals, SurveyVersion
from participation.surveys.queries import (
    current_version,
    find_totals,
    questionnaire_of_version,
    responses_by_version,
)
from participation.surveys.tables import QuestionTable, tables_of

# Fewer new sheets than this would be told by the difference to the totals before.
_GROWTH = 5


@dataclass(frozen=True)
class Totals:
    """Totals as staff see them; `n` is rounded."""

    n: int
    renewed_on: date
    tables: Sequence[QuestionTable]


def totals_of(session: Session, survey_id: int) -> Totals | None:
    """Return the totals that were counted last; None while there are fewer than five sheets.

    They are those of the current version.
    """
    return _totals(find_totals(session, current_version(session, survey_id).id))


def totals_by_version(session: Session, survey_id: int) -> dict[int, Totals]:
    """Return the totals of every version that has some, by its number, the newest first."""
    rows = session.execute(
        sa.select(SurveyVersion.number, SurveyTotals)
        .join(SurveyVersion, SurveyVersion.id == SurveyTotals.version_id)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
    )
    return {number: totals for number, stored in rows if (totals := _totals(stored)) is not None}


def renew_totals(session: Session, *, survey: Survey, at: datetime) -> bool:
    """Count again if at least five sheets more came in; return whether it was done.

    Versions are counted apart. A question that fewer than five more people answered keeps the
    numbers that it had.
    """
    counted = responses_by_version(session, survey.id)
    stored = {
        totals.version_id: totals
        for totals in session.scalars(
            sa.select(SurveyTotals).where(SurveyTotals.version_id.in_(counted))
        )
    }
    grown = {
        version_id: people
        for version_id, people in counted.items()
        if people >= STAFF_THRESHOLD
        and (version_id not in stored or people - stored[version_id].counted >= _GROWTH)
    }
    for version_id, people in grown.items():
        _renew(session, version_id, people, stored.get(version_id), at)
    session.flush()
    return bool(grown)


def _renew(
    session: Session, version_id: int, people: int, stored: SurveyTotals | None, at: datetime
) -> None:
    questionnaire = questionnaire_of_version(session, version_id)
    tables = tables_of(session, questionnaire, threshold=STAFF_THRESHOLD)
    before = _totals(stored)
    if before is not None:
        earlier = {table.code: table for table in before.tables}
        tables = [_unless_barely_grown(table, earlier.get(table.code)) for table in tables]
    if stored is None:
        stored = SurveyTotals(version_id=version_id)
        session.add(stored)
    stored.counted = people
    stored.tables = {"questions": [table.as_json() for table in tables]}
    stored.renewed_on = local_date(at)


def _totals(stored: SurveyTotals | None) -> Totals | None:
    if stored is None:
        return None
    return Totals(
        n=rounded(stored.counted),
        renewed_on=stored.renewed_on,
        tables=[QuestionTable.from_json(table) for table in stored.tables["questions"]],
    )


def running_surveys(session: Session, *, at: datetime) -> Sequence[Survey]:
    """Return the surveys that people can answer now."""
    return session.scalars(
        sa.select(Survey)
        .where(
            Survey.published_at.is_not(None),
            Survey.opens_at <= at,
            Survey.closes_at > at - GRACE,
        )
        .order_by(Survey.id)
    ).all()


def _unless_barely_grown(table: QuestionTable, earlier: QuestionTable | None) -> QuestionTable:
    # Both are rounded: ten between them are at least six people.
    if earlier is None or earlier.withheld or table.n - earlier.n >= 2 * _GROWTH:
        return table
    return earlier
