"""Which questions a sheet is asked, following the conditions in the order of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from participation.surveys.models import ChoiceRole, ConditionMode, Operator, QuestionKind
from participation.surveys.questionnaire import (
    AskedCondition,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)


class Answered(Protocol):
    """What conditions read of a sheet."""

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of ticked choices by the code of the question."""

    @property
    def amounts(self) -> Mapping[str, Mapping[str, int]]:
        """Ranks or points by the code of the choice."""

    @property
    def numbers(self) -> Mapping[str, Decimal]:
        """Numbers by the code of the question."""


def asked_of(questionnaire: Questionnaire, sheet: Answered) -> frozenset[str]:
    """Return the codes of the questions, and of the rows, that this sheet is asked.

    What was answered before a question was hidden counts for no later condition, and a term
    about a question that comes later, or that is not there, finds nothing answered. So
    “ticked” does not hold for it, and “not ticked” does.
    """
    asked: dict[str, AskedQuestion] = {}
    for question in questionnaire.questions:
        if not _holds(question.condition, asked, sheet):
            continue
        asked[question.code] = question
        for row in question.rows:
            if _holds(row.condition, asked, sheet):
                asked[row.code] = row
    return frozenset(asked)


def _holds(
    condition: AskedCondition | None, asked: dict[str, AskedQuestion], sheet: Answered
) -> bool:
    if condition is None or not condition.terms:
        return True
    terms = (is_true(term, asked.get(term.earlier), sheet) for term in condition.terms)
    return all(terms) if condition.mode is ConditionMode.ALL else any(terms)


def is_true(term: AskedTerm, earlier: AskedQuestion | None, sheet: Answered) -> bool:
    """Tell whether one term holds; `earlier` is its question, None if that is not asked."""
    if term.operator in {Operator.TICKED, Operator.NOT_TICKED}:
        is_ticked = earlier is not None and term.choice in _ticked(earlier, sheet)
        return is_ticked is (term.operator is Operator.TICKED)
    number = _number(earlier, sheet) if earlier is not None else None
    if number is None or term.number is None:
        return False
    return number >= term.number if term.operator is Operator.AT_LEAST else number <= term.number


def _ticked(question: AskedQuestion, sheet: Answered) -> frozenset[str]:
    """Return the choices that were ticked, ranked or given points."""
    ticked = frozenset(sheet.choices.get(question.code, ()))
    weighed = sheet.amounts.get(question.code, {})
    return ticked | {code for code, amount in weighed.items() if amount > 0}


def _number(question: AskedQuestion, sheet: Answered) -> Decimal | None:
    """Return the number that was given, or the point of a scale that was ticked."""
    if question.kind is QuestionKind.NUMBER:
        number = sheet.numbers.get(question.code)
        return number if number is not None and number.is_finite() else None
    if question.kind is not QuestionKind.SCALE:
        return None
    for code in sheet.choices.get(question.code, ()):
        choice = question.find_choice(code)
        if choice is not None and choice.role is ChoiceRole.ANSWER:
            return Decimal(choice.code)
    return None
