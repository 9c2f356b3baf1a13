"""A sheet of answers, and what is wrong with it."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from participation.foundation.errors import Refused
from participation.surveys.conditions import asked_of
from participation.surveys.models import FIRST_LANGUAGE, ChoiceRole, QuestionKind
from participation.surveys.questionnaire import (
    EARLIEST_DAY,
    LARGEST_NUMBER,
    LATEST_DAY,
    AskedQuestion,
    Questionnaire,
)

_One = TypeVar("_One")


@dataclass(frozen=True)
class Place:
    """A square of the map: hundredths of a degree to the north and to the east."""

    north: int
    east: int


@dataclass(frozen=True)
class Sheet:
    """What somebody answered, by the code of the question; rows of a matrix have their own.

    `choices` are codes of ticked choices. `amounts` are, by the code of the choice, its rank
    from 1 or its points. `texts` are written answers, addresses of places, and the words for a
    ticked “other”. `unreadable` names questions whose answer was no number, day or place at all.
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    language: str = FIRST_LANGUAGE
    unreadable: frozenset[str] = frozenset()

    def written(self) -> dict[str, str]:
        """Return the texts that say something."""
        return {code: text.strip() for code, text in self.texts.items() if text.strip()}

    def weighed(self, code: str) -> dict[str, int]:
        """Return the ranks or points of a question; no points are none given."""
        return {choice: amount for choice, amount in self.amounts.get(code, {}).items() if amount}

    def answered(self) -> frozenset[str]:
        """Return the codes of the questions to which something was answered."""
        ticked = {code for code, choices in self.choices.items() if choices}
        weighed = {code for code in self.amounts if self.weighed(code)}
        others = self.numbers.keys() | self.dates.keys() | self.places.keys() | self.unreadable
        return frozenset(ticked | weighed | others | self.written().keys())

    def only(self, codes: Collection[str]) -> Sheet:
        """Return it without the answers to all other questions."""
        return Sheet(
            choices=_of(self.choices, codes),
            texts=_of(self.texts, codes),
            amounts=_of(self.amounts, codes),
            numbers=_of(self.numbers, codes),
            dates=_of(self.dates, codes),
            places=_of(self.places, codes),
            language=self.language,
            unreadable=self.unreadable & frozenset(codes),
        )


def _of(answers: Mapping[str, _One], codes: Collection[str]) -> dict[str, _One]:
    # One code is asked for much more often than many.
    return {code: answers[code] for code in codes if code in answers}


class FaultKind(enum.Enum):
    """What can be wrong with an answer."""

    UNANSWERED = "unanswered"
    ONE_ONLY = "one_only"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    UNKNOWN_CHOICE = "unknown_choice"
    TOO_LONG = "too_long"
    NOT_ASKED = "not_asked"
    NOTHING_AT_ALL = "nothing_at_all"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NOT_A_PLACE = "not_a_place"
    OUT_OF_RANGE = "out_of_range"
    TOO_PRECISE = "too_precise"
    WRONG_SUM = "wrong_sum"
    RANK_TWICE = "rank_twice"
    RANK_GAP = "rank_gap"
    OTHER_WITHOUT_WORDS = "other_without_words"
    WORDS_WITHOUT_OTHER = "words_without_other"
    NO_ANSWER_AND_MORE = "no_answer_and_more"
    OUT_OF_STEP = "out_of_step"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `code` names the question, `limit` the number it is about.

    `given` is the sum of points that was distributed, or the rank that is wrong; `lowest` and
    `highest` are the range that a number left.
    """

    code: str
    kind: FaultKind
    limit: int = 0
    given: int = 0
    lowest: Decimal | None = None
    highest: Decimal | None = None


class InvalidSheet(Refused):
    """A sheet that is not stored; `faults` says all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        super().__init__(
            "; ".join(f"{fault.code or 'sheet'}: {fault.kind.value}" for fault in faults),
            field=first.code or None,
        )
        self.faults = faults


