"""German words that belong to the record: versions, differences and refusals print them.

The text of a strategy is German whatever language the page around it speaks, so these are not
translated. `labels` holds the translated words of the pages.
"""

from __future__ import annotations

from datetime import date

from participation.strategy.models import ElementKind, FundingSource, Priority

KINDS: dict[ElementKind, str] = {
    ElementKind.VISION: "Leitbild",
    ElementKind.ACTION_FIELD: "Handlungsfeld",
    ElementKind.GOAL: "Ziel",
    ElementKind.MEASURE: "Maßnahme",
}

PRIORITIES: dict[Priority, str] = {
    Priority.HIGH: "hoch – sofort",
    Priority.MEDIUM: "mittel – Beginn in zwei Jahren",
    Priority.LOW: "niedrig – Beginn in vier Jahren",
}

FUNDING_SOURCES: dict[FundingSource, str] = {
    FundingSource.OWN: "eigene Mittel",
    FundingSource.THIRD_PARTY: "Mittel Dritter",
    FundingSource.GRANT: "Fördermittel",
    FundingSource.IN_KIND: "Sachleistungen",
}

OFFERED_FIELDS = (
    "Bauen und Wohnen",
    "Bildung und Forschung",
    "Digitale Infrastruktur",
    "Energie",
    "Gesundheit und Soziales",
    "Gesellschaft und Kultur",
    "Mobilität",
    "Umwelt und Klimaschutz",
    "Verwaltung",
    "Wirtschaft und Tourismus",
)

_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def written_date(day: date) -> str:
    """Return the day as a German letter would write it."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def written_quarter(day: date) -> str:
    """Return the quarter that a day lies in."""
    return f"{(day.month + 2) // 3}. Quartal {day.year}"


def written_amount(euros: int) -> str:
    """Return whole euros with points between the thousands."""
    return f"{euros:,} €".replace(",", ".")
