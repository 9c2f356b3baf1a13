"""Changes as plain values: made from two contents, laid over a version, and shown word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from participation.analysis.sentences import Sentence, changed_sentences
from participation.analysis.wording_difference import Segment, difference
from participation.revisions.models import Change, ChangeOperation
from participation.strategy.content import (
    FIELDS,
    ElementContent,
    from_values,
    shown,
    to_values,
)
from participation.strategy.models import Element, ElementKind

# What a version says, by code: as `strategy.queries.contents_of` gives it.
Contents = dict[str, tuple[Element, ElementContent]]


@dataclass(frozen=True)
class FieldDifference:
    """One field before and after, in the plain values of `strategy.content`."""

    name: str
    before: Any
    after: Any


def differences(
    kind: ElementKind, before: ElementContent | None, after: ElementContent | None
) -> list[FieldDifference]:
    """Return the fields that differ, in the order of the page. None means: not there.

    A field that is empty on one side and missing on the other does not differ.
    """
    old = to_values(before, kind) if before else {}
    new = to_values(after, kind) if after else {}
    return [
        FieldDifference(name, old.get(name), new.get(name))
        for name in FIELDS[kind]
        if (old.get(name) or None) != (new.get(name) or None)
    ]


def apply_fields(
    kind: ElementKind, base: ElementContent | None, after: Mapping[str, Any]
) -> ElementContent:
    """Return the content with the given fields put in place of the base's."""
    values = to_values(base or ElementContent(title=""), kind)
    empty = to_values(ElementContent(title=""), kind)
    for name, value in after.items():
        values[name] = empty[name] if value is None else value
    return from_values(values)


def lay_over(base: Contents, changes: Iterable[Change]) -> Contents:
    """Return what a version says once the changes are made; the base stays as it is."""
    drafted = dict(base)
    for change in changes:
        code = change.element.code
        if change.operation is ChangeOperation.RETIRE:
            drafted.pop(code, None)
            continue
        before = base[code][1] if code in base else None
        after = {field.name: field.after for field in change.fields}
        drafted[code] = (change.element, apply_fields(change.element.kind, before, after))
    return drafted


def field_segments(name: str, before: Any, after: Any) -> list[Segment]:
    """Return a field's change word by word, over its readable text."""
    return difference(shown(name, before), shown(name, after))


def field_sentences(name: str, before: Any, after: Any) -> list[Sentence]:
    """Return the sentences of a field that changed; applied in full they give the new text."""
    return list(_changed_sentences(shown(name, before), shown(name, after)))


@lru_cache(maxsize=256)
def _changed_sentences(before: str, after: str) -> tuple[Sentence, ...]:
    # What a version changed never changes again, and many pages show it.
    return tuple(changed_sentences(difference(before, after)))