def faults_of(
    questionnaire: Questionnaire, sheet: Sheet, *, pages: Collection[int] | None = None
) -> list[Fault]:
    """Return what keeps a sheet from being stored, in the order of the questions.

    Answers to questions that are hidden by a condition are no fault, whatever they are: they
    are dropped (`Sheet.only`). With `pages` only the questions of these pages are looked at.
    """
    known = {question.code for question in questionnaire.answered}
    foreign = sorted(sheet.answered() - known)
    faults = [Fault(code, FaultKind.NOT_ASKED) for code in foreign]
    asked = asked_of(questionnaire, sheet)
    for question in questionnaire.answered:
        if question.code in asked and (pages is None or question.page in pages):
            faults.extend(_faults_of_answer(question, sheet.only((question.code,))))
    if not faults and pages is None and not sheet.answered() & asked:
        return [Fault("", FaultKind.NOTHING_AT_ALL)]
    return faults


def _faults_of_answer(question: AskedQuestion, sheet: Sheet) -> Iterator[Fault]:
    """Yield what is wrong with the answer to one question; `sheet` holds no other."""
    if not sheet.answered():
        if question.required:
            yield Fault(question.code, FaultKind.UNANSWERED)
        return
    faults = list(_faults_of_ticks(question, sheet))
    if not faults:
        faults = [*_faults_of_value(question, sheet), *_faults_of_words(question, sheet)]
    yield from faults


def _faults_of_ticks(question: AskedQuestion, sheet: Sheet) -> Iterator[Fault]:
    ticked = set(sheet.choices.get(question.code, ()))
    if not ticked:
        return
    allowed = question.choices if question.is_ticked else (question.no_answer,)
    if not ticked <= {choice.code for choice in allowed if choice is not None}:
        yield Fault(question.code, FaultKind.UNKNOWN_CHOICE)
    elif question.no_answer is not None and question.no_answer.code in ticked:
        if len(ticked) > 1 or _has_more_than_ticks(sheet):
            yield Fault(question.code, FaultKind.NO_ANSWER_AND_MORE)
    elif question.kind is not QuestionKind.MULTIPLE:
        if len(ticked) > 1:
            yield Fault(question.code, FaultKind.ONE_ONLY)
    else:
        yield from _faults_of_count(question, len(ticked))


def _has_more_than_ticks(sheet: Sheet) -> bool:
    rest = Sheet(
        texts=sheet.texts,
        amounts=sheet.amounts,
        numbers=sheet.numbers,
        dates=sheet.dates,
        places=sheet.places,
        unreadable=sheet.unreadable,
    )
    return bool(rest.answered())


def _faults_of_count(question: AskedQuestion, count: int) -> Iterator[Fault]:
    if count < question.least:
        yield Fault(question.code, FaultKind.TOO_FEW, question.least)
    elif count > question.most:
        yield Fault(question.code, FaultKind.TOO_MANY, question.most)


_UNREADABLE = {
    QuestionKind.RANKING: FaultKind.NOT_A_NUMBER,
    QuestionKind.POINTS: FaultKind.NOT_A_NUMBER,
    QuestionKind.NUMBER: FaultKind.NOT_A_NUMBER,
    QuestionKind.DATE: FaultKind.NOT_A_DAY,
    QuestionKind.PLACE: FaultKind.NOT_A_PLACE,
}


