"""Means of ranks, points and numbers, rounded so coarsely that they tell of nobody.

A mean is a sum about people, and a sum tells a count where it is precise: of ten people with a
mean rank of 1.1 exactly one gave the second place. Therefore a mean is rounded to the finest
step within which at least three sums lie, also at the ends of the range, where half a step is
cut off. It is computed from exact numbers, so it says more than the rounded counts do; that it
leaves at least three values for a hidden count beside it is checked apart (`leaves_open`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from participation.analysis.disclosure import FEWEST_VALUES, ROUNDING, SMALL, rounded

RANK_STEPS = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), Fraction(1))
SHARE_STEPS = (Fraction(1), Fraction(5), Fraction(10))
# A whole step holds twice as many sums as the half one at an end of the range.
_SUMS = 2 * FEWEST_VALUES
_SLACK = ROUNDING // 2


def mean_rank(total: Fraction, people: int, places: int) -> tuple[Fraction, Fraction] | None:
    """Return a mean rank and the step it is rounded to; None for too few people.

    `total` is the sum of all ranks from 1 to `places`.
    """
    if not people or places < 2:
        return None
    step = next((one for one in RANK_STEPS if people * one >= _SUMS), None)
    if step is None:
        return None
    return round(total / people / step) * step, step


def leaves_open(mean: Fraction, step: Fraction, *, firsts: int, people: int, places: int) -> bool:
    """Tell whether a mean rank leaves three values for a hidden number of first places.

    The others may have given any rank from 2 to `places`, and n is known to two people.
    """
    hidden = range(1, SMALL) if firsts < SMALL else range(SMALL, people + 1)
    n = rounded(people)
    possible = 0
    for value in hidden:
        if any(_fits(value, one, mean, step, places) for one in range(n - _SLACK, n + _SLACK + 1)):
            possible += 1
        if possible >= FEWEST_VALUES:
            return True
    return False


def _fits(firsts: int, people: int, mean: Fraction, step: Fraction, places: int) -> bool:
    others = people - firsts
    if others < 0:
        return False
    # Sums come in halves: places that somebody left out count as the mean of what was left.
    lowest = ceil(2 * (mean - step / 2) * people)
    highest = floor(2 * (mean + step / 2) * people)
    return max(lowest, 2 * (firsts + 2 * others)) <= min(highest, 2 * (firsts + places * others))


def share_of_sum(part: int, whole: int, *, unit: int) -> int | None:
    """Return a share of all points in per cent; None where it would tell how few gave them.

    `unit` is what every number of points that was given is a multiple of.
    """
    if whole <= 0 or unit <= 0:
        return None
    step = next((one for one in SHARE_STEPS if whole // unit * one >= 100 * _SUMS), None)
    if step is None:
        return None
    return int(floor(Fraction(100 * part, whole) / step + Fraction(1, 2)) * step)


def mean_in_range(
    total: Fraction, people: int, *, lowest: Fraction, highest: Fraction
) -> Fraction | None:
    """Return the mean of numbers from a range, rounded to 1, 2 or 5 of some power of ten.

    The step is so large that three people more at one end, and less at the other, may not show.
    """
    if not people or highest <= lowest:
        return None
    step = nice_step(FEWEST_VALUES * (highest - lowest) / people)
    return floor(total / people / step + Fraction(1, 2)) * step


def nice_step(at_least: Fraction) -> Fraction:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below a number."""
    power = Fraction(1)
    while power >= at_least:
        power /= 10
    while power * 10 < at_least:
        power *= 10
    return next(power * one for one in (1, 2, 5, 10) if power * one >= at_least)


def nearly_all_alike(people_by_amount: Sequence[int]) -> bool:
    """Tell whether fewer than five people differ from what most gave."""
    return sum(people_by_amount) - max(people_by_amount, default=0) < SMALL
