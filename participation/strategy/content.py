"""What a version says about one element, apart from any row: to carry, compare and show.

A content travels as `ElementContent` in Python and as plain JSON values where it is stored
(`to_values`, `from_values`: an exact round trip of the fields that a kind has).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from participation.strategy.models import ElementKind, FundingSource, Priority
from participation.strategy.words import (
    FUNDING_SOURCES,
    PRIORITIES,
    written_amount,
    written_date,
    written_quarter,
)


@dataclass(frozen=True)
class Criterion:
    """By what a goal is measured: what, which target, by when."""

    what: str
    target: str
    due_on: date


@dataclass(frozen=True)
class Financing:
    """Whole euros of one year from one source."""

    year: int
    source: FundingSource
    amount: int


@dataclass(frozen=True)
class ElementContent:
    """What a version says about an element; `field` and `goals` hold codes."""

    title: str
    text: str = ""
    field: str | None = None
    goals: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    expected_effect: str = ""
    lead: str = ""
    participants: str = ""
    priority: Priority | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    data_protection: str = ""
    external_home: str = ""
    financing: tuple[Financing, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """By what the council adopted a version: which body, when, under which number."""

    body: str
    on: date
    number: str


# Which fields a kind has, in the order of the page.
FIELDS: dict[ElementKind, tuple[str, ...]] = {
    ElementKind.VISION: ("title", "text"),
    ElementKind.ACTION_FIELD: ("title", "text"),
    ElementKind.GOAL: ("title", "text", "field", "criteria"),
    ElementKind.MEASURE: (
        "title",
        "text",
        "expected_effect",
        "goals",
        "field",
        "lead",
        "participants",
        "priority",
        "starts_on",
        "ends_on",
        "financing",
        "data_protection",
        "external_home",
    ),
}

_NOTHING = ElementContent(title="")


def to_values(content: ElementContent, kind: ElementKind) -> dict[str, Any]:
    """Return the fields that the kind has as plain JSON values."""
    return {name: _plain(name, getattr(content, name)) for name in FIELDS[kind]}


def from_values(values: Mapping[str, Any]) -> ElementContent:
    """Return the content that `to_values` gave; a field that is missing is empty."""
    return ElementContent(
        **{"title": ""} | {name: _rich(name, value) for name, value in values.items()}
    )


def misplaced_fields(content: ElementContent, kind: ElementKind) -> list[str]:
    """Return the fields that hold something although the kind does not have them."""
    return [
        field.name
        for field in fields(content)
        if field.name not in FIELDS[kind]
        and getattr(content, field.name) != getattr(_NOTHING, field.name)
    ]


def shown(name: str, value: Any) -> str:
    """Return one field's plain value as readable German text, one line per item of a list."""
    return "\n".join(_lines(name, value))


def _plain(name: str, value: Any) -> Any:
    return value if value is None or name not in _CODECS else _CODECS[name].plain(value)


def _rich(name: str, value: Any) -> Any:
    return value if value is None or name not in _CODECS else _CODECS[name].rich(value)


def _lines(name: str, value: Any) -> Iterable[str]:
    if value is None:
        return ()
    return _CODECS[name].lines(_rich(name, value)) if name in _CODECS else (str(value),)


@dataclass(frozen=True)
class _Codec:
    """How a field that is no plain text is written as JSON, read back and shown."""

    plain: Callable[[Any], Any]
    rich: Callable[[Any], Any]
    lines: Callable[[Any], Iterable[str]]


def _plain_criteria(criteria: Iterable[Criterion]) -> list[dict[str, Any]]:
    return [
        {"what": item.what, "target": item.target, "due_on": item.due_on.isoformat()}
        for item in criteria
    ]


def _rich_criteria(values: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(item["what"], item["target"], date.fromisoformat(item["due_on"]))
        for item in values
    )


def _written_criteria(criteria: Iterable[Criterion]) -> list[str]:
    return [f"{item.what}: {item.target} bis {written_date(item.due_on)}" for item in criteria]


def _plain_financing(financing: Iterable[Financing]) -> list[dict[str, Any]]:
    return [
        {"year": item.year, "source": item.source.value, "amount": item.amount}
        for item in financing
    ]


def _rich_financing(values: Iterable[Mapping[str, Any]]) -> tuple[Financing, ...]:
    return tuple(
        Financing(item["year"], FundingSource(item["source"]), item["amount"]) for item in values
    )


def _written_financing(financing: Iterable[Financing]) -> list[str]:
    return [
        f"{item.year}: {written_amount(item.amount)} {FUNDING_SOURCES[item.source]}"
        for item in financing
    ]


def _written_start(day: date) -> str:
    """A quarter where it begins with one, so that two days never read the same."""
    begins_a_quarter = day.day == 1 and day.month % 3 == 1
    return written_quarter(day) if begins_a_quarter else written_date(day)


def _written_end(day: date) -> str:
    next_day = day + timedelta(days=1)
    ends_a_quarter = next_day.day == 1 and next_day.month % 3 == 1
    return written_quarter(day) if ends_a_quarter else written_date(day)


_CODECS = {
    "goals": _Codec(list, tuple, lambda codes: codes),
    "criteria": _Codec(_plain_criteria, _rich_criteria, _written_criteria),
    "financing": _Codec(_plain_financing, _rich_financing, _written_financing),
    "priority": _Codec(lambda it: it.value, Priority, lambda it: (PRIORITIES[it],)),
    "starts_on": _Codec(date.isoformat, date.fromisoformat, lambda day: (_written_start(day),)),
    "ends_on": _Codec(date.isoformat, date.fromisoformat, lambda day: (_written_end(day),)),
}
