"""Tables under disclosure control, and a reader who tries out every possibility."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from participation.analysis.disclosure import (
    PUBLIC_THRESHOLD,
    Counts,
    Shape,
    Shown,
    disclose,
    rounded,
)


def one(*counts: int, sensitive: bool = False, mergeable: bool = True) -> Counts:
    return Counts(
        codes=tuple("abcdefgh"[: len(counts)]),
        counts=counts,
        base=sum(counts),
        sensitive=sensitive,
        mergeable=mergeable,
    )


def many(base: int, *counts: int, sensitive: bool = False) -> Counts:
    return Counts(
        codes=tuple("abcdefgh"[: len(counts)]),
        counts=counts,
        base=base,
        shape=Shape.MANY,
        sensitive=sensitive,
        most=len(counts),
    )


def shown_of(table: Counts, threshold: int = PUBLIC_THRESHOLD) -> Shown:
    return disclose([table], threshold=threshold)[0]


def _ranges(table: Counts, shown: Shown, people: int) -> list[list[range]]:
    """Return, for each cell shown, the values of each of its members that a reader tries."""
    count_of = dict(zip(table.codes, table.counts, strict=True))
    ranges = []
    for cell in shown.cells:
        merged_small = table.shape is Shape.ONE and len(cell.codes) > 1
        if merged_small:
            ranges.append([range(5)] * len(cell.codes))
            continue
        total = sum(count_of[code] for code in cell.codes)
        if cell.count is not None:
            low = 0 if cell.count == 0 else max(5, cell.count - 2)
            high = 0 if cell.count == 0 else cell.count + 2
        else:
            low, high = (1, 4) if total < 5 else (5, people)
        ranges.append([range(low, min(high, people) + 1)])
    return ranges


def _fits(cell, total: int, was_small: bool) -> bool:
    if cell.count is None:
        return 1 <= total <= 4 if was_small else total >= 5
    return rounded(total) == cell.count and (cell.count == 0 or total >= 5)


def worlds(table: Counts, shown: Shown, people: int) -> Iterator[list[tuple[int, ...]]]:
    """Yield every assignment of counts that agrees with what is shown."""
    count_of = dict(zip(table.codes, table.counts, strict=True))
    small = [sum(count_of[code] for code in cell.codes) < 5 for cell in shown.cells]
    options = [
        [members for members in product(*members_of) if _fits(cell, sum(members), was_small)]
        for cell, members_of, was_small in zip(
            shown.cells, _ranges(table, shown, people), small, strict=True
        )
    ]
    for world in product(*options):
        total = sum(sum(members) for members in world)
        if people * table.least <= total <= people * table.most:
            yield list(world)


def _bases(tables: list[Counts], all_shown: list[Shown], threshold: int) -> list[int]:
    visible = [(t, s) for t, s in zip(tables, all_shown, strict=True) if not s.withheld]
    n, base = visible[0][1].n, visible[0][0].base
    return [
        people
        for people in range(max(threshold, n - 2), n + 3)
        # "How many took part" is public, rounded down to tens.
        if people // 10 == base // 10
        and all(any(True for _ in worlds(t, s, people)) for t, s in visible)
    ]


def assert_safe(
    table: Counts, shown: Shown, tables: list[Counts], threshold: int = PUBLIC_THRESHOLD
) -> None:
    if shown.withheld:
        return
    same = [other for other in tables if other.base == table.base]
    all_shown = [
        s
        for other, s in zip(tables, disclose(tables, threshold=threshold), strict=True)
        if other.base == table.base
    ]
    seen: list[list[set[int]]] = [[set() for _ in cell.codes] for cell in shown.cells]
    totals: list[set[int]] = [set() for _ in shown.cells]
    for people in _bases(same, all_shown, threshold):
        for world in worlds(table, shown, people):
            for place, members in enumerate(world):
                totals[place].add(sum(members))
                for which, value in enumerate(members):
                    seen[place][which].add(value)
    for cell, total, of_members in zip(shown.cells, totals, seen, strict=True):
        if cell.count is None:
            assert len(total) >= 3, (table, shown)
        if table.shape is Shape.ONE and len(cell.codes) > 1:
            assert all(len(values) >= 3 for values in of_members), (table, shown)
