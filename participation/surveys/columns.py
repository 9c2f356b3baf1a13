"""The columns in which the answers to a version stand: the same, whatever was answered.

A question that is ticked once has one column with the code of the choice. Where several can be
ticked, ranked or given points, each choice has a column of its own, as each row of a matrix
has. What is written has none: it stands in another file, in another order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from participation.foundation.cells import Cell
from participation.surveys.coarsening import Coarse
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire

CHANNEL = "kanal"
_ONE = frozenset({QuestionKind.SINGLE, QuestionKind.SCALE})
_COARSE = frozenset({QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.PLACE})

# Before the id of a question that is answered by a number, a day or a place.
COARSE_MARK = "n"
_REMEMBERED = 10_000
_Zeros = tuple[int, ...]


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


class RowFiller:
    """Turns what a sheet says into its cells, one for each column.

    What it says comes as texts of pieces, as `raw` reads them: `17:` for the tick of a choice,
    `17:3` for one with a rank or points, `n5:12.5` for a number, a month or a square that
    answers a question. The same few pieces come again and again, so each is read once.
    """

    def __init__(self, columns: Sequence[Column], coarse: Mapping[int, Coarse]) -> None:
        self._empty: list[Cell] = [None] * len(columns)
        self._coarse = coarse
        self._places: dict[int, int] = {}
        self._choices: dict[int, tuple[int, Column, _Zeros]] = {}
        by_question: dict[int, list[tuple[int, Column]]] = defaultdict(list)
        for place, column in enumerate(columns):
            by_question[column.question.id].append((place, column))
        for question_id, found in by_question.items():
            self._places[question_id] = found[0][0]
            zeros = tuple(place for place, column in found if _is_zero_if_left_out(column))
            for place, column in found:
                for choice_id in _choices_of(column):
                    self._choices[choice_id] = place, column, zeros
        self._find = lru_cache(maxsize=_REMEMBERED)(self._read)

    def cells(self, texts: Iterable[str | None]) -> list[Cell]:
        """Return the cells of a sheet; those of a question without an answer are empty."""
        cells = self._empty.copy()
        for text in texts:
            for piece in text.split(",") if text else ():
                found = self._find(piece)
                if found is None:
                    continue
                place, cell, zeros = found
                for zero in zeros:
                    if cells[zero] is None:
                        cells[zero] = 0
                cells[place] = cell
        return cells

    def _read(self, piece: str) -> tuple[int, Cell, _Zeros] | None:
        """Return where a piece stands, as what, and which columns it makes zero, not empty.

        None for what has no column: that somebody can't say what others wrote.
        """
        name, _colon, said = piece.partition(":")
        if name.startswith(COARSE_MARK):
            question_id = int(name.removeprefix(COARSE_MARK))
            return self._places[question_id], self._coarse[question_id].words_for(said), ()
        choice_id = int(name)
        if choice_id not in self._choices:
            return None
        place, column, zeros = self._choices[choice_id]
        return place, _cell(column, choice_id, said), zeros


def _choices_of(column: Column) -> list[int]:
    if column.choice_id is not None:
        return [column.choice_id]
    return [choice.id for choice in column.question.choices]


def _cell(column: Column, choice_id: int, amount: str) -> Cell:
    if column.choice_id is not None:
        return int(amount) if amount else 1
    question = column.question
    code = next(one.code for one in question.choices if one.id == choice_id)
    return int(code) if question.kind is QuestionKind.SCALE and code.isdigit() else code


def _is_zero_if_left_out(column: Column) -> bool:
    """Tell whether a column is zero, where its question was answered without its choice.

    A choice that was left out of a ranking has no rank; one that got no points got none.
    """
    if column.choice_id is None:
        return False
    question = column.question
    is_aside = question.no_answer is not None and column.choice_id == question.no_answer.id
    return is_aside or question.kind in {QuestionKind.MULTIPLE, QuestionKind.POINTS}
