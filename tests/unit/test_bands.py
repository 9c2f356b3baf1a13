"""Numbers and days fall into bands, every one into exactly one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.analysis.bands import Band, Period, in_bands, number_bands, periods
from participation.analysis.disclosure import SMALL

numbers = st.dictionaries(
    st.decimals(-1000, 1000, places=1), st.integers(1, 20), min_size=1, max_size=30
)


@given(numbers, st.booleans(), st.booleans())
def test_every_number_lies_in_exactly_one_band(counted, has_lowest, has_highest):
    lowest = min(counted) if has_lowest else None
    highest = max(counted) if has_highest else None
    bands = number_bands(counted, lowest=lowest, highest=highest, decimals=1)
    assert sum(in_bands(counted, bands)) == sum(counted.values())
    for value in counted:
        (place,) = [
            place
            for place, band in enumerate(bands)
            if (band.low is None or band.low <= value) and (band.high is None or value <= band.high)
        ]
        alone = in_bands({value: 1}, bands)
        assert alone[place] == 1
    assert len(bands) <= 14


@given(numbers)
def test_where_a_question_has_no_range_the_outermost_bands_are_open(counted):
    bands = number_bands(counted, decimals=1)
    assert bands[0].low is None
    assert bands[-1].high is None
    assert bands[0].middle is None


def test_a_short_range_has_a_band_for_each_number_whatever_was_answered():
    bands = number_bands({}, lowest=Decimal(0), highest=Decimal(3))
    assert bands == [Band(Decimal(n), Decimal(n)) for n in range(4)]
    assert bands[2].middle == 2


@pytest.mark.parametrize(
    ("lowest", "highest", "ends"),
    [(0, 120, ["0–19", "20–39", "40–59", "60–79", "80–99", "100–120"]), (1, 13, ["1–1", "2–3"])],
)
def test_a_long_range_is_cut_at_round_numbers(lowest, highest, ends):
    bands = number_bands({Decimal(5): 1}, lowest=Decimal(lowest), highest=Decimal(highest))
    assert [f"{band.low}–{band.high}" for band in bands][: len(ends)] == ends


def test_of_numbers_with_decimals_each_band_but_the_last_says_what_it_stays_below():
    counted = {Decimal("5.5"): 1}
    bands = number_bands(counted, lowest=Decimal(0), highest=Decimal(100), decimals=2)
    assert [(band.low, band.high, band.below) for band in (bands[0], bands[-1])] == [
        (Decimal(0), Decimal("19.99"), Decimal(20)),
        (Decimal(80), Decimal(100), None),
    ]
    whole = number_bands(counted, lowest=Decimal(0), highest=Decimal(100))
    assert {band.below for band in whole} == {None}


def test_a_band_of_one_number_with_decimals_is_that_number():
    bands = number_bands({}, lowest=Decimal(0), highest=Decimal("0.3"), decimals=1)
    assert bands == []
    bands = number_bands({Decimal(0): 1}, lowest=Decimal(0), highest=Decimal("0.3"), decimals=1)
    assert [band.below for band in bands] == [None] * len(bands)


def test_nothing_that_was_answered_gives_no_band():
    assert number_bands({}) == []
    assert periods({}) == (True, [], [])


days = st.dictionaries(
    st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(1, 9), min_size=1, max_size=40
)


@given(days)
def test_every_day_lies_in_a_period_and_no_end_tells_of_one_person(counted):
    _, found, counts = periods(counted)
    assert len(found) == len(counts)
    assert sum(counts) == sum(counted.values())
    if len(found) > 1:
        assert counts[0] >= SMALL
        assert counts[-1] >= SMALL
        assert found[0].first is None
        assert found[-1].last is None


def test_days_are_counted_by_month_up_to_two_years_and_by_year_beyond():
    by_month, found, counts = periods({date(2026, 1, 31): 5, date(2026, 3, 1): 6})
    assert by_month
    january = 12 * 2026
    assert found == [
        Period(None, january),
        Period(january + 1, january + 1),
        Period(january + 2, None),
    ]
    assert counts == [5, 0, 6]
    by_month, found, _ = periods({date(2020, 1, 31): 5, date(2026, 3, 1): 6})
    assert not by_month
    assert (found[0].last, found[-1].first) == (2020, 2026)
    assert periods({date(2020, 1, 31): 5})[1] == [Period(12 * 2020, 12 * 2020)]
