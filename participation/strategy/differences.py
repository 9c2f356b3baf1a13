"""What differs between two versions: per element, per field, word by word."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from participation.analysis.wording_difference import Segment, difference
from participation.strategy.content import FIELDS, ElementContent, shown, to_values
from participation.strategy.models import Element


class Fate(enum.Enum):
    """What became of an element from one version to the next."""

    ADDED = "added"
    AMENDED = "amended"
    RETIRED = "retired"


@dataclass(frozen=True)
class FieldDifference:
    """One field of an element, as it was and as it is."""

    name: str
    segments: list[Segment]


@dataclass(frozen=True)
class ElementDifference:
    """One element that is not in both versions, or reads differently in them."""

    element: Element
    title: str
    fate: Fate
    fields: list[FieldDifference]


Contents = Mapping[str, tuple[Element, ElementContent]]


def differences(before: Contents, after: Contents) -> list[ElementDifference]:
    """Return every element that differs: in the order of the later version, then what left."""
    found = []
    for code, (element, content) in after.items():
        earlier = before[code][1] if code in before else None
        fields = field_differences(element, earlier, content)
        if fields:
            fate = Fate.AMENDED if earlier else Fate.ADDED
            found.append(ElementDifference(element, content.title, fate, fields))
    for code, (element, content) in before.items():
        if code not in after:
            fields = field_differences(element, content, None)
            found.append(ElementDifference(element, content.title, Fate.RETIRED, fields))
    return found


def field_differences(
    element: Element, before: ElementContent | None, after: ElementContent | None
) -> list[FieldDifference]:
    """Return the fields that read differently; None is an element that is not there."""
    if before == after:
        return []
    old = to_values(before, element.kind) if before else {}
    new = to_values(after, element.kind) if after else {}
    return [
        FieldDifference(name, difference(shown(name, old.get(name)), shown(name, new.get(name))))
        for name in FIELDS[element.kind]
        if old.get(name) != new.get(name) and (old.get(name) or new.get(name))
    ]
