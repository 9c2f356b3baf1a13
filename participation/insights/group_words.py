"""A released table by group in words: the groups side by side, a line for each answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from participation.comments.models import Stance
from participation.engagements.group_tables import GroupRow, GroupTable
from participation.insights.aggregation_groups import NO_STANCE
from participation.insights.results import CommentTable, IdeaList, SurveyTable
from participation.surveys.models import QuestionKind
from participation.surveys.readings import label_of
from participation.web.filters import label, number, percent


@dataclass(frozen=True)
class GroupHead:
    """A group as a column of the table: its name and how many stand behind it."""

    name: str
    n: int
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
    if row.are_organisations:
        return str(_("Organisationen"))
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


def words_of_ideas(found: IdeaList) -> GroupWords | None:
    """Return how many ideas of each group are about each element."""
    if found.groups is None:
        return None
    words = _words(found.groups, " / ".join, _count)
    note = _("Gleiche Ideen sind hier einzeln gezählt.")
    return replace(words, note=f"{note} {words.note}".strip(), is_counted=True)


def words_of_comments(table: CommentTable) -> GroupWords | None:
    """Return how many comments of each group take each stance."""
    if table.groups is None:
        return None
    return replace(_words(table.groups, _stances, _count), is_counted=True)


def _count(row: GroupRow, place: int) -> str:
    return number(row.counts[place])


def _stances(column: Sequence[str]) -> str:
    return " / ".join(
        _("ohne Haltung") if key == NO_STANCE else label(Stance(key)) for key in column
    )


def label_of_column(table: SurveyTable, column: Sequence[str]) -> str:
    """Return the words for one row of a question's table, or for several that were merged."""
    labels = [label_of(table, table.rows[int(place)]) for place in column]
    if table.kind is QuestionKind.SCALE and len(labels) > 1:
        return f"{labels[0].partition('–')[0]}–{labels[-1].rpartition('–')[2]}"
    return " / ".join(labels)


def _n_text(row: GroupRow) -> str:
    if row.is_exact:
        return f"n = {number(row.n)}"
    return str(_("n = %(number)s, gerundet", number=number(row.n)))


def _words(
    table: GroupTable,
    named: Callable[[Sequence[str]], str],
    cell: Callable[[GroupRow, int], str],
) -> GroupWords:
    note = ""
    if any(row.is_rest for row in table.rows):
        note = _(
            "Kleine Gruppen und solche, die sich fast einig sind, zählen bei allen anderen mit."
        )
    return GroupWords(
        heads=[GroupHead(name_of_group(row), row.n, _n_text(row)) for row in table.rows],
        lines=[
            GroupLine(named(column), [cell(row, place) for row in table.rows])
            for place, column in enumerate(table.columns)
        ],
        note=note,
    )
