"""A release as the rows of a table: the numbers that everybody may see, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.foundation.cells import Cell
from participation.insights.charts import Chart, Row, charts_of
from participation.insights.group_words import label_of_column, name_of_group
from participation.insights.models import Aggregate
from participation.insights.results import SurveyTable
from participation.surveys.readings import label_of
from participation.web.filters import local_date


def release_rows(session: Session, aggregates: Sequence[Aggregate]) -> Iterator[list[Cell]]:
    """Yield the heading and a row for each answer of a release; every number is rounded."""
    yield [
        str(_("Frage")),
        str(_("Wortlaut")),
        str(_("Antwort")),
        str(_("Anzahl, gerundet")),
        str(_("Anteil in Prozent")),
        str(_("Mittel")),
        str(_("Anzeige")),
        "n",
        str(_("Fassung")),
        str(_("Freigegeben am")),
        str(_("Hinweis")),
        str(_("Gruppe")),
    ]
    charts = charts_of(session, aggregates)
    for aggregate in aggregates:
        table = charts[aggregate.id].table
        if table is not None:
            yield from _of_question(aggregate, table)
        else:
            yield from _of_others(aggregate, charts[aggregate.id])


def _of_question(aggregate: Aggregate, table: SurveyTable) -> Iterator[list[Cell]]:
    day = local_date(aggregate.released_at)
    n = None if table.withheld else table.n
    before: list[Cell] = [table.code, f"{table.group_text} {table.question}".strip()]
    after: list[Cell] = [n, table.version, day]
    if table.withheld:
        yield [*before, "", None, None, None, "", *after, str(_("zu wenige Antworten")), ""]
        return
    if table.mean is not None:
        yield [
            *before,
            str(_("Mittel aller Antworten")),
            None,
            None,
            table.mean,
            "",
            *after,
            "",
            "",
        ]
    for row in table.rows:
        hint = str(_("zu wenige Antworten")) if row.hidden else ""
        yield [*before, label_of(table, row), row.count, row.share, row.mean, "", *after, hint, ""]
    if table.groups is None:
        return
    for group in table.groups.rows:
        for place, column in enumerate(table.groups.columns):
            numbers: list[Cell] = [group.counts[place], group.shares[place], None, ""]
            words = label_of_column(table, column)
            own: list[Cell] = [group.n, table.version, day, "", name_of_group(group)]
            yield [*before, words, *numbers, *own]


def _of_others(aggregate: Aggregate, chart: Chart) -> Iterator[list[Cell]]:
    day = local_date(aggregate.released_at)
    for row in chart.rows:
        value = (
            chart.hidden_text or str(_("zu wenige Antworten"))
            if row["hidden"]
            else row["value_text"]
        )
        shown: list[Cell] = [_name_of(row), None, None, None, str(value)]
        yield [aggregate.subject, aggregate.title, *shown, aggregate.n, None, day, chart.note, ""]
    if chart.groups is None:
        return
    for place, head in enumerate(chart.groups.heads):
        for line in chart.groups.lines:
            numbers: list[Cell] = [line.label, None, None, None, line.cells[place]]
            own: list[Cell] = [head.n, None, day, chart.groups.note, head.name]
            yield [aggregate.subject, aggregate.title, *numbers, *own]


def _name_of(row: Row) -> str:
    number_text = row.get("number_text")
    return f"{number_text}: {row['label']}" if number_text else str(row["label"])
