"""From grouped counts to the tables of a question, in the order of its choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from participation.analysis.disclosure import Counts, Shape, percent


def one_of_them(
    codes: Sequence[str],
    counted: Mapping[str, int],
    *,
    sensitive: bool = False,
    mergeable: bool = True,
) -> Counts:
    """Return the table of a question with one answer each."""
    counts = _in_order(codes, counted)
    return Counts(
        codes=tuple(codes),
        counts=counts,
        base=sum(counts),
        shape=Shape.ONE,
        sensitive=sensitive,
        mergeable=mergeable,
    )


def on_a_scale(
    codes: Sequence[str],
    counted: Mapping[str, int],
    *,
    values: Sequence[int],
    sensitive: bool = False,
) -> Counts:
    """Return the table of a scale question; `values` are its points in the order of the codes."""
    counts = _in_order(codes, counted)
    return Counts(
        codes=tuple(codes),
        counts=counts,
        base=sum(counts),
        shape=Shape.SCALE,
        sensitive=sensitive,
        values=tuple(values),
    )


def several_of_them(
    codes: Sequence[str],
    counted: Mapping[str, int],
    *,
    base: int,
    least: int = 1,
    most: int | None = None,
    sensitive: bool = False,
) -> Counts:
    """Return the table of a question with several answers each; `base` counts the people.

    Limits that the answers do not keep (they were imported, or the limits came later) are not
    known to hold, and are left out.
    """
    counts = _in_order(codes, counted)
    ticks = sum(counts)
    highest = len(codes) if most is None else min(most, len(codes))
    return Counts(
        codes=tuple(codes),
        counts=counts,
        base=base,
        shape=Shape.MANY,
        sensitive=sensitive,
        least=least if base * least <= ticks else 1,
        most=highest if ticks <= base * highest else len(codes),
    )


def agreement(agree: int, disagree: int) -> int | None:
    """Return how many per cent agree, of those who took a side; None if nobody did."""
    return percent(agree, agree + disagree) if agree + disagree else None


def _in_order(codes: Sequence[str], counted: Mapping[str, int]) -> tuple[int, ...]:
    unknown = counted.keys() - set(codes)
    if unknown:
        raise ValueError(f"counted what is no choice: {', '.join(sorted(unknown))}")
    return tuple(counted.get(code, 0) for code in codes)
