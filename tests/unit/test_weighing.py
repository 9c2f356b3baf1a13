"""A mean is so coarse that it tells of nobody."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.analysis.disclosure import FEWEST_VALUES, rounded
from participation.analysis.weighing import (
    leaves_open,
    mean_in_range,
    mean_rank,
    nearly_all_alike,
    nice_step,
    share_of_sum,
)


@pytest.mark.parametrize("places", [2, 3, 6])
@pytest.mark.parametrize("people", [6, 10, 12, 29, 30, 59, 60, 100])
def test_at_least_three_sums_lie_behind_every_mean_rank(people, places):
    behind: dict[Fraction, set[int]] = defaultdict(set)
    for total in range(people, places * people + 1):
        found = mean_rank(Fraction(total), people, places)
        assert found is not None
        behind[found[0]].add(total)
    assert min(len(totals) for totals in behind.values()) >= FEWEST_VALUES


def test_a_mean_rank_of_five_people_or_of_one_choice_is_none():
    assert mean_rank(Fraction(7), 5, 3) is None
    assert mean_rank(Fraction(20), 20, 1) is None
    assert mean_rank(Fraction(0), 0, 3) is None


@pytest.mark.parametrize("places", [3, 4])
def test_a_hidden_number_of_first_places_keeps_three_values_beside_a_mean(places):
    """The reader tries out everything that so many people can have ranked."""
    for people in (10, 12):
        n = rounded(people)
        values: dict[tuple[Fraction, Fraction], set[int]] = defaultdict(set)
        for others in range(n - 2, n + 3):
            for firsts in range(1, 5):
                rest = range(2 * (others - firsts), places * (others - firsts) + 1)
                for sum_of_rest in rest:
                    mean = Fraction(firsts + sum_of_rest, others)
                    for shown in _means_shown(people, places):
                        if abs(mean - shown[0]) <= shown[1] / 2:
                            values[shown].add(firsts)
        for (mean, step), possible in values.items():
            is_open = leaves_open(mean, step, firsts=2, people=people, places=places)
            assert is_open == (len(possible) >= FEWEST_VALUES), (mean, step)


def _means_shown(people: int, places: int) -> set[tuple[Fraction, Fraction]]:
    found = (
        mean_rank(Fraction(total), people, places) for total in range(people, places * people + 1)
    )
    return {one for one in found if one is not None}


def test_a_mean_that_would_tell_first_places_does_not_leave_them_open():
    # One of sixty gives the first place and all others the last of three: 2.97, shown as 3.0.
    shown = mean_rank(Fraction(1 + 59 * 3), 60, 3)
    assert shown is not None
    assert not leaves_open(*shown, firsts=1, people=60, places=3)


@settings(deadline=None)
@given(
    st.integers(min_value=5, max_value=60),
    st.sampled_from([3, 10, 100]),
    st.integers(min_value=0, max_value=10_000),
)
def test_at_least_three_sums_of_points_lie_behind_every_share(people, points, part):
    whole = people * points
    shown = share_of_sum(part % (whole + 1), whole, unit=1)
    if shown is None:
        assert whole < 60
        return
    same = [one for one in range(whole + 1) if share_of_sum(one, whole, unit=1) == shown]
    assert len(same) >= FEWEST_VALUES
    assert 0 <= shown <= 100


def test_shares_are_coarser_where_points_come_in_tens():
    assert share_of_sum(130, 1000, unit=1) == 13
    # Ten people who give only tens give a hundred of them.
    assert share_of_sum(130, 1000, unit=10) == 10
    assert share_of_sum(10, 30, unit=10) is None
    assert share_of_sum(0, 0, unit=1) is None


@given(st.integers(5, 500), st.integers(1, 5000), st.fractions(0, 1))
def test_three_people_more_at_one_end_need_not_change_a_mean_of_numbers(people, span, place):
    total = Fraction(round(place * span * people))
    shown = mean_in_range(total, people, lowest=Fraction(0), highest=Fraction(span))
    assert shown is not None
    step = nice_step(3 * Fraction(span) / people)
    assert step * people >= 3 * span
    assert (shown / step).denominator == 1
    assert abs(shown - total / people) <= step / 2


@pytest.mark.parametrize(
    ("number", "step"),
    [("0.03", "0.05"), ("1", "1"), ("1.01", "2"), ("4", "5"), ("6", "10"), ("120", "200")],
)
def test_a_step_is_one_two_or_five_of_a_power_of_ten(number, step):
    assert nice_step(Fraction(number)) == Fraction(step)


def test_nearly_all_alike_is_when_fewer_than_five_differ():
    assert nearly_all_alike([40, 4])
    assert not nearly_all_alike([40, 5])
    assert nearly_all_alike([])
