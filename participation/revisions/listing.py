"""The elements of a draft in groups, as somebody looks for one of hundreds. No row is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from participation.revisions.queries import DraftedLine
from participation.strategy.models import ElementKind


@dataclass(frozen=True)
class LineGroup:
    """An action field with what is in it; without one, what stands above the fields."""

    field: DraftedLine | None
    lines: list[DraftedLine]


def by_field(lines: Mapping[str, DraftedLine], wanted: str = "") -> list[LineGroup]:
    """Return the elements by action field; `wanted` are words that code and title must hold."""
    words = wanted.casefold().split()
    groups: dict[str | None, list[DraftedLine]] = {None: []}
    for line in lines.values():
        home = line.code if line.kind is ElementKind.ACTION_FIELD else line.field
        # A field that leaves the strategy leaves what was in it without one.
        groups.setdefault(home if home in lines else None, []).append(line)
    found = [
        LineGroup(lines[home] if home else None, list(_fitting(inside, words)))
        for home, inside in groups.items()
    ]
    return [group for group in found if group.lines]


def _fitting(lines: Iterable[DraftedLine], words: list[str]) -> Iterable[DraftedLine]:
    for line in lines:
        text = f"{line.code} {line.title}".casefold()
        if all(word in text for word in words):
            yield line
