"""What is read about questions that feed indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.models import Engagement
from participation.insights.models import IndicatorFeed
from participation.strategy.models import Element, Indicator, Strategy
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Question,
    QuestionKind,
    QuestionText,
    SurveyVersion,
)

_MOST_OFFERED = 100


@dataclass(frozen=True)
class ScaleQuestion:
    """A scale that is asked again and again: its series, and how it was worded last."""

    series: str
    text: str
    survey: str


def scale_questions(session: Session, municipality_id: int) -> Sequence[ScaleQuestion]:
    """Return the scales of a municipality's surveys, each series once, the newest first."""
    rows = session.execute(
        sa.select(Question.series, QuestionText.text, Engagement.title)
        .join(SurveyVersion, SurveyVersion.id == Question.version_id)
        .join(Engagement, Engagement.id == SurveyVersion.survey_id)
        .join(
            QuestionText,
            sa.and_(
                QuestionText.question_id == Question.id, QuestionText.language == FIRST_LANGUAGE
            ),
        )
        .where(Engagement.municipality_id == municipality_id, Question.kind == QuestionKind.SCALE)
        .order_by(Engagement.closes_at.desc(), SurveyVersion.number.desc(), Question.position)
        .limit(10 * _MOST_OFFERED)
    )
    found: dict[str, ScaleQuestion] = {}
    for series, text, title in rows:
        found.setdefault(series, ScaleQuestion(series, text, title))
    return list(found.values())[:_MOST_OFFERED]


def feed_of(session: Session, indicator_id: int) -> str | None:
    """Return the series that feeds an indicator."""
    return session.scalar(
        sa.select(IndicatorFeed.series).where(IndicatorFeed.indicator_id == indicator_id)
    )


def of_municipality(municipality_id: int) -> sa.ColumnElement[bool]:
    """Tell of indicators that they are of a municipality's strategy."""
    return Indicator.element_id.in_(
        sa.select(Element.id)
        .join(Strategy, Strategy.id == Element.strategy_id)
        .where(Strategy.municipality_id == municipality_id)
    )
