"""What stands in the fields of a survey's form, and how it is read.

What people type is kept as they typed it, by the name of the field, until the sheet is stored:
a number that is none, or a day in words, is shown again beside what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

from participation.foundation.plain_signs import plain_block
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedChoice, AskedQuestion, Questionnaire
from participation.surveys.sheets import Place, Sheet

Typed = Mapping[str, tuple[str, ...]]

# Longer than any answer may be, so that the right fault is named; shorter than a form may be.
_LONGEST = 20_000
_MOST_VALUES = 100
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,\s'])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,8})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,8})?)")


class Fields(Protocol):
    """Fields as a request brings them: several values for a name."""

    def getlist(self, key: str) -> list[str]: ...


def field_name(question: AskedQuestion) -> str:
    """Return the name of a question's field."""
    return f"frage_{question.code}"


def part_name(question: AskedQuestion, choice: AskedChoice) -> str:
    """Return the name of the field for one choice that is ranked or given points."""
    return f"frage_{question.code}:{choice.code}"


def words_name(question: AskedQuestion) -> str:
    """Return the name of the field for the words of "other"."""
    return f"worte_{question.code}"


def point_name(question: AskedQuestion) -> str:
    """Return the name of the field for a point on a map."""
    return f"punkt_{question.code}"


def no_answer_name(question: AskedQuestion) -> str:
    """Return the name of the box for "no answer", where nothing else is ticked."""
    return f"keine_{question.code}"


def names_of(question: AskedQuestion) -> list[str]:
    """Return the names of all fields of a question."""
    if question.kind is QuestionKind.MATRIX:
        return [name for row in question.rows for name in names_of(row)]
    if question.is_weighed:
        names = [part_name(question, choice) for choice in question.answers]
    else:
        names = [field_name(question)]
    if question.other is not None:
        names.append(words_name(question))
    if question.no_answer is not None and not question.is_ticked:
        names.append(no_answer_name(question))
    if question.kind is QuestionKind.PLACE:
        names.append(point_name(question))
    return names


def pick(fields: Fields, questions: Iterable[AskedQuestion]) -> dict[str, tuple[str, ...]]:
    """Return what stands in the fields of these questions, and nothing else."""
    picked = {}
    for question in questions:
        for name in names_of(question):
            values = tuple(
                plain
                for value in fields.getlist(name)[:_MOST_VALUES]
                if (plain := plain_block(value[:_LONGEST]))
            )
            if values:
                picked[name] = values
    return picked


def without(typed: Typed, questions: Iterable[AskedQuestion]) -> dict[str, tuple[str, ...]]:
    """Return what was typed elsewhere than in the fields of these questions."""
    names = {name for question in questions for name in names_of(question)}
    return {name: values for name, values in typed.items() if name not in names}


def leftovers(typed: Typed, questionnaire: Questionnaire) -> list[str]:
    """Return what was written in answer to questions that are not there any more."""
    rest = without(typed, questionnaire.questions)
    return [
        value
        for name, values in rest.items()
        for value in values
        if name.startswith("worte_") or any(sign.isspace() for sign in value.strip())
    ]


def read(questionnaire: Questionnaire, typed: Typed, language: str) -> Sheet:
    """Read a sheet of answers. What is wrong with it is asked elsewhere, by `faults_of`."""
    reader = _Reader(typed)
    for question in questionnaire.answered:
        reader.take(question)
    return Sheet(
        choices=reader.choices,
        texts=reader.texts,
        amounts=reader.amounts,
        numbers=reader.numbers,
        dates=reader.dates,
        places=reader.places,
        language=language,
        unreadable=frozenset(reader.unreadable),
    )


