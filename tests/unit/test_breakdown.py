"""Tables by group: no small group is shown, and none can be worked out from the others."""

from __future__ import annotations

import itertools
import random

import pytest

from participation.analysis.breakdown import Breakdown, Part, break_down
from participation.analysis.disclosure import SMALL, Counts, Shape, Shown, ShownCell, disclose

CODES = ("a", "b", "c", "d")


def whole_of(parts, shape=Shape.ONE, **more):
    counts = tuple(map(sum, zip(*(part.counts for part in parts), strict=True)))
    base = sum(part.base for part in parts)
    return Counts(CODES[: len(counts)], counts, base, shape=shape, **more)


def broken_down(*tables, shape=Shape.ONE, bases=None, is_exact=False, **more):
    bases = bases or [sum(table) for table in tables]
    parts = [Part(tuple(table), base) for table, base in zip(tables, bases, strict=True)]
    whole = whole_of(parts, shape, **more)
    (shown,) = disclose([whole])
    if is_exact:
        cells = (
            ShownCell((code,), count, 0)
            for code, count in zip(whole.codes, whole.counts, strict=True)
        )
        shown = Shown(whole.base, tuple(cells))
    return break_down(whole, shown, parts, is_exact=is_exact)


def names(found: Breakdown | None):
    return None if found is None else [row.parts for row in found.rows]


def test_large_groups_stand_beside_everybody_else():
    found = broken_down((40, 30, 20), (12, 8, 10), (6, 7, 9))
    assert names(found) == [(0,), (1,), (2,)]
    assert found.columns == (("a",), ("b",), ("c",))
    assert found.rows[1].n == 30
    assert found.rows[1].counts == (10, 10, 10)
    assert found.rows[1].shares == (33, 33, 33)


@pytest.mark.parametrize("small", [(5, 4), (9, 0), (0, 1), (0, 0)])
def test_a_group_under_the_threshold_counts_with_everybody_else(small):
    found = broken_down((40, 30), (12, 18), small)
    assert names(found) == [(0, 2), (1,)]


def test_with_no_group_that_is_large_enough_there_is_no_table():
    assert broken_down((40, 30), (5, 4)) is None
    assert broken_down((40, 30)) is None


def test_too_few_without_a_group_take_the_smallest_group_with_them():
    found = broken_down((2, 1), (20, 30), (12, 9))
    assert names(found) == [(0, 2), (1,)]
    assert broken_down((2, 1), (20, 30)) is None


def test_a_group_of_nearly_one_mind_counts_with_everybody_else():
    assert names(broken_down((40, 30), (16, 3), (10, 12))) == [(0, 1), (2,)]
    assert names(broken_down((40, 30), (30, 0), (10, 12))) == [(0, 1), (2,)]


def test_small_cells_are_merged_in_all_parts_alike():
    found = broken_down((40, 30, 20, 11), (12, 8, 3, 4))
    assert found.columns == (("a",), ("b",), ("c", "d"))
    assert [row.counts for row in found.rows] == [(40, 30, 30), (10, 10, 5)]


def test_points_of_a_scale_are_merged_with_their_neighbours():
    found = broken_down((10, 20, 20, 10), (2, 8, 9, 7), shape=Shape.SCALE)
    assert found.columns == (("a", "b"), ("c",), ("d",))


def test_of_several_answers_a_column_with_few_is_left_out_for_all():
    found = broken_down((40, 30, 25), (12, 3, 9), shape=Shape.MANY, bases=[60, 20], least=1, most=3)
    assert found.columns == (("a",), ("c",))


def test_texts_that_are_all_of_one_group_are_not_told_to_be():
    found = broken_down(
        (20, 0, 9), (10, 12, 8), shape=Shape.MANY, bases=[30, 30], most=3, least=0, is_exact=True
    )
    assert found.columns == (("a",), ("c",))


# What a reader can work out: every table that fits what is shown, tried one after the other -----


