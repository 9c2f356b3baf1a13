"""Disclosure control where some people said that they can't say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from participation.analysis.disclosure import PUBLIC_THRESHOLD, Counts, Shape, Shown, disclose
from participation.analysis.disclosure import rounded as nearest

few = st.integers(min_value=0, max_value=9)


def shown_of(table: Counts) -> Shown:
    return disclose([table])[0]


def with_apart(shape: Shape, *counts: int, base: int | None = None, most: int = 1) -> Counts:
    """Return a table whose last cell holds those who can't say."""
    codes = tuple("abcdefgh"[: len(counts)])
    return Counts(
        codes=codes,
        counts=counts,
        base=sum(counts) if base is None else base,
        shape=shape,
        values=tuple(range(1, len(counts) + 1)) if shape is Shape.SCALE else (),
        most=most,
        apart=len(counts) - 1,
    )


def as_pairs(shown: Shown) -> list[tuple[str, int | None]]:
    return [("".join(cell.codes), cell.count) for cell in shown.cells]


def test_who_cant_say_is_merged_with_no_answer_and_no_neighbour():
    assert as_pairs(shown_of(with_apart(Shape.ONE, 40, 3, 3, 2))) == [
        ("a", 40),
        ("bc", 5),
        ("d", None),
    ]
    assert as_pairs(shown_of(with_apart(Shape.SCALE, 20, 30, 3, 8))) == [
        ("a", 20),
        ("bc", 35),
        ("d", 10),
    ]


def test_who_cant_say_counts_for_no_mean_even_where_they_are_hidden():
    assert shown_of(with_apart(Shape.SCALE, 20, 20, 20)).mean == 1.5
    assert shown_of(with_apart(Shape.SCALE, 40, 40, 2)).mean == 1.5


def test_a_scale_that_merges_into_one_row_is_withheld_whoever_cant_say():
    assert shown_of(with_apart(Shape.SCALE, 2, 2, 2, 20)).withheld


def test_an_order_without_values_has_no_mean():
    table = Counts(codes=("a", "b"), counts=(10, 10), base=20, shape=Shape.SCALE)
    assert shown_of(table).mean is None


# The reader who tries out every possibility ----------------------------------------------------


def _range_of(count: int, shown: int | None, people: int) -> range:
    if shown is None:
        return range(1, 5) if 0 < count < 5 else range(5, people + 1)
    return range(1) if shown == 0 else range(max(5, shown - 2), shown + 3)


def _worlds(table: Counts, shown: Shown, people: int) -> Iterator[tuple[int, ...]]:
    """Yield every assignment of counts to the cells shown; nothing is merged here."""
    count_of = dict(zip(table.codes, table.counts, strict=True))
    ranges = [_range_of(count_of[cell.codes[0]], cell.count, people) for cell in shown.cells]
    for world in product(*ranges):
        *cells, aside = world
        others = people - aside
        if others >= 0 and others * table.least <= sum(cells) <= others * table.most:
            yield world


def assert_safe(table: Counts) -> None:
    shown = shown_of(table)
    if shown.withheld or any(len(cell.codes) > 1 for cell in shown.cells):
        return
    seen: list[set[int]] = [set() for _ in shown.cells]
    n = nearest(table.base)
    for people in range(max(PUBLIC_THRESHOLD, n - 2), n + 3):
        if people // 10 == table.base // 10:
            for world in _worlds(table, shown, people):
                for place, value in enumerate(world):
                    seen[place].add(value)
    for cell, values in zip(shown.cells, seen, strict=True):
        if cell.count is None:
            assert len(values) >= 3, (table, shown)


@settings(max_examples=200, deadline=None)
@given(st.lists(few, min_size=2, max_size=3), few)
def test_no_hidden_cell_is_narrowed_where_some_cant_say(counts, aside):
    assert_safe(with_apart(Shape.ONE, *counts, aside))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_hidden_option_is_narrowed_where_some_cant_say(data):
    others = data.draw(st.integers(min_value=8, max_value=12))
    aside = data.draw(st.integers(min_value=0, max_value=6))
    options = st.lists(st.integers(min_value=0, max_value=others), min_size=2, max_size=2)
    counts = data.draw(options.filter(lambda counts: others <= sum(counts) <= 2 * others))
    assert_safe(with_apart(Shape.MANY, *counts, aside, base=others + aside, most=2))
