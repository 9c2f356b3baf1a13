"""A survey on paper: what the printed form asks, and the keys by which slips are entered.

The key of a box stands small beside it on paper, and is typed when the slip is entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from participation.surveys.models import ChoiceRole, QuestionKind
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedQuestion,
    Questionnaire,
)

# What is typed for "no answer", where it is no point of a scale.
NO_ANSWER_KEY = "0"
_OTHER_NO_ANSWER_KEY = "99"


@dataclass(frozen=True)
class Box:
    """A box to tick, or a line before a choice that gets a number."""

    key: str
    choice: AskedChoice

    @property
    def has_line(self) -> bool:
        """Whether words of one's own are written beside it."""
        return self.choice.role is ChoiceRole.OTHER


@dataclass(frozen=True)
class PrintedQuestion:
    """A question as it stands on paper.

    `otherwise` is the number of the question with which somebody goes on whom the condition
    keeps from this one; 0 if nothing comes after. It is None where this one is asked of all,
    or stands under the same condition as the one before.
    """

    number: int
    question: AskedQuestion
    boxes: tuple[Box, ...] = ()
    rows: tuple[tuple[AskedQuestion, tuple[Box, ...]], ...] = ()
    otherwise: int | None = None

    @property
    def answered(self) -> tuple[AskedQuestion, ...]:
        """What is answered here: the rows of a matrix, or the question."""
        return tuple(row for row, _ in self.rows) or (self.question,)


def printed_questions(questionnaire: Questionnaire) -> tuple[PrintedQuestion, ...]:
    """Return what the printed form asks, in its order."""
    return tuple(
        PrintedQuestion(
            number=number,
            question=question,
            boxes=boxes_of(question),
            rows=tuple((row, boxes_of(row)) for row in question.rows),
            otherwise=_otherwise(questionnaire, number),
        )
        for number, question in enumerate(questionnaire.questions, start=1)
    )


def boxes_of(question: AskedQuestion) -> tuple[Box, ...]:
    """Return the choices of a question with their keys: on a scale its points, else 1, 2, 3 …"""
    keys = dict(_keys(question))
    return tuple(Box(keys[choice.code], choice) for choice in question.choices)


def _keys(question: AskedQuestion) -> Iterator[tuple[str, str]]:
    answers = question.answers
    is_scale = question.kind is QuestionKind.SCALE
    taken = set()
    for place, choice in enumerate(answers, start=1):
        key = choice.code if is_scale else str(place)
        taken.add(key)
        yield choice.code, key
    if question.no_answer is not None:
        key = _OTHER_NO_ANSWER_KEY if NO_ANSWER_KEY in taken else NO_ANSWER_KEY
        yield question.no_answer.code, key


def _otherwise(questionnaire: Questionnaire, number: int) -> int | None:
    """Return where somebody goes on whom the condition of a question keeps from it."""
    questions = questionnaire.questions
    condition = questions[number - 1].condition
    if not _is_condition(condition):
        return None
    if number > 1 and questions[number - 2].condition == condition:
        return None
    for later, question in enumerate(questions[number:], start=number + 1):
        if question.condition != condition:
            return later
    return 0


def _is_condition(condition: AskedCondition | None) -> bool:
    return condition is not None and bool(condition.terms)
