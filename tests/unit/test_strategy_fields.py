"""Numbers as German offices write them, and the arithmetic of quarters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.strategy.fields import read_number, written_number
from participation.strategy.models import ElementKind
from participation.strategy.policy import (
    canonical_code,
    months_after,
    quarter_end,
    quarter_of,
    quarter_start,
    written_code,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("184.000", "184000"),
        ("1 234,50", "1234.50"),
        ("-3,2", "-3.2"),
    ],
)
def test_a_number_is_read_as_it_is_written_in_german(typed, number):
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["viel", "", "1,2,3", "NaN", "Infinity", "12 %"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises((ValueError, InvalidOperation)):
        read_number(typed)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_number_that_is_written_is_read_again(number):
    assert read_number(written_number(number)) == number


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_lies_in_its_quarter(day):
    quarter = quarter_of(day)
    assert quarter_start(day.year, quarter) <= day <= quarter_end(day.year, quarter)


def test_months_are_counted_over_the_turn_of_the_year():
    assert months_after(date(2026, 6, 25), 30) == date(2028, 12, 1)
    assert months_after(date(2026, 12, 31), 1) == date(2027, 1, 1)


@given(st.sampled_from(ElementKind), st.integers(1, 99_999))
def test_every_code_is_its_own_canonical_spelling(kind, number):
    code = written_code(kind, number)
    assert canonical_code(code) == canonical_code(code.lower()) == code


@pytest.mark.parametrize("typed", ["", "M", "M-", "M-0", "X-1", "HFF-1", "M-1-2", "M-1234567"])
def test_what_cannot_be_a_code_is_none(typed):
    assert canonical_code(typed) is None
