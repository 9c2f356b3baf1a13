"""Disclosure control, held against a reader who tries out every possibility."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.analysis import disclosure
from participation.analysis.disclosure import (
    PUBLIC_THRESHOLD,
    STAFF_THRESHOLD,
    Counts,
    Shown,
    disclose,
    rounded,
)
from tests.disclosure_reader import assert_safe, many, one, shown_of, worlds

few = st.integers(min_value=0, max_value=9)


@settings(max_examples=300, deadline=None)
@given(st.lists(few, min_size=2, max_size=4), st.booleans())
def test_no_hidden_cell_of_a_small_table_is_narrowed_below_three_values(counts, mergeable):
    table = one(*counts, mergeable=mergeable)
    assert_safe(table, shown_of(table), [table])


@settings(max_examples=150, deadline=None)
@given(st.lists(few, min_size=2, max_size=4))
def test_no_hidden_cell_is_narrowed_for_staff_either(counts):
    table = one(*counts)
    assert_safe(table, shown_of(table, STAFF_THRESHOLD), [table], threshold=STAFF_THRESHOLD)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_hidden_option_of_a_multiple_choice_is_narrowed(data):
    base = data.draw(st.integers(min_value=10, max_value=14))
    most = data.draw(st.integers(min_value=1, max_value=3))
    counts = data.draw(
        st.lists(st.integers(min_value=0, max_value=base), min_size=2, max_size=3).filter(
            lambda counts: base <= sum(counts) <= base * min(most, len(counts))
        )
    )
    table = replace(many(base, *counts), most=most)
    assert_safe(table, shown_of(table), [table])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_two_tables_of_the_same_people_do_not_tell_on_each_other(data):
    base = data.draw(st.integers(min_value=10, max_value=20))

    def split(parts: int) -> tuple[int, ...]:
        cuts = sorted(
            data.draw(
                st.lists(
                    st.integers(min_value=0, max_value=base),
                    min_size=parts - 1,
                    max_size=parts - 1,
                )
            )
        )
        return tuple(b - a for a, b in zip([0, *cuts], [*cuts, base], strict=True))

    tables = [one(*split(3)), one(*split(3), mergeable=False)]
    for table, shown in zip(tables, disclose(tables), strict=True):
        assert_safe(table, shown, tables)


@settings(max_examples=300, deadline=None)
@given(st.lists(few, min_size=2, max_size=4), st.booleans())
def test_another_cell_is_hidden_only_where_it_is_needed(counts, mergeable):
    table = one(*counts, mergeable=mergeable)
    shown = shown_of(table)
    count_of = dict(zip(table.codes, table.counts, strict=True))
    totals = [sum(count_of[code] for code in cell.codes) for cell in shown.cells]
    extra = [
        place
        for place, (cell, total) in enumerate(zip(shown.cells, totals, strict=True))
        if cell.count is None and total >= 5
    ]
    if not extra:
        return
    told = replace(
        shown,
        cells=tuple(
            replace(cell, count=rounded(total)) if place in extra else cell
            for place, (cell, total) in enumerate(zip(shown.cells, totals, strict=True))
        ),
    )
    with pytest.raises(AssertionError):
        _assert_each_hidden_open(table, told)


def _assert_each_hidden_open(table: Counts, shown: Shown) -> None:
    values: dict[tuple[int, int], set[int]] = {}
    for people in range(max(PUBLIC_THRESHOLD, shown.n - 2), shown.n + 3):
        if people // 10 != table.base // 10:
            continue
        for world in worlds(table, shown, people):
            for place, members in enumerate(world):
                for which, value in enumerate(members):
                    values.setdefault((place, which), set()).add(value)
                values.setdefault((place, -1), set()).add(sum(members))
    for (place, which), possible in values.items():
        cell = shown.cells[place]
        if (cell.count is None and which == -1) or (len(cell.codes) > 1 and which >= 0):
            assert len(possible) >= 3


def test_without_the_second_look_a_hidden_cell_would_be_told(monkeypatch):
    """The safety net above would notice if another cell were never hidden."""
    monkeypatch.setattr(
        disclosure, "_hold_back_what_gives_others_away", lambda drafts, threshold: None
    )
    with pytest.raises(AssertionError):
        assert_safe(one(5, 5, 2), shown_of(one(5, 5, 2)), [one(5, 5, 2)])
