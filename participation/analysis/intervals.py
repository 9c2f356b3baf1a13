"""How sure a share is: the score interval of E. B. Wilson (1927)."""

from __future__ import annotations

from math import sqrt

CONFIDENCE_95 = 1.959963984540054  # The normal distribution's two-sided 95 % point.


def wilson(part: int, whole: int, *, z: float = CONFIDENCE_95) -> tuple[float, float]:
    """Return the interval in which the true share lies, as numbers from 0 to 1.

    It behaves well for few people and for shares near 0 and 1, where the textbook formula
    leaves the range. Nothing counted gives (0, 1).
    """
    if not 0 <= part <= whole:
        raise ValueError("a part cannot be larger than its whole")
    if whole == 0:
        return 0.0, 1.0
    share = part / whole
    spread = z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    # The last digit of a float must not push the share itself out of its interval.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))