class _Reader:
    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.choices: dict[str, tuple[str, ...]] = {}
        self.texts: dict[str, str] = {}
        self.amounts: dict[str, dict[str, int]] = {}
        self.numbers: dict[str, Decimal] = {}
        self.dates: dict[str, date] = {}
        self.places: dict[str, Place] = {}
        self.unreadable: set[str] = set()

    def take(self, question: AskedQuestion) -> None:
        if question.is_ticked:
            self._take_ticks(question)
        elif question.is_weighed:
            self._take_amounts(question)
        elif question.kind is QuestionKind.NUMBER:
            self._take_number(question)
        elif question.kind is QuestionKind.DATE:
            self._take_date(question)
        elif question.is_written or question.kind is QuestionKind.PLACE:
            self._take_text(question)
        if not question.is_ticked and self._first(no_answer_name(question)):
            self.choices[question.code] = self.typed[no_answer_name(question)]

    def _first(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "").strip()

    def _take_ticks(self, question: AskedQuestion) -> None:
        ticked = self.typed.get(field_name(question), ())
        words = self._first(words_name(question))
        other = question.other
        if words and other is not None:
            # Who wrote words of their own means them, unless they chose another single answer.
            if other.code not in ticked and (question.kind is QuestionKind.MULTIPLE or not ticked):
                ticked = (*ticked, other.code)
            if other.code in ticked:
                self.texts[question.code] = words
        if ticked:
            self.choices[question.code] = ticked

    def _take_amounts(self, question: AskedQuestion) -> None:
        found: dict[str, int] = {}
        for choice in question.answers:
            text = self._first(part_name(question, choice))
            if not text:
                continue
            try:
                amount = int(text) if len(text) < 10 and text.isascii() else None
            except ValueError:
                amount = None
            if amount is None:
                self.unreadable.add(question.code)
                return
            found[choice.code] = amount
        if found:
            self.amounts[question.code] = found
        words = self._first(words_name(question))
        if words:
            self.texts[question.code] = words

    def _take_number(self, question: AskedQuestion) -> None:
        text = self._first(field_name(question))
        if not text:
            return
        number = number_in(text)
        if number is None:
            self.unreadable.add(question.code)
        else:
            self.numbers[question.code] = number

    def _take_date(self, question: AskedQuestion) -> None:
        text = self._first(field_name(question))
        if not text:
            return
        day = day_in(text)
        if day is None:
            self.unreadable.add(question.code)
        else:
            self.dates[question.code] = day

    def _take_text(self, question: AskedQuestion) -> None:
        text = self._first(field_name(question))
        if text:
            self.texts[question.code] = text
        if question.kind is QuestionKind.PLACE:
            self._take_point(question)

    def _take_point(self, question: AskedQuestion) -> None:
        text = self._first(point_name(question))
        if not text:
            return
        place = place_in(text)
        if place is None:
            self.unreadable.add(question.code)
        else:
            self.places[question.code] = place


def number_in(text: str) -> Decimal | None:
    """Return the number that somebody typed: 1.500 and 1,500 are a thousand, 1,50 is less.

    A separator before exactly three digits groups them; answers have two decimals at most.
    """
    sign = "-" if text[:1] in {"-", "−"} else ""
    digits = text[len(sign) :].strip()
    grouped = _GROUPED.match(digits)
    if grouped is not None and not digits[grouped.end() : grouped.end() + 1].isdigit():
        whole = re.sub(r"\D", "", grouped.group())
        digits = whole + digits[grouped.end() :]
    if not digits.isascii() or _PLAIN.fullmatch(digits) is None:
        return None
    try:
        return Decimal(sign + digits.replace(",", "."))
    except InvalidOperation:
        return None


def day_in(text: str) -> date | None:
    """Return the day that somebody chose, or typed where the browser has no calendar."""
    german = _GERMAN_DAY.fullmatch(text)
    try:
        if german is not None:
            day, month, year = (int(part) for part in german.groups())
            return date(year, month, day)
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def place_in(text: str) -> Place | None:
    """Return the square of a point on a map, given as north and east in degrees."""
    found = _POINT.fullmatch(text)
    if found is None:
        return None
    north, east = (round(Decimal(part) * 100) for part in found.groups())
    if abs(north) > 9000 or abs(east) > 18000:
        return None
    return Place(north=north, east=east)