def _faults_of_value(question: AskedQuestion, sheet: Sheet) -> Iterator[Fault]:
    """Yield what is wrong with ranks, points, a number, a day or a place."""
    code, kind = question.code, question.kind
    if _is_of_another_kind(question, sheet):
        yield Fault(code, FaultKind.NOT_ASKED)
    elif sheet.unreadable:
        yield Fault(code, _UNREADABLE.get(kind, FaultKind.UNKNOWN_CHOICE))
    elif question.is_weighed:
        yield from _faults_of_amounts(question, sheet.weighed(code))
    elif code in sheet.numbers:
        yield from _faults_of_number(question, sheet.numbers[code])
    elif code in sheet.dates and not EARLIEST_DAY <= sheet.dates[code] <= LATEST_DAY:
        yield Fault(code, FaultKind.NOT_A_DAY)
    elif code in sheet.places and not _is_on_earth(sheet.places[code]):
        yield Fault(code, FaultKind.NOT_A_PLACE)


def _is_of_another_kind(question: AskedQuestion, sheet: Sheet) -> bool:
    code, kind = question.code, question.kind
    return (
        (bool(sheet.weighed(code)) and not question.is_weighed)
        or (code in sheet.numbers and kind is not QuestionKind.NUMBER)
        or (code in sheet.dates and kind is not QuestionKind.DATE)
        or (code in sheet.places and kind is not QuestionKind.PLACE)
    )


def _faults_of_amounts(question: AskedQuestion, amounts: dict[str, int]) -> Iterator[Fault]:
    if not amounts:
        return
    if not amounts.keys() <= {choice.code for choice in question.answers}:
        yield Fault(question.code, FaultKind.UNKNOWN_CHOICE)
    elif min(amounts.values()) < 0:
        yield Fault(question.code, FaultKind.NOT_A_NUMBER)
    elif question.kind is QuestionKind.RANKING:
        yield from _faults_of_ranks(question, sorted(amounts.values()))
    elif sum(amounts.values()) != question.points:
        yield Fault(
            question.code, FaultKind.WRONG_SUM, question.points, given=sum(amounts.values())
        )


def _faults_of_ranks(question: AskedQuestion, ranks: list[int]) -> Iterator[Fault]:
    twice = next((one for one, other in pairwise(ranks) if one == other), None)
    if twice is not None:
        yield Fault(question.code, FaultKind.RANK_TWICE, given=twice)
        return
    gap = next((place for place, rank in enumerate(ranks, start=1) if rank != place), None)
    if gap is not None:
        yield Fault(question.code, FaultKind.RANK_GAP, given=gap)
        return
    yield from _faults_of_count(question, len(ranks))


def _faults_of_number(question: AskedQuestion, number: Decimal) -> Iterator[Fault]:
    if not number.is_finite():
        yield Fault(question.code, FaultKind.NOT_A_NUMBER)
        return
    lowest, highest = question.lowest, question.highest
    is_below = number < (-LARGEST_NUMBER if lowest is None else lowest)
    if is_below or number > (LARGEST_NUMBER if highest is None else highest):
        yield Fault(question.code, FaultKind.OUT_OF_RANGE, lowest=lowest, highest=highest)
    elif number != round(number, question.decimals):
        yield Fault(question.code, FaultKind.TOO_PRECISE, question.decimals)


def _is_on_earth(place: Place) -> bool:
    return -9000 <= place.north <= 9000 and -18000 <= place.east <= 18000


def _faults_of_words(question: AskedQuestion, sheet: Sheet) -> Iterator[Fault]:
    words = sheet.written().get(question.code, "")
    if words and not question.takes_words:
        yield Fault(question.code, FaultKind.NOT_ASKED)
    elif len(words) > question.longest:
        yield Fault(question.code, FaultKind.TOO_LONG, question.longest)
    if question.is_written or question.kind is QuestionKind.PLACE:
        return
    chosen = set(sheet.choices.get(question.code, ())) | sheet.weighed(question.code).keys()
    has_other = any(
        choice.role is ChoiceRole.OTHER and choice.code in chosen for choice in question.choices
    )
    if has_other and not words:
        yield Fault(question.code, FaultKind.OTHER_WITHOUT_WORDS)
    elif words and question.other is not None and not has_other:
        yield Fault(question.code, FaultKind.WORDS_WITHOUT_OTHER)
