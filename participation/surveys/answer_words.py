"""Answers in words, as somebody reads them over before sending."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from participation.surveys.models import ChoiceRole, QuestionKind
from participation.surveys.questionnaire import AskedChoice, AskedQuestion
from participation.surveys.sheets import Sheet


def words_of_answer(question: AskedQuestion, sheet: Sheet) -> list[str]:
    """Return the answer to a question, a line for each part; nothing where none was given."""
    code = question.code
    ticked = [
        _choice(question, choice, sheet)
        for choice in question.choices
        if choice.code in sheet.choices.get(code, ())
    ]
    if ticked:
        return ticked
    if question.is_weighed:
        return _amounts(question, sheet)
    if code in sheet.numbers:
        return [_number(question, sheet.numbers[code])]
    if code in sheet.dates:
        return [_day(sheet.dates[code])]
    lines = [sheet.written()[code]] if code in sheet.written() else []
    if code in sheet.places:
        lines.append(str(_("Punkt auf der Karte, auf etwa einen Kilometer gerundet")))
    return lines


def _choice(question: AskedQuestion, choice: AskedChoice, sheet: Sheet) -> str:
    if choice.role is ChoiceRole.OTHER:
        words = sheet.written().get(question.code)
        return f"{choice.text}: {words}" if words else choice.text
    if question.kind is not QuestionKind.SCALE or choice.role is ChoiceRole.NO_ANSWER:
        return choice.text
    answers = question.answers
    last = answers[-1].text
    if choice == answers[0] and question.low:
        return str(
            _("%(point)s von %(last)s (%(end)s)", point=choice.text, last=last, end=question.low)
        )
    if choice == answers[-1] and question.high:
        return str(
            _("%(point)s von %(last)s (%(end)s)", point=choice.text, last=last, end=question.high)
        )
    return str(_("%(point)s von %(last)s", point=choice.text, last=last))


def _amounts(question: AskedQuestion, sheet: Sheet) -> list[str]:
    amounts = sheet.weighed(question.code)
    given = [choice for choice in question.choices if choice.code in amounts]
    if question.kind is QuestionKind.RANKING:
        given.sort(key=lambda choice: amounts[choice.code])
        return [f"{amounts[one.code]}. {_choice(question, one, sheet)}" for one in given]
    return [
        f"{_choice(question, one, sheet)}: "
        + str(ngettext("%(num)s Punkt", "%(num)s Punkte", amounts[one.code]))
        for one in given
    ]


def _number(question: AskedQuestion, number: Decimal) -> str:
    written = str(format_decimal(number))
    return f"{written} {question.unit}" if question.unit else written


def _day(day: date) -> str:
    return str(format_date(day, "long", rebase=False))
