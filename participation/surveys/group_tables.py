"""The tables of a survey's questions by invited group, as they may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from participation.analysis.bands import Band, in_bands
from participation.analysis.breakdown import Part, break_down
from participation.analysis.disclosure import Shown
from participation.engagements.group_tables import GroupTable, group_table
from participation.engagements.models import ParticipantGroup
from participation.surveys.counts import QuestionCounts
from participation.surveys.group_counts import COUNTED, count_by_group
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.tabling import Exact


def tables_by_group(
    session: Session,
    questionnaire: Questionnaire,
    groups: Sequence[ParticipantGroup],
    counted: Sequence[tuple[AskedQuestion, Exact, Shown]],
    *,
    threshold: int,
) -> dict[str, GroupTable]:
    """Return the tables by group of the questions where they may be shown.

    A question that is asked only of those who ticked something has none: how many of a group
    were asked would tell how many of it had ticked that.
    """
    asked_of_all = _asked_of_all(questionnaire)
    wanted = [one for one in counted if one[0].kind in COUNTED and one[0].code in asked_of_all]
    if not groups or not wanted:
        return {}
    by_group = count_by_group(session, [question for question, _exact, _shown in wanted])
    ids = [None, *(group.id for group in groups)]
    found: dict[str, GroupTable] = {}
    for question, exact, shown in wanted:
        parts = [_part(question, exact, by_group[group_id][question.id]) for group_id in ids]
        table = group_table(
            break_down(exact.counts, shown, parts, threshold=threshold),
            [group.name for group in groups],
            {code: str(row) for row, cell in enumerate(shown.cells) for code in cell.codes},
        )
        if table is not None:
            found[question.code] = _by_rows(table)
    return found


def _by_rows(table: GroupTable) -> GroupTable:
    """Name each row of the table of all once, also where it stands for several choices."""
    columns = tuple(tuple(dict.fromkeys(column)) for column in table.columns)
    return GroupTable(columns, table.rows)


def _asked_of_all(questionnaire: Questionnaire) -> set[str]:
    return {
        one.code
        for question in questionnaire.questions
        if question.condition is None
        for one in (question, *question.rows)
        if one.condition is None
    }


def _part(question: AskedQuestion, exact: Exact, counted: QuestionCounts) -> Part:
    if question.kind is not QuestionKind.NUMBER:
        counts = tuple(counted.ticks.get(code, 0) for code in exact.counts.codes)
        return Part(counts, counted.people)
    # The rows of a number are the bands, and after them “no answer”.
    bands = [band for band in exact.bands if isinstance(band, Band)]
    aside = sum(counted.ticks.values())
    counts = tuple(in_bands(counted.numbers, bands))
    rest = (aside,) if len(exact.counts.codes) > len(bands) else ()
    return Part(counts + rest, counted.people)
