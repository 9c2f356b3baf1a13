"""How sure the mean of a scale is, from counts that were rounded for publication."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from participation.analysis.intervals import CONFIDENCE_95


def margin_of_mean(
    counts: Sequence[tuple[float, int]] | None, n: int, *, lowest: float, highest: float
) -> float:
    """Return the margin of error of a mean: with 95 % certainty it lies within ± this.

    The formula is z · s / √n with z = 1.96, the interval of the mean of a simple random sample
    by the normal approximation (W. G. Cochran, Sampling Techniques, 3rd edition 1977, section
    2.7), without the correction for a finite population, which would only make it narrower.
    `counts` are pairs of a value and how many gave it; s is their standard deviation with n − 1.

    Where not every count is shown (None), s is the largest that values between `lowest` and
    `highest` can have, (highest − lowest) / 2 (T. Popoviciu, 1935): the margin is then too wide
    rather than too narrow. It says how much chance alone would move the mean, and nothing about
    who did not take part: an open survey is no random sample.
    """
    if n < 2:
        return highest - lowest
    spread = (highest - lowest) / 2
    if counts is not None:
        whole = sum(number for _value, number in counts)
        if whole >= 2:
            mean = sum(value * number for value, number in counts) / whole
            squares = sum(number * (value - mean) ** 2 for value, number in counts)
            spread = sqrt(squares / (whole - 1))
    return CONFIDENCE_95 * spread / sqrt(n)
