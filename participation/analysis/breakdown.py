"""A table by group: what of it may be shown beside the whole, so that no group gives another away.

Everybody is in one part: an invited group, or nobody's. Parts of fewer people than the threshold,
and parts that nearly all answered alike, count with the rest, so that what is shown adds up to
the whole and nothing is left over to be found by subtraction.

Columns are those of the whole. Where a part would have one to four in a column, that column is
merged with others in all parts (a scale with its neighbours), or where columns cannot be merged
hidden in all. So no cell is hidden alone. What a reader can still work out is decided exactly:
the reader is taken to know the size of every part, which unseen cells are below five, the whole
as it is shown, and the rules. All that is a network (people flow from their part through their
answer into the whole), and the true table is one flow in it; how far a cell can move is found by
pushing people around circles. A cell below five that can take fewer than three values makes the
table coarser, and at last unshown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from participation.analysis.disclosure import (
    FEWEST_VALUES,
    PUBLIC_THRESHOLD,
    ROUNDING,
    SMALL,
    Counts,
    Shape,
    Shown,
    percent,
    rounded,
)

_SLACK = ROUNDING // 2


@dataclass(frozen=True)
class Part:
    """The exact counts of one part, in the order of the codes of the whole."""

    counts: tuple[int, ...]
    base: int


@dataclass(frozen=True)
class PartRow:
    """One or several parts, by their places; rounded counts and shares of each column."""

    parts: tuple[int, ...]
    n: int
    counts: tuple[int, ...]
    shares: tuple[int, ...]


@dataclass(frozen=True)
class Breakdown:
    """What may be shown of a table by group: the codes of each column, and the rows."""

    columns: tuple[tuple[str, ...], ...]
    rows: tuple[PartRow, ...]


def break_down(
    whole: Counts,
    shown: Shown,
    parts: Sequence[Part],
    *,
    threshold: int = PUBLIC_THRESHOLD,
    is_exact: bool = False,
) -> Breakdown | None:
    """Return what may be shown of a table by its parts, the first of which is nobody's group.

    `shown` is what is shown of the whole; `is_exact` says that its numbers are public as they
    are, as those of published ideas. None if nothing may be shown.
    """
    if shown.withheld or len(parts) < 2:
        return None
    rows = _big_enough(whole, parts, threshold)
    if len(rows) < 2:
        return None
    table = _Table(whole, shown, rows, is_exact)
    while table.columns:
        if table.is_fit() and table.is_safe():
            return table.as_shown()
        table.coarsen()
    return None


@dataclass(frozen=True)
class _Row:
    parts: tuple[int, ...]
    counts: tuple[int, ...]
    base: int


def _joined(rows: Sequence[_Row]) -> _Row:
    places = tuple(sorted(place for row in rows for place in row.parts))
    counts = tuple(map(sum, zip(*(row.counts for row in rows), strict=True)))
    return _Row(places, counts, sum(row.base for row in rows))


def _big_enough(whole: Counts, parts: Sequence[Part], threshold: int) -> list[_Row]:
    """Return the rest and the groups that are enough people of more than one mind."""
    rows = [_Row((place,), part.counts, part.base) for place, part in enumerate(parts)]
    groups = [row for row in rows[1:] if not _is_alone(whole, row, threshold)]
    rest = _joined([rows[0], *(row for row in rows[1:] if row not in groups)])
    groups.sort(key=lambda row: (-row.base, row.parts))
    while groups and _is_alone(whole, rest, threshold):
        rest = _joined([rest, groups.pop()])
    return [rest, *sorted(groups, key=lambda row: row.parts)]


def _is_alone(whole: Counts, row: _Row, threshold: int) -> bool:
    if row.base < threshold:
        return True
    is_one_answer = whole.most == whole.least == 1 and whole.shape is not Shape.MANY
    return (is_one_answer or whole.sensitive) and row.base - max(row.counts) < SMALL


@dataclass
class _Table:
    """A table on its way to what is shown of it; `columns` hold the places of codes."""

    whole: Counts
    shown: Shown
    rows: Sequence[_Row]
    is_exact: bool
    columns: list[tuple[int, ...]] = field(default_factory=list)
    totals: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        places = {code: place for place, code in enumerate(self.whole.codes)}
        self.totals = [tuple(places[code] for code in cell.codes) for cell in self.shown.cells]
        self.columns = list(self.totals)

    @property
    def merges(self) -> bool:
        return self.whole.mergeable and self.whole.shape is not Shape.MANY

    def of(self, row: _Row, column: tuple[int, ...]) -> int:
        return sum(row.counts[place] for place in column)

    def total(self, column: tuple[int, ...]) -> int:
        return sum(self.whole.counts[place] for place in column)

    def is_bad(self, column: tuple[int, ...]) -> bool:
        """Whether a column cannot be shown as it is."""
        if any(0 < self.of(row, column) < SMALL for row in self.rows):
            return True
        if column in self.totals and self.shown.cells[self.totals.index(column)].count is None:
            return True
        # Of texts that everybody reads, nobody learns that all are one group's.
        whole = self.total(column)
        return self.is_exact and any(0 < self.of(row, column) == whole for row in self.rows)

    def is_fit(self) -> bool:
        """Whether every column can be shown, and they say anything."""
        own = [column for column in self.columns if self.whole.apart not in column]
        enough = len(own) > 1 if self.merges else bool(own)
        return enough and not any(self.is_bad(column) for column in self.columns)

    def coarsen(self) -> None:
        """Merge two columns or leave one out, the worst first."""
        if self.whole.shape is Shape.MANY and any(
            self.is_bad(column) for column in self.columns if self.whole.apart in column
        ):
            # How many answers the others gave hangs on how many gave none.
            self.columns = []
            return
        worst = min(self.columns, key=lambda one: (not self.is_bad(one), self.total(one), one))
        own = [column for column in self.columns if self.whole.apart not in column]
        if not self.merges or worst not in own:
            self.columns.remove(worst)
            return
        if len(own) < 3:
            self.columns = []
            return
        place = own.index(worst)
        if self.whole.shape is Shape.SCALE:
            beside = own[max(0, place - 1) : place] + own[place + 1 : place + 2]
        else:
            beside = [one for one in own if one != worst]
        other = min(beside, key=lambda one: (not self.is_bad(one), self.total(one), one))
        first, last = sorted((worst, other), key=self.columns.index)
        self.columns[self.columns.index(first)] = tuple(sorted(first + last))
        self.columns.remove(last)

    def is_safe(self) -> bool:
        """Whether no count below five that is not shown can be worked out."""
        network = _Network()
        held = [*self._part_arcs(network), *self._whole_arcs(network)]
        answers = sum(self.whole.counts)
        network.add("whole", "people", answers, 0, self.whole.base * len(self.whole.codes))
        return all(network.freedom(arc, enough) >= enough for arc, enough in held)

    def as_shown(self) -> Breakdown:
        rows = []
        for row in self.rows:
            n = rounded(row.base)
            counts = tuple(rounded(self.of(row, column)) for column in self.columns)
            rows.append(PartRow(row.parts, n, counts, tuple(percent(one, n) for one in counts)))
        codes = tuple(tuple(self.whole.codes[place] for place in column) for column in self.columns)
        return Breakdown(codes, tuple(rows))

    # The network ------------------------------------------------------------------------------

    # Each yields the arcs that must stay open, with how many values they must keep.

    def _part_arcs(self, network: _Network) -> Iterator[tuple[int, int]]:
        column_of = {place: column for column in self.columns for place in column}
        for index, row in enumerate(self.rows):
            part = ("part", index)
            aside = 0 if self.whole.apart is None else row.counts[self.whole.apart]
            others = row.base - aside
            low, high = self.whole.least * others + aside, self.whole.most * others + aside
            network.add("people", part, sum(row.counts), low, high)
            for column in self.columns:
                count = self.of(row, column)
                network.add(part, ("cell", index, column), count, *_known(count))
            for place, count in enumerate(row.counts):
                column = column_of.get(place, ())
                start = ("cell", index, column) if column else part
                low, high = self._range(place, count, row.base, is_shown=column == (place,))
                arc = network.add(start, ("code", place), count, low, high)
                if column != (place,) and 0 < count < SMALL:
                    yield arc, min(FEWEST_VALUES, high - low + 1)

    def _range(self, place: int, count: int, people: int, *, is_shown: bool) -> tuple[int, int]:
        """Return what a reader knows of how many of a part gave an answer, before reckoning."""
        low, high = (0, SMALL - 1) if count < SMALL else (SMALL, people)
        if is_shown:
            low, high = 0, people
        return low, min(high, self.whole.counts[place]) if self.is_exact else high

    def _whole_arcs(self, network: _Network) -> Iterator[tuple[int, int]]:
        for members, cell in zip(self.totals, self.shown.cells, strict=True):
            is_scale = self.whole.shape is Shape.SCALE
            of_small = len(members) > 1 and not is_scale
            for place in members:
                count = self.whole.counts[place]
                high = SMALL - 1 if of_small else self.whole.base
                arc = network.add(("code", place), ("total", members), count, 0, high)
                if of_small:
                    yield arc, FEWEST_VALUES
            count = self.total(members)
            low, high = _known(count)
            if self.is_exact:
                low = high = count
            elif cell.count is None:
                low, high = (SMALL, self.whole.base) if count >= SMALL else (1, SMALL - 1)
            arc = network.add(("total", members), "whole", count, low, high)
            if cell.count is None:
                yield arc, FEWEST_VALUES


def _known(count: int) -> tuple[int, int]:
    """Return what a reader knows of a number that is shown, or of one that would be."""
    if count == 0:
        return 0, 0
    return max(SMALL, rounded(count) - _SLACK), rounded(count) + _SLACK


class _Network:
    """Arcs with what flows through them and what might; the flow is a circulation."""

    def __init__(self) -> None:
        self._nodes: dict[object, int] = {}
        self._out: list[list[int]] = []
        # Arc 2k goes forward, arc 2k + 1 back; each with its end and what is left of it.
        self._ends: list[int] = []
        self._left: list[int] = []

    def add(self, start: object, end: object, flow: int, low: int, high: int) -> int:
        """Add an arc and return its number."""
        first, last = self._node(start), self._node(end)
        number = len(self._ends)
        self._ends += [last, first]
        # What was imported need not keep the limits of a question.
        self._left += [max(high - flow, 0), max(flow - low, 0)]
        self._out[first].append(number)
        self._out[last].append(number + 1)
        return number

    def freedom(self, arc: int, enough: int) -> int:
        """Return how many values the flow through an arc can have; counting stops at enough."""
        values = 1
        for way in (arc, arc ^ 1):
            left = list(self._left)
            while values < enough and left[way]:
                path = self._path(left, self._ends[way], self._ends[way ^ 1], arc)
                if path is None:
                    break
                pushed = min(left[way], enough - values, *(left[one] for one in path))
                for one in (way, *path):
                    left[one] -= pushed
                    left[one ^ 1] += pushed
                values += pushed
        return values

    def _path(self, left: Sequence[int], start: int, end: int, arc: int) -> list[int] | None:
        """Return the arcs of a shortest way that something can be pushed along, but for one arc."""
        came: dict[int, int] = {start: -1}
        waiting = deque([start])
        while waiting and end not in came:
            node = waiting.popleft()
            for one in self._out[node]:
                last = self._ends[one]
                if left[one] and last not in came and one | 1 != arc | 1:
                    came[last] = one
                    waiting.append(last)
        if end not in came:
            return None
        path = []
        node = end
        while node != start:
            path.append(came[node])
            node = self._ends[came[node] ^ 1]
        return path

    def _node(self, name: object) -> int:
        if name not in self._nodes:
            self._nodes[name] = len(self._out)
            self._out.append([])
        return self._nodes[name]
