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
    apart: str | None = None,
) -> Counts:
    """Return the table of a question with one answer each; `apart` is the code of “can't say”."""
    counts = _in_order(codes, counted)
    return Counts(
        codes=tuple(codes),
        counts=counts,
        base=sum(counts),
        shape=Shape.ONE,
        sensitive=sensitive,
        mergeable=mergeable,
        apart=_place(codes, apart),
    )


def on_a_scale(
    codes: Sequence[str],
    counted: Mapping[str, int],
    *,
    values: Sequence[float] = (),
    sensitive: bool = False,
    apart: str | None = None,
) -> Counts:
    """Return the table of a question whose answers have an order.

    `values` are its points in the order of the codes, none where there can be no mean; `apart`
    is the code of “can't say”, whose value says nothing.
    """
    counts = _in_order(codes, counted)
    return Counts(
        codes=tuple(codes),
        counts=counts,
        base=sum(counts),
        shape=Shape.SCALE,
        sensitive=sensitive,
        values=tuple(values),
        apart=_place(codes, apart),
    )


def several_of_them(
    codes: Sequence[str],
    counted: Mapping[str, int],
    *,
    base: int,
    least: int = 1,
    most: int | None = None,
    sensitive: bool = False,
    apart: str | None = None,
) -> Counts:
    """Return the table of a question with several answers each; `base` counts the people.

    Limits that the answers do not keep (they were imported, or the limits came later) are not
    known to hold, and are left out.
    """
    counts = _in_order(codes, counted)
    place = _place(codes, apart)
    aside = 0 if place is None else counts[place]
    people, ticks = base - aside, sum(counts) - aside
    options = len(codes) - (place is not None)
    highest = options if most is None else min(most, options)
    return Counts(
        codes=tuple(codes),
        counts=counts,
        base=base,
        shape=Shape.MANY,
        sensitive=sensitive,
        least=least if people * least <= ticks else 1,
        most=highest if ticks <= people * highest else options,
        apart=place,
    )


def agreement(agree: int, disagree: int) -> int | None:
    """Return how many per cent agree, of those who took a side; None if nobody did."""
    return percent(agree, agree + disagree) if agree + disagree else None


def _place(codes: Sequence[str], code: str | None) -> int | None:
    return None if code is None else list(codes).index(code)


def _in_order(codes: Sequence[str], counted: Mapping[str, int]) -> tuple[int, ...]:
    unknown = counted.keys() - set(codes)
    if unknown:
        raise ValueError(f"counted what is no choice: {', '.join(sorted(unknown))}")
    return tuple(counted.get(code, 0) for code in codes)
