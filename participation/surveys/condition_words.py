"""A condition in words, for whoever reads it on paper or without a script."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from participation.surveys.models import ConditionMode, Operator
from participation.surveys.questionnaire import AskedQuestion, AskedTerm, Questionnaire


def words_of_condition(questionnaire: Questionnaire, question: AskedQuestion) -> str:
    """Return when a question is asked: “Nur wenn Sie bei Frage 1 „nie“ gewählt haben.”"""
    if question.condition is None or not question.condition.terms:
        return ""
    terms = [_words_of(questionnaire, term) for term in question.condition.terms]
    is_all = question.condition.mode is ConditionMode.ALL
    joined = (_(" und ") if is_all else _(" oder ")).join(terms)
    return str(_("Nur wenn Sie %(terms)s.", terms=joined))


def number_of(questionnaire: Questionnaire, code: str) -> int | None:
    """Return the number under which a question, or the matrix of a row, is shown."""
    for number, question in enumerate(questionnaire.questions, start=1):
        if code == question.code or any(row.code == code for row in question.rows):
            return number
    return None


def _words_of(questionnaire: Questionnaire, term: AskedTerm) -> str:
    place = _place_of(questionnaire, term.earlier)
    if term.operator is Operator.TICKED:
        answer = _answer(questionnaire, term)
        return str(_("bei %(place)s „%(answer)s“ gewählt haben", place=place, answer=answer))
    if term.operator is Operator.NOT_TICKED:
        answer = _answer(questionnaire, term)
        return str(_("bei %(place)s nicht „%(answer)s“ gewählt haben", place=place, answer=answer))
    number = format_decimal(term.number or 0)
    if term.operator is Operator.AT_LEAST:
        return str(
            _("bei %(place)s mindestens %(number)s angegeben haben", place=place, number=number)
        )
    return str(_("bei %(place)s höchstens %(number)s angegeben haben", place=place, number=number))


def _place_of(questionnaire: Questionnaire, code: str) -> str:
    number = number_of(questionnaire, code)
    question = questionnaire.find(code)
    if number is None or question is None:
        return str(_("einer früheren Frage"))
    if questionnaire.questions[number - 1].code != code:
        return str(_("Frage %(number)s, „%(row)s“,", number=number, row=question.text))
    return str(_("Frage %(number)s", number=number))


def _answer(questionnaire: Questionnaire, term: AskedTerm) -> str:
    question = questionnaire.find(term.earlier)
    choice = question.find_choice(term.choice or "") if question is not None else None
    return choice.text if choice is not None else ""
