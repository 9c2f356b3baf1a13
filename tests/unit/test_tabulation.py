"""Tables hold exactly what was counted."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.analysis.disclosure import Shape
from participation.analysis.intervals import wilson
from participation.analysis.tabulation import (
    agreement,
    on_a_scale,
    one_of_them,
    several_of_them,
)

CODES = ("a", "b", "c", "d")


@given(st.lists(st.sampled_from(CODES)))
def test_a_table_of_single_answers_counts_every_answer_once(answers):
    table = one_of_them(CODES, Counter(answers))
    assert table.counts == tuple(answers.count(code) for code in CODES)
    assert table.base == len(answers)


@given(st.lists(st.sampled_from(("1", "2", "3"))))
def test_a_scale_counts_every_point_and_keeps_its_value(answers):
    table = on_a_scale(("1", "2", "3"), Counter(answers), values=(1, 2, 3))
    assert table.shape is Shape.SCALE
    assert sum(table.counts) == len(answers)
    assert table.values == (1, 2, 3)


@given(st.lists(st.sets(st.sampled_from(CODES), min_size=1)))
def test_several_answers_count_people_once_and_ticks_each(sheets):
    ticks = Counter(code for sheet in sheets for code in sheet)
    table = several_of_them(CODES, ticks, base=len(sheets))
    assert table.base == len(sheets)
    assert table.counts == tuple(sum(code in sheet for sheet in sheets) for code in CODES)


def test_limits_that_imported_answers_do_not_keep_are_left_out():
    table = several_of_them(CODES, {"a": 10, "b": 2}, base=10, least=2, most=1)
    assert (table.least, table.most) == (1, 4)


def test_a_counted_code_that_is_no_choice_is_refused():
    with pytest.raises(ValueError, match="no choice: x"):
        one_of_them(CODES, {"x": 1})


def test_agreement_leaves_out_who_passed():
    assert agreement(30, 10) == 75
    assert agreement(0, 0) is None


def test_the_interval_of_a_share_is_wilsons():
    low, high = wilson(15, 50)
    assert low == pytest.approx(0.1910, abs=1e-4)
    assert high == pytest.approx(0.4375, abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(min_value=0, max_value=500), st.integers(min_value=0, max_value=500))
def test_the_interval_holds_the_share_and_stays_within_nought_and_one(part, rest):
    low, high = wilson(part, part + rest)
    assert 0 <= low <= high <= 1
    if part + rest:
        assert low <= part / (part + rest) <= high


def test_a_part_larger_than_its_whole_is_refused():
    with pytest.raises(ValueError, match="larger"):
        wilson(3, 2)
