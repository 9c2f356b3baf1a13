"""Disclosure control: its rules by example, and properties of every table."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.analysis.disclosure import (
    PUBLIC_THRESHOLD,
    STAFF_THRESHOLD,
    Counts,
    Shape,
    Shown,
    disclose,
    percent,
    rounded,
)
from tests.disclosure_reader import assert_safe, many, one, shown_of


def scale(*counts: int) -> Counts:
    return replace(one(*counts), shape=Shape.SCALE, values=tuple(range(1, len(counts) + 1)))


def as_pairs(shown: Shown) -> list[tuple[str, int | None]]:
    return [("".join(cell.codes), cell.count) for cell in shown.cells]


# What the rules say, by example ----------------------------------------------------------------


def test_nothing_is_shown_to_the_public_below_ten_people():
    assert shown_of(one(5, 4)).withheld
    assert shown_of(one(5, 4)).n == 0
    assert not shown_of(one(5, 5)).withheld


def test_staff_see_totals_from_five_people():
    assert shown_of(one(4), STAFF_THRESHOLD).withheld
    assert as_pairs(shown_of(one(5, 0), STAFF_THRESHOLD)) == [("a", 5), ("b", 0)]


def test_a_single_small_cell_is_hidden_and_the_others_are_rounded():
    shown = shown_of(one(110, 102, 1))
    assert as_pairs(shown) == [("a", 110), ("b", 100), ("c", None)]
    assert shown.n == 215
    assert [cell.share for cell in shown.cells] == [51, 47, None]


def test_small_categories_are_merged_before_anything_is_hidden():
    assert as_pairs(shown_of(one(149, 57, 5, 2))) == [("a", 150), ("b", 55), ("c", 5), ("d", None)]
    assert as_pairs(shown_of(one(179, 20, 7, 4, 3))) == [
        ("a", 180),
        ("b", 20),
        ("c", 5),
        ("de", 5),
    ]


def test_an_empty_category_joins_the_small_ones_so_that_none_is_known_to_be_there():
    assert as_pairs(shown_of(one(30, 0, 3))) == [("a", 30), ("bc", None)]
    assert as_pairs(shown_of(one(30, 0, 10))) == [("a", 30), ("b", 0), ("c", 10)]


def test_two_merged_cells_that_could_only_be_four_each_are_not_shown():
    # 4 + 4 is shown as 10, and no other two counts below five are.
    assert ("bc", 10) not in as_pairs(shown_of(one(100, 4, 4)))


def test_small_points_of_a_scale_join_their_neighbours():
    assert as_pairs(shown_of(scale(2, 9, 30, 40, 1))) == [("ab", 10), ("c", 30), ("de", 40)]


def test_a_scale_has_a_mean_only_where_every_point_is_shown():
    assert shown_of(scale(10, 20, 30)).mean == pytest.approx(2.3)
    assert shown_of(scale(1, 20, 30)).mean is None


def test_a_table_that_merges_into_one_row_is_withheld():
    assert shown_of(one(2, 2, 2, 2, 2)).withheld
    assert shown_of(scale(2, 2, 2, 2, 2)).withheld


def test_options_of_a_multiple_choice_are_never_merged():
    assert as_pairs(shown_of(many(40, 38, 2, 1))) == [("a", 40), ("b", None), ("c", None)]


def test_a_group_in_which_all_gave_the_same_sensitive_answer_is_hidden():
    assert shown_of(one(40, 0, sensitive=True)).withheld
    assert shown_of(many(40, 40, 20, sensitive=True)).withheld
    assert not shown_of(one(40, 0)).withheld
    assert not shown_of(one(35, 5, sensitive=True)).withheld


def test_withholding_a_sensitive_table_does_not_say_that_all_were_alike():
    assert shown_of(one(40, 0, sensitive=True)) == shown_of(one(38, 2, sensitive=True))


def test_another_cell_is_hidden_where_the_rest_would_tell():
    # 10 people at most 12; 5 + 5 leave at most two.
    assert as_pairs(shown_of(one(5, 5, 2))) != [("a", 5), ("b", 5), ("c", None)]
    assert as_pairs(shown_of(one(30, 20, 2))) == [("a", 30), ("b", 20), ("c", None)]


def test_tables_of_the_same_people_are_taken_together():
    # The second table can only be true of some of the totals that the first one leaves open.
    for counts in product(range(5, 10), range(5, 8), range(1, 5)):
        first = one(*counts)
        second = one(5, 5, sum(counts) - 10, mergeable=False)
        tables = [first, second]
        for table, shown in zip(tables, disclose(tables), strict=True):
            assert_safe(table, shown, tables)


def test_percentages_come_from_the_rounded_numbers():
    assert rounded(7) == 5
    assert rounded(8) == 10
    assert percent(1, 8) == 13
    shown = shown_of(one(68, 66, 31, 29, 19))
    assert [cell.share for cell in shown.cells] == [
        percent(cell.count or 0, shown.n) for cell in shown.cells
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"codes": ("a", "a"), "counts": (1, 2), "base": 3},
        {"codes": ("a", "b"), "counts": (4, 2), "base": 3},
        {"codes": ("a", "b"), "counts": (1, 1), "base": 3},
        {"codes": ("a",), "counts": (1, 2), "base": 3},
    ],
)
def test_a_table_that_cannot_be_true_is_refused(broken):
    with pytest.raises(ValueError, match="cell"):
        Counts(**broken)


any_counts = st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=9)


# Properties of every table ---------------------------------------------------------------------


@settings(max_examples=300)
@given(any_counts, st.sampled_from(["one", "scale"]), st.booleans())
def test_every_number_shown_is_rounded_and_no_small_one_is_shown(counts, shape, sensitive):
    make_table = scale if shape == "scale" else one
    table = replace(make_table(*counts[:8]), sensitive=sensitive)
    shown = shown_of(table)
    if shown.withheld:
        assert shown.n == 0
        assert shown.mean is None
        return
    assert table.base >= PUBLIC_THRESHOLD
    assert shown.n == rounded(table.base)
    count_of = dict(zip(table.codes, table.counts, strict=True))
    assert sorted(code for cell in shown.cells for code in cell.codes) == sorted(table.codes)
    for cell in shown.cells:
        total = sum(count_of[code] for code in cell.codes)
        assert (cell.count is None) == (cell.share is None)
        if 0 < total < 5:
            assert cell.count is None
        if cell.count is not None:
            assert cell.count % 5 == 0
            assert abs(cell.count - total) <= 2
            assert 0 <= (cell.share or 0) <= 100


@settings(max_examples=200)
@given(any_counts)
def test_a_scale_keeps_its_order_and_hides_nothing_that_merging_can_show(counts):
    shown = shown_of(scale(*counts[:8]))
    codes = [code for cell in shown.cells for code in cell.codes]
    assert codes == sorted(codes)
    assert all(cell.count is not None for cell in shown.cells)


@settings(max_examples=100)
@given(any_counts, st.integers(min_value=1, max_value=4))
def test_one_more_person_of_a_large_table_shows_at_most_one_step(counts, more):
    """Rounding, not the last digit, is what changes from one release to the next."""
    table = one(*counts[:8], mergeable=False)
    bigger = one(*(count + more for count in counts[:8]), mergeable=False)
    before, after = shown_of(table), shown_of(bigger)
    for first, second in zip(before.cells, after.cells, strict=False):
        if first.count is not None and second.count is not None:
            assert second.count - first.count in {0, 5}
