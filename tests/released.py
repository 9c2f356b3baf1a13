"""What a release shows, and how an engagement comes to its end."""

from __future__ import annotations

from datetime import timedelta

from participation.insights.results import SurveyTable


def shown(table: SurveyTable) -> list[tuple[str, int | None]]:
    return [(row.label, row.count) for row in table.rows]


def close(survey, make):
    """Return a moment after the closing, when no form can come in any more."""
    return survey.closes_at + timedelta(hours=1)
