"""Bands of numbers, spans of time and squares of the map, in the language of the page.

A released table keeps their codes beside the German words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from participation.surveys.models import QuestionKind
from participation.surveys.tables import CountRow, QuestionTable

_SPAN, _BELOW = "..", "<"
_BANDED = frozenset({QuestionKind.NUMBER, QuestionKind.DATE})


def words_of_row(table: QuestionTable, row: CountRow) -> str:
    """Return the words of a row; those of a choice are the survey's own."""
    if row.no_answer or not row.codes:
        return row.label
    try:
        return words_of_codes(table.kind, row.codes) or row.label
    except (ValueError, InvalidOperation):
        # A release of old whose codes mean something else.
        return row.label


def words_of_codes(kind: QuestionKind, codes: Sequence[str]) -> str:
    """Return the words of a band or several, or of a square; empty where a kind has neither."""
    if kind in _BANDED:
        return _span(kind, codes)
    return _place(codes[0]) if kind is QuestionKind.PLACE else ""


def _span(kind: QuestionKind, codes: Sequence[str]) -> str:
    """Return a band, or several that were merged, from the first one's low end on."""
    low = codes[0].partition(_SPAN)[0]
    high = codes[-1].rpartition(_SPAN)[2]
    first, last = _end(kind, low), _end(kind, high.removeprefix(_BELOW))
    if not low and not high:
        return str(_("insgesamt"))
    if high.startswith(_BELOW):
        return _below(first, last)
    if not low:
        return str(_("bis %(end)s", end=last))
    if not high:
        return str(_("ab %(end)s", end=first))
    if low == high:
        return first
    return str(_("%(low)s bis %(high)s", low=first, high=last))


def _below(low: str, end: str) -> str:
    """Return a band of numbers with decimals: its last one, 39.99, is no number people say."""
    if not low:
        return str(_("unter %(end)s", end=end))
    return str(_("%(low)s bis unter %(end)s", low=low, end=end))


def _end(kind: QuestionKind, text: str) -> str:
    if not text:
        return ""
    if kind is QuestionKind.NUMBER:
        return str(format_decimal(Decimal(text)))
    year, dash, month = text.partition("-")
    if not dash:
        return text
    return str(format_date(date(int(year), int(month), 1), "MMMM yyyy", rebase=False))


def _place(code: str) -> str:
    if not code:
        return str(_("an anderen Orten"))
    north, east = (int(part) for part in code.split("/"))
    latitude = format_decimal(Decimal(abs(north)) / 100, "0.00")
    longitude = format_decimal(Decimal(abs(east)) / 100, "0.00")
    return str(
        _(
            "%(latitude)s° %(north)s, %(longitude)s° %(east)s",
            latitude=latitude,
            north=_("Nord") if north >= 0 else _("Süd"),
            longitude=longitude,
            east=_("Ost") if east >= 0 else _("West"),
        )
    )