def reader(found: Breakdown, whole: Counts, shown: Shown, bases):
    """Yield for each part and code the counts that agree with everything that is shown."""
    rows = list(found.rows)
    sizes = [sum(bases[place] for place in row.parts) for row in rows]
    possible = [
        [
            cells
            for cells in itertools.product(range(size + 1), repeat=len(whole.codes))
            if sum(cells) == size and fits(cells, found.columns, row.counts, whole)
        ]
        for row, size in zip(rows, sizes, strict=True)
    ]
    values: list[list[set[int]]] = [[set() for _ in whole.codes] for _ in rows]
    for together in itertools.product(*possible):
        sums = [sum(column) for column in zip(*together, strict=True)]
        if not all(fits_cell(sums, cell, whole) for cell in shown.cells):
            continue
        for row, cells in enumerate(together):
            for place, value in enumerate(cells):
                values[row][place].add(value)
    return values


def fits(cells, columns, counts, whole):
    places = {code: place for place, code in enumerate(whole.codes)}
    return all(
        near(sum(cells[places[code]] for code in column), count)
        for column, count in zip(columns, counts, strict=True)
    )


def near(value, shown):
    if shown == 0:
        return value == 0
    return value >= SMALL and abs(value - shown) <= 2


def fits_cell(sums, cell, whole):
    places = [whole.codes.index(code) for code in cell.codes]
    value = sum(sums[place] for place in places)
    if len(places) > 1 and whole.shape is Shape.ONE and any(sums[one] >= SMALL for one in places):
        return False
    return cell.count is None or near(value, cell.count)


@pytest.mark.parametrize("shape", [Shape.ONE, Shape.SCALE])
def test_no_small_cell_is_narrowed_for_a_reader_who_tries_every_table(shape):
    random_numbers = random.Random(7)
    shown_tables = 0
    for _ in range(120):
        tables = [
            tuple(random_numbers.choice((0, 1, 2, 3, 5, 6, 8)) for _ in range(3)) for _ in range(2)
        ]
        parts = [Part(table, sum(table)) for table in tables]
        whole = whole_of(parts, shape)
        (shown,) = disclose([whole])
        found = break_down(whole, shown, parts)
        if found is None:
            continue
        shown_tables += 1
        values = reader(found, whole, shown, [part.base for part in parts])
        single = {column[0] for column in found.columns if len(column) == 1}
        for row, of_row in zip(found.rows, values, strict=True):
            for place, code in enumerate(whole.codes):
                count = sum(tables[part][place] for part in row.parts)
                assert count in of_row[place]
                if code not in single and 0 < count < SMALL:
                    assert len(of_row[place]) >= 3, (tables, found)
    assert shown_tables > 5


def test_what_is_shown_never_holds_a_small_number_or_a_small_part():
    random_numbers = random.Random(3)
    for _ in range(300):
        tables = [
            tuple(random_numbers.choice((0, 1, 4, 5, 9, 14, 30)) for _ in range(4))
            for _ in range(random_numbers.randint(2, 5))
        ]
        shape = random_numbers.choice((Shape.ONE, Shape.SCALE, Shape.MANY))
        bases = [
            sum(table) if shape is not Shape.MANY else max(table) + random_numbers.randint(0, 3)
            for table in tables
        ]
        bases = [min(base, sum(table)) for base, table in zip(bases, tables, strict=True)]
        found = broken_down(*tables, shape=shape, bases=bases, most=4 if shape is Shape.MANY else 1)
        if found is None:
            continue
        seen = sorted(place for row in found.rows for place in row.parts)
        assert seen == list(range(len(tables)))
        for row in found.rows:
            assert sum(bases[place] for place in row.parts) >= 10
            for column, count in zip(found.columns, row.counts, strict=True):
                places = [CODES.index(code) for code in column]
                exact = sum(tables[part][place] for part in row.parts for place in places)
                assert exact == 0 or exact >= SMALL
                assert count % 5 == 0
