"""What a survey asks, as plain values: what forms show and sheets are checked against."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from participation.surveys.models import (
    FIRST_LANGUAGE,
    ChoiceRole,
    ConditionMode,
    Operator,
    QuestionKind,
)

TICKED = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCALE})
WEIGHED = frozenset({QuestionKind.RANKING, QuestionKind.POINTS})
WRITTEN = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.TEXT})

LONGEST_ANSWER = 1000
LONGEST_SHORT_ANSWER = 200
EARLIEST_DAY = date(1900, 1, 1)
LATEST_DAY = date(2100, 12, 31)
# What the database can hold of a number that has no range of its own.
LARGEST_NUMBER = Decimal(10) ** 12 - 1

# How long an answer takes about, in seconds; a row of a matrix is quicker than a question.
_SECONDS = {
    QuestionKind.SINGLE: 8,
    QuestionKind.MULTIPLE: 12,
    QuestionKind.SCALE: 8,
    QuestionKind.MATRIX: 8,
    QuestionKind.RANKING: 30,
    QuestionKind.POINTS: 40,
    QuestionKind.NUMBER: 8,
    QuestionKind.DATE: 8,
    QuestionKind.PLACE: 25,
    QuestionKind.SHORT_TEXT: 15,
    QuestionKind.TEXT: 30,
}
_SECONDS_OF_A_ROW = 5

_One = TypeVar("_One")


@dataclass(frozen=True)
class AskedChoice:
    """Something that can be ticked, ranked or given points, in one language.

    `element` is the code and id of the element that it stands for; `language` the one in which
    its words really are.
    """

    id: int
    code: str
    text: str
    role: ChoiceRole = ChoiceRole.ANSWER
    element: tuple[str, int] | None = None
    language: str = FIRST_LANGUAGE


@dataclass(frozen=True)
class AskedTerm:
    """What an earlier question, named by its code, is compared with: a choice or a number."""

    earlier: str
    operator: Operator
    choice: str | None = None
    number: Decimal | None = None


@dataclass(frozen=True)
class AskedCondition:
    """Under which earlier answers a question is asked."""

    mode: ConditionMode
    terms: tuple[AskedTerm, ...]


@dataclass(frozen=True)
class AskedPicture:
    """A question's picture: how large it is and what it shows."""

    width: int
    height: int
    shows: str


@dataclass(frozen=True)
class AskedQuestion:
    """A question in one language. `elements` are ids of elements by their codes.

    A matrix is answered by its `rows`, each of them a question of kind single. `language` is
    the one in which its words really are: German where a translation is missing.
    """

    id: int
    code: str
    kind: QuestionKind
    text: str
    help: str = ""
    low: str = ""
    high: str = ""
    required: bool = False
    sensitive: bool = False
    min_choices: int | None = None
    max_choices: int | None = None
    choices: tuple[AskedChoice, ...] = ()
    elements: tuple[tuple[str, int], ...] = ()
    page: int = 1
    condition: AskedCondition | None = None
    rows: tuple[AskedQuestion, ...] = ()
    unit: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    decimals: int = 0
    points: int = 0
    shuffled: bool = False
    picture: AskedPicture | None = None
    series: str = ""
    language: str = FIRST_LANGUAGE

    @property
    def is_ticked(self) -> bool:
        """Whether it is answered by ticking choices."""
        return self.kind in TICKED

    @property
    def is_weighed(self) -> bool:
        """Whether each choice gets a number: its rank, or points."""
        return self.kind in WEIGHED

    @property
    def is_written(self) -> bool:
        """Whether it is answered in words only, and so never counted."""
        return self.kind in WRITTEN

    @property
    def answers(self) -> tuple[AskedChoice, ...]:
        """The choices that are answers: all but “no answer”."""
        return tuple(one for one in self.choices if one.role is not ChoiceRole.NO_ANSWER)

    @property
    def no_answer(self) -> AskedChoice | None:
        """The choice by which people say that they can't or won't say."""
        return next((one for one in self.choices if one.role is ChoiceRole.NO_ANSWER), None)

    @property
    def other(self) -> AskedChoice | None:
        """The choice that is explained in one's own words."""
        return next((one for one in self.choices if one.role is ChoiceRole.OTHER), None)

    @property
    def takes_words(self) -> bool:
        """Whether something may be written: an answer, an address, or what “other” means."""
        return self.is_written or self.kind is QuestionKind.PLACE or self.other is not None

    @property
    def longest(self) -> int:
        """How many characters its words may have."""
        return LONGEST_ANSWER if self.kind is QuestionKind.TEXT else LONGEST_SHORT_ANSWER

    @property
    def least(self) -> int:
        """How many choices an answer has at least."""
        return self.min_choices or 1

    @property
    def most(self) -> int:
        """How many choices an answer has at most."""
        if self.kind not in {QuestionKind.MULTIPLE, QuestionKind.RANKING}:
            return 1
        return min(self.max_choices or len(self.answers), len(self.answers))

    @property
    def all_elements(self) -> tuple[tuple[str, int], ...]:
        """What it is about, together with what its choices and rows stand for."""
        of_choices = (one.element for one in self.choices if one.element is not None)
        of_rows = (element for row in self.rows for element in row.all_elements)
        return tuple(dict.fromkeys((*self.elements, *of_choices, *of_rows)))

    def find_choice(self, code: str) -> AskedChoice | None:
        """Return the choice of a code."""
        return next((one for one in self.choices if one.code == code), None)


