"""Who asks a question of the library asks what other towns ask; each compares with itself only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.insights.aggregation import aggregate
from participation.insights.comparison import comparisons_of
from participation.insights.feeding import put_feed
from participation.insights.feeds import scale_questions
from participation.insights.queries import released
from participation.strategy.models import IndicatorKind, Measurement
from participation.surveys.library import insert_questions, library_question

SATISFACTION = "satisfaction-digital-services"


@pytest.fixture
def towns(make):
    return make.municipality("lindenow", "Lindenow"), make.municipality("anderswo", "Anderswo")


def ask(make, session, town, *, days_ago, ticks):
    """Ask a question of the library in a town, and release what was answered."""
    survey = make.survey(
        town,
        questions=[],
        published=False,
        opens_at=make.at - timedelta(days=days_ago + 10),
        closes_at=make.at - timedelta(days=days_ago),
    )
    (question,) = insert_questions(session, survey=survey, keys=[SATISFACTION])
    assert question.series == library_question(SATISFACTION).series
    survey.published_at = survey.opens_at
    make.answered(survey, **{question.code: ticks})
    session.flush()
    aggregate(session, engagement=survey, actor=None, at=make.at, final=True)
    return survey


def test_a_question_of_the_library_is_compared_with_the_same_towns_last_time_only(
    make, session, towns
):
    here, elsewhere = towns
    first = ask(make, session, here, days_ago=30, ticks={"2": 20, "4": 20})
    ask(make, session, elsewhere, days_ago=20, ticks={"1": 20, "2": 20})
    second = ask(make, session, here, days_ago=10, ticks={"4": 20, "5": 20})
    (found,) = comparisons_of(session, second, released(session, second)).values()
    assert found.engagement.id == first.id
    assert (found.before.mean, found.now.mean) == (3.0, 4.5)
    alone = ask(make, session, elsewhere, days_ago=5, ticks={"3": 20, "5": 20})
    (found,) = comparisons_of(session, alone, released(session, alone)).values()
    assert found.engagement.municipality_id == elsewhere.id


def test_a_town_that_asks_for_the_first_time_is_compared_with_nobody(make, session, towns):
    here, elsewhere = towns
    ask(make, session, elsewhere, days_ago=30, ticks={"1": 20, "2": 20})
    survey = ask(make, session, here, days_ago=10, ticks={"4": 20, "5": 20})
    assert comparisons_of(session, survey, released(session, survey)) == {}


def test_an_indicator_is_fed_by_its_own_towns_surveys_only(make, session, towns):
    here, elsewhere = towns
    indicator = make.indicator(make.measure(make.strategy(here)), kind=IndicatorKind.QUALITATIVE)
    series = library_question(SATISFACTION).series
    ask(make, session, here, days_ago=40, ticks={"3": 40})
    put_feed(
        session, indicator=indicator, municipality_id=here.id, series=series, actor=None, at=make.at
    )
    ask(make, session, elsewhere, days_ago=20, ticks={"1": 20, "2": 20})
    measured = sa.select(Measurement.value).where(Measurement.indicator_id == indicator.id)
    assert session.scalars(measured).all() == []
    ask(make, session, here, days_ago=10, ticks={"4": 20, "5": 20})
    assert [float(value) for value in session.scalars(measured)] == [4.5]
    assert {one.series for one in scale_questions(session, elsewhere.id)} == {series}
