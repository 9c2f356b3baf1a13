"""A released table by group in words: the groups side by side, a line for each answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from participation.engagements.group_tables import GroupRow, GroupTable
from participation.insights.results import SurveyTable
from participation.surveys.models import QuestionKind
from participation.surveys.readings import label_of
from participation.web.filters import number, percent


@dataclass(frozen=True)
class GroupHead:
    """A group as a column of the table: its name and how many stand behind it."""

    name: str
    n_text: str


@dataclass(frozen=True)
class GroupLine:
    """An answer, and its share in each group."""

    label: str
    cells: Sequence[str]


@dataclass(frozen=True)
class GroupWords:
    """What a page shows of a table by group."""

    heads: Sequence[GroupHead]
    lines: Sequence[GroupLine]
    note: str = ""
    # Whether the cells count contributions; else they are shares of people.
    is_counted: bool = False


def name_of_group(row: GroupRow) -> str:
    """Return what a row is called; everybody else where groups count in it that are not shown."""
    if row.name:
        return row.name
    return str(_("Alle anderen") if row.is_rest else _("Bürgerinnen und Bürger"))


def words_of_question(table: SurveyTable) -> GroupWords | None:
    """Return the answers to a question by group."""
    if table.groups is None:
        return None
    return _words(
        table.groups,
        lambda column: label_of_column(table, column),
        lambda row, place: percent(row.shares[place]),
    )


def label_of_column(table: SurveyTable, column: Sequence[str]) -> str:
    """Return the words for one row of a question's table, or for several that were merged."""
    labels = [label_of(table, table.rows[int(place)]) for place in column]
    if table.kind is QuestionKind.SCALE and len(labels) > 1:
        return f"{labels[0].partition('–')[0]}–{labels[-1].rpartition('–')[2]}"
    return " / ".join(labels)


def _words(
    table: GroupTable,
    label: Callable[[Sequence[str]], str],
    cell: Callable[[GroupRow, int], str],
) -> GroupWords:
    note = ""
    if any(row.is_rest for row in table.rows):
        note = _(
            "Kleine Gruppen und solche, die sich fast einig sind, zählen bei allen anderen mit."
        )
    return GroupWords(
        heads=[
            GroupHead(name_of_group(row), _("n = %(number)s, gerundet", number=number(row.n)))
            for row in table.rows
        ],
        lines=[
            GroupLine(label(column), [cell(row, place) for row in table.rows])
            for place, column in enumerate(table.columns)
        ],
        note=note,
    )
