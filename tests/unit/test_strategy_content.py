"""What a version says about an element: carried as plain values and shown in German."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.strategy.content import (
    FIELDS,
    Criterion,
    ElementContent,
    Financing,
    from_values,
    misplaced_fields,
    shown,
    to_values,
)
from participation.strategy.models import ElementKind, FundingSource, Priority

_days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
_words = st.text(max_size=20)
_contents = st.builds(
    ElementContent,
    title=_words,
    text=_words,
    field=st.none() | st.from_regex(r"HF-[1-9][0-9]?", fullmatch=True),
    goals=st.lists(st.from_regex(r"Z-[0-9]{2}", fullmatch=True), max_size=3).map(tuple),
    criteria=st.lists(st.builds(Criterion, _words, _words, _days), max_size=3).map(tuple),
    expected_effect=_words,
    lead=_words,
    participants=_words,
    priority=st.none() | st.sampled_from(Priority),
    starts_on=st.none() | _days,
    ends_on=st.none() | _days,
    data_protection=_words,
    external_home=_words,
    financing=st.lists(
        st.builds(
            Financing,
            st.integers(2000, 2100),
            st.sampled_from(FundingSource),
            st.integers(0, 10**12),
        ),
        max_size=3,
    ).map(tuple),
)


@given(_contents, st.sampled_from(ElementKind))
def test_the_fields_of_a_kind_survive_the_way_through_json(content, kind):
    back = from_values(json.loads(json.dumps(to_values(content, kind))))
    for name in FIELDS[kind]:
        assert getattr(back, name) == getattr(content, name)
    assert misplaced_fields(back, kind) == []


@given(_contents, st.sampled_from(ElementKind))
def test_plain_values_survive_the_way_through_a_content(content, kind):
    values = to_values(content, kind)
    assert to_values(from_values(values), kind) == values


@given(_days, _days)
def test_two_different_days_never_read_the_same(first, second):
    for name in ("starts_on", "ends_on"):
        same = shown(name, first.isoformat()) == shown(name, second.isoformat())
        assert same == (first == second)


def test_a_field_that_the_kind_does_not_have_is_named():
    content = ElementContent(title="Mobilität", lead="Bauamt", priority=Priority.HIGH)
    assert misplaced_fields(content, ElementKind.ACTION_FIELD) == ["lead", "priority"]
    assert misplaced_fields(content, ElementKind.MEASURE) == []


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("title", "Bürgerservice ohne Termin", "Bürgerservice ohne Termin"),
        ("field", None, ""),
        ("goals", ["Z-01", "Z-12"], "Z-01\nZ-12"),
        ("priority", "high", "hoch – sofort"),
        ("starts_on", "2026-04-01", "2. Quartal 2026"),
        ("starts_on", "2026-04-15", "15. April 2026"),
        ("ends_on", "2027-12-31", "4. Quartal 2027"),
        ("ends_on", "2027-12-01", "1. Dezember 2027"),
        (
            "criteria",
            [{"what": "Wartezeit", "target": "höchstens 15 Minuten", "due_on": "2028-12-31"}],
            "Wartezeit: höchstens 15 Minuten bis 31. Dezember 2028",
        ),
        (
            "financing",
            [
                {"year": 2026, "source": "own", "amount": 184000},
                {"year": 2027, "source": "grant", "amount": 60000},
            ],
            "2026: 184.000 € eigene Mittel\n2027: 60.000 € Fördermittel",
        ),
    ],
)
def test_a_plain_value_is_shown_in_readable_german(name, value, text):
    assert shown(name, value) == text
