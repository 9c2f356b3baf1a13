"""What happens to elements: progress, milestones, indicators, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from participation.accounts.models import Municipality
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.strategy import operations, queries, records
from participation.strategy.models import (
    ProgressState,
    Strategy,
)
from tests.factories import Make


@pytest.fixture
def town(make: Make) -> Municipality:
    return make.municipality()


@pytest.fixture
def strategy(make: Make, town: Municipality) -> Strategy:
    return make.strategy(town)


def test_the_newest_report_of_a_day_is_the_one_that_counts(session, make, town):
    strategy = make.adopted_strategy(town)
    measure = queries.get_element(session, strategy.id, "M-01")
    today = make.at.date()
    for percent, day in ((30, today), (50, today), (10, today - timedelta(days=30))):
        operations.report_progress(
            session, element=measure, state=ProgressState.RUNNING, percent=percent, on=day
        )
    assert records.latest_progress(session, strategy.id)[measure.id].percent == 50
    assert [it.percent for it in records.progress_reports(session, measure.id)] == [50, 30, 10]


@pytest.mark.parametrize(
    ("state", "percent", "reason", "field"),
    [
        (ProgressState.RUNNING, 101, "", "percent"),
        (ProgressState.DONE, 90, "", "percent"),
        (ProgressState.AT_RISK, 40, " ", "reason"),
        (ProgressState.STOPPED, 40, "", "reason"),
    ],
)
def test_a_report_that_does_not_hold_together_is_refused(
    session, make, strategy, state, percent, reason, field
):
    with pytest.raises(Refused) as refusal:
        operations.report_progress(
            session,
            element=make.measure(strategy),
            state=state,
            percent=percent,
            reason=reason,
            on=make.at.date(),
        )
    assert refusal.value.field == field


def test_progress_milestones_and_indicators_stand_only_where_they_belong(session, make, strategy):
    goal, field = make.goal(strategy), queries.get_element(session, strategy.id, "HF-1")
    day = make.at.date()
    with pytest.raises(Refused):
        operations.report_progress(
            session, element=field, state=ProgressState.RUNNING, percent=1, on=day
        )
    with pytest.raises(Refused):
        operations.add_milestone(session, element=goal, title="Start", planned_on=day)
    with pytest.raises(Refused):
        make.indicator(goal)
    assert make.indicator(field).id


def test_an_indicator_has_one_value_a_day_and_stays_once_it_has_any(session, make, strategy):
    indicator = make.indicator(make.measure(strategy))
    day = make.at.date()
    value = operations.record_measurement(
        session, indicator=indicator, value=Decimal("22.5"), on=day
    )
    with pytest.raises(Refused) as refusal:
        operations.record_measurement(session, indicator=indicator, value=Decimal(3), on=day)
    assert refusal.value.field == "measured_on"
    session.refresh(indicator)
    with pytest.raises(Conflict):
        operations.drop_indicator(session, indicator=indicator)
    operations.drop_measurement(session, measurement=value)
    session.refresh(indicator)
    operations.drop_indicator(session, indicator=indicator)
    assert records.indicators_of(session, [indicator.element_id]) == {}


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 13])
def test_a_value_that_cannot_be_stored_is_refused(session, make, strategy, value):
    indicator = make.indicator(make.measure(strategy))
    with pytest.raises(Refused):
        operations.record_measurement(session, indicator=indicator, value=value, on=make.at.date())


def test_a_milestone_is_planned_reached_and_then_stays(session, make, strategy):
    measure = make.measure(strategy)
    milestone = operations.add_milestone(
        session, element=measure, title="Abend bis 19 Uhr", planned_on=date(2026, 10, 1)
    )
    operations.reach_milestone(session, milestone=milestone, on=date(2026, 10, 8))
    with pytest.raises(Conflict):
        operations.drop_milestone(session, milestone=milestone)
    assert records.milestones_of(session, measure.id) == [milestone]


def test_a_fact_of_another_element_is_not_found(session, make, strategy):
    indicator = make.indicator(make.measure(strategy))
    other = make.measure(strategy)
    with pytest.raises(NotFound):
        records.get_indicator(session, other.id, indicator.id)
