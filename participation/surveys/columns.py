"""The columns in which the answers to a version stand: the same, whatever was answered.

A question that is ticked once has one column with the code of the choice. Where several can be
ticked, ranked or given points, each choice has a column of its own, as each row of a matrix
has. What is written has none: it stands in another file, in another order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from participation.foundation.cells import Cell
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire

CHANNEL = "kanal"
_ONE = frozenset({QuestionKind.SINGLE, QuestionKind.SCALE})
_COARSE = frozenset({QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.PLACE})

# What somebody answered: of each question the amount by choice, or None for a tick.
Ticks = Mapping[int, Mapping[int, int | None]]


@dataclass(frozen=True)
class Column:
    """A column: its heading, its question, and the choice that it is about."""

    name: str
    question: AskedQuestion
    choice_id: int | None = None
    choice_code: str = ""


def columns_of(questionnaire: Questionnaire) -> tuple[Column, ...]:
    """Return the columns of a version, in the order of its questions."""
    return tuple(column for question in questionnaire.answered for column in _columns(question))


def _columns(question: AskedQuestion) -> Iterator[Column]:
    if question.is_written:
        return
    if question.kind in _ONE or question.kind in _COARSE:
        yield Column(question.code, question)
        return
    for choice in question.choices:
        yield Column(f"{question.code}.{choice.code}", question, choice.id, choice.code)


def cells_of(columns: tuple[Column, ...], ticks: Ticks, coarse: Mapping[int, str]) -> list[Cell]:
    """Return what one sheet says in each column; `coarse` are bands and squares by question."""
    return [_cell(column, ticks, coarse) for column in columns]


def _cell(column: Column, ticks: Ticks, coarse: Mapping[int, str]) -> Cell:
    question = column.question
    ticked = ticks.get(question.id)
    if question.id in coarse:
        return coarse[question.id]
    if ticked is None:
        # Not asked, or left out.
        return None
    if column.choice_id is None:
        code = next((one.code for one in question.choices if one.id in ticked), None)
        is_point = question.kind is QuestionKind.SCALE and code is not None and code.isdigit()
        return int(code) if is_point and code is not None else code
    if question.kind is QuestionKind.MULTIPLE or column.choice_id == _aside(question):
        return int(column.choice_id in ticked)
    amount = ticked.get(column.choice_id)
    # A choice that was left out of a ranking has no rank; one that got no points got none.
    return 0 if amount is None and question.kind is QuestionKind.POINTS else amount


def _aside(question: AskedQuestion) -> int | None:
    return question.no_answer.id if question.no_answer is not None else None
