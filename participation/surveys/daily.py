"""How many sheets came in a day: counts for staff, none below five shown exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel
from participation.surveys.answers import SurveyResponse

_SHOWN_FROM = 5
_ROUNDED_TO = 5
_MOST_DAYS = 120


@dataclass(frozen=True)
class DayCount:
    """What may be shown of a day: about how many; None for one to four."""

    day: date
    shown: int | None


def responses_by_day(session: Session, survey_id: int) -> list[DayCount]:
    """Return the last days on which sheets came, in their order."""
    rows = session.execute(
        sa.select(SurveyResponse.day, sa.func.count())
        .where(SurveyResponse.survey_id == survey_id)
        .group_by(SurveyResponse.day)
        .order_by(SurveyResponse.day.desc())
        .limit(_MOST_DAYS)
    ).all()
    return [DayCount(day, shown_count(number)) for day, number in reversed(rows)]


def responses_by_channel(session: Session, survey_id: int) -> Sequence[tuple[Channel, int | None]]:
    """Return by which ways sheets came, and about how many by each."""
    rows = session.execute(
        sa.select(SurveyResponse.channel, sa.func.count())
        .where(SurveyResponse.survey_id == survey_id)
        .group_by(SurveyResponse.channel)
    )
    numbers: dict[Channel, int] = dict(rows.all())
    return [(channel, shown_count(numbers[channel])) for channel in Channel if channel in numbers]


def shown_count(number: int) -> int | None:
    """Return a count rounded to fives; None if it is so small that it is not shown."""
    if number < _SHOWN_FROM:
        return None
    return (number + _ROUNDED_TO // 2) // _ROUNDED_TO * _ROUNDED_TO