@dataclass(frozen=True)
class AskedPage:
    """One page of a survey; most have a title, the first often has none."""

    number: int
    title: str = ""
    introduction: str = ""
    questions: tuple[AskedQuestion, ...] = ()
    language: str = FIRST_LANGUAGE


@dataclass(frozen=True)
class Questionnaire:
    """All questions of one version of a survey, in their order; rows stand in their matrix.

    `headings` are pages without their questions. `edition` names what is asked, word for word:
    a form that was opened on another one asks something else.
    """

    version_id: int
    questions: tuple[AskedQuestion, ...]
    headings: tuple[AskedPage, ...] = ()
    version: int = 1
    edition: str = ""

    @cached_property
    def answered(self) -> tuple[AskedQuestion, ...]:
        """The questions that are answered: the rows instead of their matrix."""
        return tuple(_answered(self.questions))

    @property
    def pages(self) -> tuple[AskedPage, ...]:
        """The pages that have questions, with them."""
        headings = {page.number: page for page in self.headings}
        # Sorting keeps the order of the questions of a page.
        in_order = sorted(self.questions, key=lambda question: question.page)
        return tuple(
            replace(headings.get(number, AskedPage(number)), questions=tuple(questions))
            for number, questions in groupby(in_order, key=lambda question: question.page)
        )

    @property
    def minutes(self) -> int:
        """How long it takes about."""
        seconds = sum(
            _SECONDS[question.kind] + _SECONDS_OF_A_ROW * len(question.rows)
            for question in self.questions
        )
        return max(1, round(seconds / 60))

    @property
    def names_elements(self) -> bool:
        """Whether single questions say what they are about."""
        return any(question.all_elements for question in self.questions)

    def about(self, code: str) -> Questionnaire:
        """Return the part about an element; the whole where no question names it.

        Of a matrix only the rows about it are left. What a condition asks for stays too.
        """
        part = [about for one in self.questions if (about := _about(one, code)) is not None]
        if not part:
            return self
        needed = self._needed_by(part)
        kept = {question.code: question for question in part}
        return replace(
            self,
            questions=tuple(
                one if one.code in needed else kept[one.code]
                for one in self.questions
                if one.code in needed or one.code in kept
            ),
        )

    def find(self, code: str) -> AskedQuestion | None:
        """Return the question or the row of a code."""
        return self._by_code.get(code)

    def shuffled_for(self, submission: str) -> Questionnaire:
        """Return it with choices and rows in random order where a question wants that.

        The same submission always finds the same order. “Other” and “no answer” stay last.
        """
        return replace(
            self, questions=tuple(_shuffled(question, submission) for question in self.questions)
        )

    @cached_property
    def _by_code(self) -> dict[str, AskedQuestion]:
        return {one.code: one for one in _with_rows(self.questions)}

    def _needed_by(self, part: Iterable[AskedQuestion]) -> set[str]:
        """Return the codes of the questions that the conditions of a part ask for."""
        parents = {row.code: one.code for one in self.questions for row in one.rows}
        needed: set[str] = set()
        waiting = list(part)
        while waiting:
            for earlier in _earlier(waiting.pop()):
                code = parents.get(earlier, earlier)
                question = self.find(code)
                if question is not None and code not in needed:
                    needed.add(code)
                    waiting.append(question)
        return needed


def _with_rows(questions: Iterable[AskedQuestion]) -> Iterator[AskedQuestion]:
    for question in questions:
        yield question
        yield from question.rows


def _answered(questions: Iterable[AskedQuestion]) -> Iterator[AskedQuestion]:
    return (one for one in _with_rows(questions) if one.kind is not QuestionKind.MATRIX)


def _earlier(question: AskedQuestion) -> Iterator[str]:
    for one in (question, *question.rows):
        if one.condition is not None:
            yield from (term.earlier for term in one.condition.terms)


def _about(question: AskedQuestion, code: str) -> AskedQuestion | None:
    """Return a question, or the rows of it that name an element; None if it does not."""
    own = {element for element, _ in replace(question, rows=()).all_elements}
    if code in own:
        return question
    rows = tuple(row for row in question.rows if code in {name for name, _ in row.all_elements})
    return replace(question, rows=rows) if rows else None


def _shuffled(question: AskedQuestion, submission: str) -> AskedQuestion:
    if not question.shuffled:
        return question
    last = [one for one in question.choices if one.role is not ChoiceRole.ANSWER]
    answers = [one for one in question.choices if one.role is ChoiceRole.ANSWER]
    if question.kind is QuestionKind.MATRIX:
        return replace(question, rows=_in_random_order(question.rows, submission, question.code))
    return replace(question, choices=(*_in_random_order(answers, submission, question.code), *last))


def _in_random_order(things: Iterable[_One], submission: str, code: str) -> tuple[_One, ...]:
    """Return things in an order that a submission and a question determine."""
    order = list(things)
    seed = hashlib.sha256(f"{submission}|{code}".encode()).digest()
    # Nobody gains from guessing it: it only spreads what stands first.
    random.Random(seed).shuffle(order)  # noqa: S311
    return tuple(order)
