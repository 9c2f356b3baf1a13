"""A sheet of answers, and what is wrong with it."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from participation.foundation.errors import Refused
from participation.surveys.models import FIRST_LANGUAGE, QuestionKind
from participation.surveys.questionnaire import LONGEST_ANSWER, AskedQuestion, Questionnaire


@dataclass(frozen=True)
class Sheet:
    """What somebody answered: codes of choices and texts, by the code of the question."""

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    language: str = FIRST_LANGUAGE

    def written(self) -> dict[str, str]:
        """Return the texts that say something."""
        return {code: text.strip() for code, text in self.texts.items() if text.strip()}


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


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `code` names the question, `limit` the number it is about."""

    code: str
    kind: FaultKind
    limit: int = 0


class InvalidSheet(Refused):
    """A sheet that is not stored; `faults` says all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        super().__init__(
            "; ".join(f"{fault.code or 'sheet'}: {fault.kind.value}" for fault in faults),
            field=first.code or None,
        )
        self.faults = faults


def faults_of(questionnaire: Questionnaire, sheet: Sheet) -> list[Fault]:
    """Return what keeps a sheet from being stored, in the order of the questions."""
    known = {question.code for question in questionnaire.questions}
    answered = {code for code, ticked in sheet.choices.items() if ticked}
    foreign = sorted((answered | sheet.written().keys()) - known)
    faults = [Fault(code, FaultKind.NOT_ASKED) for code in foreign]
    for question in questionnaire.questions:
        faults.extend(_faults_of_answer(question, sheet))
    if not faults and not answered and not sheet.written():
        return [Fault("", FaultKind.NOTHING_AT_ALL)]
    return faults


def _faults_of_answer(question: AskedQuestion, sheet: Sheet) -> Iterator[Fault]:
    ticked = sheet.choices.get(question.code, ())
    text = sheet.written().get(question.code, "")
    if question.required and not (ticked if question.is_ticked else text):
        yield Fault(question.code, FaultKind.UNANSWERED)
        return
    if question.is_ticked:
        yield from _faults_of_ticks(question, ticked)
        if text:
            yield Fault(question.code, FaultKind.NOT_ASKED)
    elif ticked:
        yield Fault(question.code, FaultKind.UNKNOWN_CHOICE)
    elif len(text) > LONGEST_ANSWER:
        yield Fault(question.code, FaultKind.TOO_LONG, LONGEST_ANSWER)


def _faults_of_ticks(question: AskedQuestion, ticked: tuple[str, ...]) -> Iterator[Fault]:
    if not ticked:
        return
    if not set(ticked) <= {choice.code for choice in question.choices}:
        yield Fault(question.code, FaultKind.UNKNOWN_CHOICE)
        return
    count = len(set(ticked))
    if question.kind is not QuestionKind.MULTIPLE:
        if count > 1:
            yield Fault(question.code, FaultKind.ONE_ONLY)
    elif count < question.least:
        yield Fault(question.code, FaultKind.TOO_FEW, question.least)
    elif count > question.most:
        yield Fault(question.code, FaultKind.TOO_MANY, question.most)
