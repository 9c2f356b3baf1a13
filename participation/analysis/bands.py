"""Bands into which numbers, days and places fall, so that they can be counted.

Where the edges come from what was answered, they come from its middle: the outermost bands are
open, so that an edge tells nobody's number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from participation.analysis.disclosure import SMALL
from participation.analysis.weighing import nice_step

MOST_SINGLE_VALUES = 11
_BANDS = 6
# How many in a hundred are below the lowest edge, and above the highest, where a question has
# no range of its own.
_OUTER = 5
_MOST_MONTHS = 24


@dataclass(frozen=True)
class Band:
    """Numbers from `low` to `high`, both included; None where it is open.

    Where numbers have decimals, `below` is where the next band begins: it is said instead.
    """

    low: Decimal | None
    high: Decimal | None
    below: Decimal | None = None

    @property
    def middle(self) -> float | None:
        """The number in its middle; None where it is open."""
        if self.low is None or self.high is None:
            return None
        return float(self.low + self.high) / 2


def number_bands(
    counted: Mapping[Decimal, int],
    *,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
    decimals: int = 0,
) -> list[Band]:
    """Return bands in which every counted number lies, in their order.

    A short range of whole numbers has a band for each of them.
    """
    unit = Decimal(1).scaleb(-decimals)
    if lowest is not None and highest is not None and not decimals:
        whole = range(ceil(lowest), floor(highest) + 1)
        if len(whole) <= MOST_SINGLE_VALUES:
            return [Band(Decimal(number), Decimal(number)) for number in whole]
    if not counted:
        return []
    low = lowest if lowest is not None else _quantile(counted, _OUTER)
    high = highest if highest is not None else _quantile(counted, 100 - _OUTER)
    step = max(_as_decimal(nice_step(Fraction(max(high - low, unit)) / _BANDS)), unit)
    return _cut(low, high, step, unit, is_open=(lowest is None, highest is None))


def _cut(
    low: Decimal, high: Decimal, step: Decimal, unit: Decimal, *, is_open: tuple[bool, bool]
) -> list[Band]:
    """Return bands of one width between two numbers, at multiples of that width."""
    first = floor(low / step) + 1
    last = max(first, ceil(high / step) - 1)
    edges = [step * place for place in range(first, last + 1)]
    if len(edges) > 1 and not is_open[1] and high - edges[-1] < step / 2:
        # What is left over at the end is no band of its own.
        edges.pop()
    starts: list[Decimal | None] = [None if is_open[0] else low, *edges]
    inner = [_before(start, edge, unit) for start, edge in zip(starts, edges, strict=False)]
    return [*inner, Band(starts[-1], None if is_open[1] else high)]


def _before(low: Decimal | None, edge: Decimal, unit: Decimal) -> Band:
    """Return the band up to an edge; of whole numbers, and of one alone, the last one is said."""
    high = edge - unit
    return Band(low, high, None if unit == 1 or low == high else edge)


def _quantile(counted: Mapping[Decimal, int], per_cent: int) -> Decimal:
    people = sum(counted.values())
    seen = 0
    for value in sorted(counted):
        seen += counted[value]
        if 100 * seen >= per_cent * people:
            return value
    raise ValueError("nothing was counted")


def _as_decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def in_bands(counted: Mapping[Decimal, int], bands: Sequence[Band]) -> list[int]:
    """Count how many lie in each band; what lies between two belongs to the lower one."""
    counts = [0] * len(bands)
    for value, people in counted.items():
        place = next(
            (
                index
                for index, band in enumerate(bands[1:])
                if band.low is not None and value < band.low
            ),
            len(bands) - 1,
        )
        counts[place] += people
    return counts


@dataclass(frozen=True)
class Period:
    """Months or years from the first to the last, both included; None where it is open.

    A year is counted as it is, a month as twelve times its year plus its number less one.
    """

    first: int | None
    last: int | None


def periods(counted: Mapping[date, int]) -> tuple[bool, list[Period], list[int]]:
    """Count days by month, or by year where they span more than two years.

    Returns whether it is by month, the periods in their order, and how many days lie in each.
    At both ends there are at least five, together, so that no end tells of one person.
    """
    by_month: dict[int, int] = {}
    for day, people in counted.items():
        month = 12 * day.year + day.month - 1
        by_month[month] = by_month.get(month, 0) + people
    if not by_month:
        return True, [], []
    first, last = _inner(by_month)
    if last - first < _MOST_MONTHS:
        return (True, *_spread(by_month, first, last))
    by_year: dict[int, int] = {}
    for month, people in by_month.items():
        by_year[month // 12] = by_year.get(month // 12, 0) + people
    return (False, *_spread(by_year, *_inner(by_year)))


def _inner(counted: Mapping[int, int]) -> tuple[int, int]:
    """Return the first and the last period up to which, and from which on, five people are."""
    return _reached(counted, sorted(counted)), _reached(counted, sorted(counted, reverse=True))


def _reached(counted: Mapping[int, int], order: Sequence[int]) -> int:
    seen = 0
    for place in order:
        seen += counted[place]
        if seen >= SMALL:
            return place
    return order[-1]


def _spread(counted: Mapping[int, int], first: int, last: int) -> tuple[list[Period], list[int]]:
    if first >= last:
        only = first if len(counted) == 1 else None
        return [Period(only, only)], [sum(counted.values())]
    found = [Period(None, first), *(Period(one, one) for one in range(first + 1, last))]
    counts = [sum(people for place, people in counted.items() if place <= first)]
    counts += [counted.get(place, 0) for place in range(first + 1, last)]
    counts.append(sum(people for place, people in counted.items() if place >= last))
    return [*found, Period(last, None)], counts
