"""Disclosure control: what of a count may be shown, so that nobody is exposed by a number.

Every number about people is rounded, the base n too
---------------------------------------------------
Cells of 1–4 are hidden, all others are rounded to the nearest multiple of five; so is n. An
exact n beside rounded cells would give back what the rounding took (n = 215 beside a cell of
"210" leaves 3 or 4 for the other one), would print more answers than people ("215 of 213"),
and the difference between the n of two questions would count those who left one out.
Percentages and means are computed from the rounded numbers, so they say nothing new.

What a reader is taken to know
------------------------------
These rules; how many choices a person had; that tables of the same base were answered by the
same people; how many took part, which pages show rounded down to tens; and every number that is
shown. A hidden cell stays hidden only if all that leaves at least three values for it.
`disclose` decides this exactly: given n, the cells of a table are tied by nothing but their
sum, and each may take every whole number of a range, so the possible sums are a range again and
can be compared without search. n itself has at most five candidates.

Order of measures: small categories are merged (a scale with its neighbours, other categories
among themselves, empty ones included, so that a merged one is not known to be at least 1);
what is still small is hidden; another cell is hidden only where a hidden one would be narrowed;
where that is not enough, the table is withheld. A withheld table does not say why and shows no n.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

ROUNDING = 5
SMALL = 5
PUBLIC_THRESHOLD = 10
STAFF_THRESHOLD = 5
FEWEST_VALUES = 3

_SLACK = ROUNDING // 2
# "How many took part" is shown rounded down to tens.
_TEN = 10


class Shape(enum.Enum):
    """How the cells of a table belong together."""

    ONE = "one"  # everybody is in exactly one cell
    SCALE = "scale"  # the same, and the cells have an order and a value
    MANY = "many"  # everybody is in one cell or in several


@dataclass(frozen=True)
class Counts:
    """Exact counts of one question, which never leave the server.

    `base` is the number of people who answered. `values` are the points of a scale; none where
    it has an order but no mean. `least` and `most` say in how many cells of a table of the shape
    MANY a person may be. `apart` is the place of the cell of those who said that they can't
    say: they are in no other cell, it is merged with none, and it counts for no mean.
    """

    codes: tuple[str, ...]
    counts: tuple[int, ...]
    base: int
    shape: Shape = Shape.ONE
    sensitive: bool = False
    mergeable: bool = True
    values: tuple[float, ...] = ()
    least: int = 1
    most: int = 1
    apart: int | None = None

    def __post_init__(self) -> None:
        if len(self.codes) != len(self.counts) or len(set(self.codes)) != len(self.codes):
            raise ValueError("every cell needs a code of its own and a count")
        if any(not 0 <= count <= self.base for count in self.counts):
            raise ValueError("a cell holds between none and all of the people")
        aside = 0 if self.apart is None else self.counts[self.apart]
        others, cells = self.base - aside, sum(self.counts) - aside
        if not others * self.least <= cells <= others * self.most:
            raise ValueError("the cells do not add up to the people")
        if self.values and len(self.values) != len(self.codes):
            raise ValueError("every point of a scale needs its value")


@dataclass(frozen=True)
class ShownCell:
    """One or several merged categories; `count` and `share` (per cent) are None where hidden."""

    codes: tuple[str, ...]
    count: int | None
    share: int | None


@dataclass(frozen=True)
class Shown:
    """What may be shown of a table. A withheld one has no cells and n = 0."""

    n: int
    cells: tuple[ShownCell, ...]
    mean: float | None = None

    @property
    def withheld(self) -> bool:
        """Whether nothing at all may be shown."""
        return not self.cells


WITHHELD = Shown(n=0, cells=())


def rounded(count: int) -> int:
    """Return the nearest multiple of five."""
    return (count + _SLACK) // ROUNDING * ROUNDING


def percent(part: int, whole: int) -> int:
    """Return the share in whole per cent, halves rounded up."""
    return (200 * part + whole) // (2 * whole)


def disclose(tables: Sequence[Counts], *, threshold: int = PUBLIC_THRESHOLD) -> list[Shown]:
    """Return what may be shown of tables that are published together, in their order."""
    drafts = [_draft(table, threshold) for table in tables]
    same_people: dict[int, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        same_people[draft.table.base].append(draft)
    for together in same_people.values():
        _hold_back_what_gives_others_away(together, threshold)
    return [_shown(draft) for draft in drafts]


@dataclass
class _Group:
    """One category or several merged ones, and what a reader will know of it."""

    members: tuple[int, ...]
    count: int
    of_small: bool = False
    held_back: bool = False

    @property
    def hidden(self) -> bool:
        return self.held_back or 0 < self.count < SMALL

    def known(self, people: int) -> tuple[int, int]:
        """Return the least and the greatest count that a reader can think of."""
        most = min(people, (SMALL - 1) * len(self.members)) if self.of_small else people
        if self.held_back:
            return SMALL, most
        if self.hidden:
            return 1, min(SMALL - 1, most)
        if self.count == 0:
            return 0, 0
        shown = rounded(self.count)
        return max(SMALL, shown - _SLACK), min(shown + _SLACK, most)


@dataclass
class _Draft:
    """A table on its way to what is shown of it."""

    table: Counts
    groups: list[_Group] = field(default_factory=list)

    @property
    def withheld(self) -> bool:
        return not self.groups

    def allows(self, people: int, fixed: int | None = None, at: tuple[int, int] = (0, 0)) -> bool:
        """Whether the table can be true of so many people, one group being in the range `at`."""
        low = high = 0
        aside = range(1)
        for index, group in enumerate(self.groups):
            least, most = at if index == fixed else group.known(people)
            if least > most:
                return False
            if self.table.apart in group.members:
                aside = range(least, min(most, people) + 1)
            else:
                low, high = low + least, high + most
        return any(
            max(low, others * self.table.least) <= min(high, others * self.table.most)
            for others in (people - one for one in aside)
        )


def _draft(table: Counts, threshold: int) -> _Draft:
    if table.base < threshold or (table.sensitive and _nearly_all_alike(table)):
        return _Draft(table)
    groups = _merged(table)
    all_in_one = table.shape is not Shape.MANY and len(groups) == 1 < len(table.codes)
    if table.apart is not None and table.shape is not Shape.MANY:
        all_in_one = len(groups) == 2 < len(table.codes)
    if all_in_one or all(group.hidden for group in groups):
        return _Draft(table)
    return _Draft(table, groups)


def _nearly_all_alike(table: Counts) -> bool:
    # Not only when all gave the same answer: then to withhold would itself say so.
    return table.base - max(table.counts, default=0) < SMALL


def _merged(table: Counts) -> list[_Group]:
    every = [_Group((index,), count) for index, count in enumerate(table.counts)]
    groups = [group for group in every if table.apart not in group.members]
    apart = [group for group in every if table.apart in group.members]
    if not table.mergeable or table.shape is Shape.MANY or not any(one.hidden for one in groups):
        return [*groups, *apart]
    merged = _with_neighbours if table.shape is Shape.SCALE else _among_themselves
    return [*merged(groups), *apart]


def _among_themselves(groups: list[_Group]) -> list[_Group]:
    small = [group for group in groups if group.count < SMALL]
    if len(small) < 2:
        return groups
    members = tuple(index for group in small for index in group.members)
    rest = [group for group in groups if group.count >= SMALL]
    return [*rest, _Group(members, sum(group.count for group in small), of_small=True)]


def _with_neighbours(groups: list[_Group]) -> list[_Group]:
    groups = list(groups)
    while len(groups) > 1:
        place = next((i for i, group in enumerate(groups) if group.hidden), None)
        if place is None:
            break
        left = place - 1 if place else 0
        if 0 < place < len(groups) - 1 and groups[place + 1].count < groups[place - 1].count:
            left = place
        pair = groups[left], groups[left + 1]
        both = _Group(pair[0].members + pair[1].members, pair[0].count + pair[1].count)
        groups[left : left + 2] = [both]
    return groups


def _hold_back_what_gives_others_away(drafts: list[_Draft], threshold: int) -> None:
    """Hide more of tables about the same people until nothing hidden can be narrowed."""
    while True:
        people = _possible_bases(drafts, threshold)
        told = next((draft for draft in drafts if not _is_safe(draft, people)), None)
        if told is None:
            return
        _hold_back_one_more(told, drafts, threshold)


def _possible_bases(drafts: list[_Draft], threshold: int) -> list[int]:
    shown = [draft for draft in drafts if not draft.withheld]
    if not shown:
        return []
    base = shown[0].table.base
    n = rounded(base)
    candidates = range(max(threshold, n - _SLACK), n + _SLACK + 1)
    return [
        people
        for people in candidates
        if people // _TEN == base // _TEN and all(draft.allows(people) for draft in shown)
    ]


def _hold_back_one_more(draft: _Draft, drafts: list[_Draft], threshold: int) -> None:
    open_groups = sorted(
        (group for group in draft.groups if not group.hidden and group.count >= SMALL),
        key=lambda group: (group.count, group.members),
    )
    # The last number of a table is not worth a table without numbers.
    if len(open_groups) < 2:
        draft.groups = []
        return
    for group in open_groups:
        group.held_back = True
        if _is_safe(draft, _possible_bases(drafts, threshold)):
            return
        group.held_back = False
    open_groups[0].held_back = True


def _is_safe(draft: _Draft, people: list[int]) -> bool:
    return all(count >= FEWEST_VALUES for count in _values_left(draft, people))


def _values_left(draft: _Draft, people: list[int]) -> Iterator[int]:
    """For each hidden count, yield how many values a reader must still think possible.

    Counting stops where there are enough.
    """
    for index, group in enumerate(draft.groups):
        if group.hidden:
            highest = max(group.known(n)[1] for n in people)
            candidates = range(group.known(people[0])[0], highest + 1)
            left = (v for v in candidates if _is_possible(draft, index, (v, v), people))
            yield sum(1 for _ in islice(left, FEWEST_VALUES))
        if group.of_small:
            yield sum(_is_possible_for_one(draft, index, v, people) for v in range(SMALL))


def _is_possible(draft: _Draft, index: int, at: tuple[int, int], people: list[int]) -> bool:
    return any(draft.allows(n, index, at) for n in people)


def _is_possible_for_one(draft: _Draft, index: int, value: int, people: list[int]) -> bool:
    """Whether one member of a merged group can have this value."""
    group = draft.groups[index]
    others = (SMALL - 1) * (len(group.members) - 1)
    for n in people:
        low, high = group.known(n)
        if draft.allows(n, index, (max(low, value), min(high, value + others))):
            return True
    return False


def _shown(draft: _Draft) -> Shown:
    if draft.withheld:
        return WITHHELD
    table, n = draft.table, rounded(draft.table.base)
    cells = tuple(
        ShownCell(
            codes=tuple(table.codes[index] for index in group.members),
            count=None if group.hidden else rounded(group.count),
            share=None if group.hidden else percent(rounded(group.count), n),
        )
        for group in draft.groups
    )
    return Shown(n=n, cells=cells, mean=_mean(table, draft.groups))


def _mean(table: Counts, groups: list[_Group]) -> float | None:
    """Return the mean of a scale from its rounded counts; None where a point is not shown."""
    if not table.values or len(groups) < len(table.codes):
        return None
    points = [group for group in groups if table.apart not in group.members]
    people = sum(rounded(group.count) for group in points)
    if not people or any(group.hidden for group in points):
        return None
    weighed = sum(rounded(group.count) * table.values[group.members[0]] for group in points)
    return round(weighed / people, 1)
