"""A scale that is asked again feeds a qualitative indicator, with n, margin and breaks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from math import sqrt

import pytest
import sqlalchemy as sa
from flask import url_for

from participation.accounts.models import Role
from participation.analysis.margins import margin_of_mean
from participation.insights.aggregation import aggregate
from participation.insights.models import IndicatorFeed
from participation.strategy.models import IndicatorKind, Measurement
from participation.strategy.operations import record_measurement
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import QuestionKind
from tests.conftest import NOON

OPENED = NOON - timedelta(days=30)


def scale(text="Wie leicht geht es?", series="leicht"):
    return QuestionDraft(
        QuestionKind.SCALE, text, points=5, low="schwer", high="leicht", series=series
    )


@pytest.fixture
def measure(site):
    measure = site.make.loop(site.municipality).measure
    site.session.commit()
    return measure


@pytest.fixture
def indicator(site, measure):
    indicator = site.make.indicator(
        measure, name="Zufriedenheit", kind=IndicatorKind.QUALITATIVE, unit="von 5"
    )
    site.session.commit()
    return indicator


@pytest.fixture
def path(measure, indicator):
    return f"/werkstatt/strategie/{measure.code}/stand/indikatoren/{indicator.id}/umfrage"


def survey_of(site, days_ago, *, draft=None, ticks=None):
    """Return a survey that ended so many days ago and was answered."""
    survey = site.make.survey(
        site.municipality,
        questions=[draft or scale()],
        opens_at=OPENED,
        closes_at=NOON - timedelta(days=days_ago),
    )
    site.make.answered(survey, F1=ticks or {"2": 10, "4": 30})
    site.session.commit()
    return survey


def release(site, survey):
    aggregate(site.session, engagement=survey, actor=None, at=NOON, final=True)
    site.session.commit()


def values(site, indicator):
    return list(
        site.session.scalars(
            sa.select(Measurement)
            .where(Measurement.indicator_id == indicator.id)
            .order_by(Measurement.measured_on)
        )
    )


def test_the_margin_is_that_of_a_mean_and_never_too_narrow():
    counts = [(2.0, 10), (4.0, 30)]
    deviation = sqrt((10 * 1.5**2 + 30 * 0.5**2) / 39)
    assert margin_of_mean(counts, 40, lowest=1, highest=5) == pytest.approx(
        1.96 * deviation / sqrt(40), rel=1e-4
    )
    assert margin_of_mean(None, 40, lowest=1, highest=5) == pytest.approx(
        1.96 * 2 / sqrt(40), rel=1e-4
    )
    assert margin_of_mean([], 1, lowest=1, highest=5) == 4


def test_a_clerk_chooses_the_question_and_the_final_release_measures(
    site, measure, indicator, path
):
    survey = survey_of(site, 1)
    strategist = site.staff(Role.STRATEGIST)
    facts = f"/werkstatt/strategie/{measure.code}/stand"
    assert f'href="{path}"' in strategist.get(facts).text
    assert "„Wie leicht geht es?“" in strategist.get(path).text
    assert strategist.post(path, data={"series": "leicht"}).status_code == 303
    release(site, survey)
    (value,) = values(site, indicator)
    assert (value.value, value.n, value.is_break) == (Decimal("3.50"), 40, False)
    assert value.margin == Decimal("0.27")
    assert value.measured_on == (NOON - timedelta(days=1)).date()
    assert "Fehlerspanne ± 0,27" in strategist.get(facts).text
    with site.app.test_request_context():
        address = url_for("portal.element", code=measure.code)
    assert "Fehlerspanne ± 0,27" in site.visitor().get(address).text


def test_other_words_are_marked_as_a_break_and_the_same_are_not(site, indicator, path):
    site.staff(Role.STRATEGIST).post(path, data={"series": "leicht"})
    surveys = [survey_of(site, 20)]
    strategist = site.staff(Role.STRATEGIST)
    strategist.post(path, data={"series": "leicht"})
    surveys += [survey_of(site, 10), survey_of(site, 5, draft=scale("Wie schwer geht es?"))]
    for survey in surveys:
        release(site, survey)
    assert [one.is_break for one in values(site, indicator)] == [False, False, True]


def test_a_mean_that_may_not_be_shown_measures_nothing(site, indicator, path):
    survey = survey_of(site, 1, ticks={"1": 2, "2": 2, "3": 20, "4": 2, "5": 14})
    site.staff(Role.STRATEGIST).post(path, data={"series": "leicht"})
    release(site, survey)
    assert values(site, indicator) == []


def test_a_day_that_has_a_value_keeps_it(site, indicator, path):
    survey = survey_of(site, 1)
    record_measurement(
        site.session, indicator=indicator, value=Decimal(2), on=(NOON - timedelta(days=1)).date()
    )
    site.session.commit()
    site.staff(Role.STRATEGIST).post(path, data={"series": "leicht"})
    release(site, survey)
    assert [one.n for one in values(site, indicator)] == [None, 40]


def test_what_cannot_feed_is_refused_and_nothing_is_stored(site, measure, indicator, path):
    survey_of(site, 1)
    strategist = site.staff(Role.STRATEGIST)
    assert strategist.post(path, data={"series": "fremd"}).status_code == 422
    assert strategist.post(path, data={}).status_code in {303, 422}
    counted = site.make.indicator(measure)
    site.session.commit()
    other = path.replace(f"/{indicator.id}/", f"/{counted.id}/")
    assert "wird gezählt" in strategist.get(other).text
    assert strategist.post(other, data={"series": "leicht"}).status_code == 303
    assert site.session.scalars(sa.select(IndicatorFeed)).all() == []


def test_a_feed_can_be_ended_again(site, indicator, path):
    survey = survey_of(site, 1)
    strategist = site.staff(Role.STRATEGIST)
    strategist.post(path, data={"series": "leicht"})
    strategist.post(path, data={"series": "-"})
    release(site, survey)
    assert values(site, indicator) == []
