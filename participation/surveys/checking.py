"""Look through a survey before it opens: what would go wrong, and what could be better."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from participation.surveys.models import ConditionMode, QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.reach import Needed, Reached, unreachable
from participation.surveys.wording import WordingHint, hints_about, overlapping

MANY_MINUTES = 12
MANY_REQUIRED = 0.7
_ELEMENT = re.compile(r"^(?:L|HF|Z|M)-\d{1,4}\b")


class CheckKind(enum.Enum):
    """What was found. The first ones keep a survey from opening."""

    NO_QUESTION = "no_question"
    UNREACHABLE = "unreachable"
    TWO_THINGS = "two_things"
    TWO_QUESTIONS = "two_questions"
    DOUBLE_NEGATION = "double_negation"
    LEADING = "leading"
    LONG_SENTENCE = "long_sentence"
    OVERLAPPING = "overlapping"
    NO_ENDS = "no_ends"
    NO_WAY_OUT = "no_way_out"
    PICTURE_WORDLESS = "picture_wordless"
    FOREIGN_ELEMENT = "foreign_element"
    LONG_SURVEY = "long_survey"
    MUCH_REQUIRED = "much_required"
    UNTRANSLATED = "untranslated"
    OUTDATED = "outdated"
    NO_SCOPE = "no_scope"
    NO_ELEMENTS = "no_elements"


HARD = frozenset({CheckKind.NO_QUESTION, CheckKind.UNREACHABLE})
_HINTS = {
    WordingHint.TWO_THINGS: CheckKind.TWO_THINGS,
    WordingHint.TWO_QUESTIONS: CheckKind.TWO_QUESTIONS,
    WordingHint.DOUBLE_NEGATION: CheckKind.DOUBLE_NEGATION,
    WordingHint.LEADING: CheckKind.LEADING,
    WordingHint.TOO_LONG: CheckKind.LONG_SENTENCE,
}


@dataclass(frozen=True)
class CheckRemark:
    """Something to look at: about a question, or with an empty code about the survey.

    `words` are what the sentence about it names, `number` how many.
    """

    kind: CheckKind
    code: str = ""
    words: tuple[str, ...] = ()
    number: int = 0

    @property
    def is_hard(self) -> bool:
        """Whether the survey cannot open like this."""
        return self.kind in HARD


@dataclass(frozen=True)
class LanguageState:
    """How far a survey is translated: texts in all, missing ones, and outdated ones."""

    language: str
    total: int
    missing: int
    outdated: int


def remarks_on(
    questionnaire: Questionnaire, languages: Sequence[LanguageState] = ()
) -> tuple[CheckRemark, ...]:
    """Return what is to be looked at in a survey, what keeps it from opening first."""
    found = [
        *_about_whole(questionnaire),
        *(
            CheckRemark(CheckKind.UNREACHABLE, code)
            for code in unreachable(list(reached(questionnaire.questions)))
            if "_" not in code
        ),
        *(remark for one in questionnaire.questions for remark in _about(one)),
        *_about_languages(languages),
    ]
    return tuple(sorted(found, key=lambda remark: not remark.is_hard))


def reached(questions: Iterable[AskedQuestion]) -> Iterator[Reached]:
    """Return what decides whether questions can be reached; rows follow their matrix."""
    for question in questions:
        yield _reached(question, question)
        for row in question.rows:
            yield _reached(row, question)


def _reached(question: AskedQuestion, whole: AskedQuestion) -> Reached:
    condition = whole.condition
    no_answer = question.no_answer
    is_number = question.kind is QuestionKind.NUMBER
    return Reached(
        code=question.code,
        choices=frozenset(choice.code for choice in question.choices),
        alone=no_answer.code if no_answer is not None else None,
        most=len(question.choices) if question.is_weighed else question.most,
        is_scale=question.kind is QuestionKind.SCALE,
        lowest=question.lowest if is_number else None,
        highest=question.highest if is_number else None,
        terms=tuple(
            Needed(term.earlier, term.operator.value, term.choice, term.number)
            for term in (condition.terms if condition is not None else ())
        ),
        is_any=condition is not None and condition.mode is ConditionMode.ANY,
    )


def _about_whole(questionnaire: Questionnaire) -> Iterator[CheckRemark]:
    questions = questionnaire.questions
    if not questions:
        yield CheckRemark(CheckKind.NO_QUESTION)
        return
    if questionnaire.minutes > MANY_MINUTES:
        yield CheckRemark(CheckKind.LONG_SURVEY, number=questionnaire.minutes)
    required = sum(question.required for question in questions)
    if len(questions) >= 5 and required / len(questions) > MANY_REQUIRED:
        yield CheckRemark(CheckKind.MUCH_REQUIRED, number=required)


def _about(question: AskedQuestion) -> Iterator[CheckRemark]:
    for hint in hints_about(question.text):
        yield CheckRemark(_HINTS[hint], question.code)
    lists = (question.rows[0] if question.rows else question).answers
    twice = None if question.is_weighed else overlapping(tuple(one.text for one in lists))
    if twice is not None:
        yield CheckRemark(CheckKind.OVERLAPPING, question.code, twice)
    if question.kind is QuestionKind.SCALE and not (question.low and question.high):
        yield CheckRemark(CheckKind.NO_ENDS, question.code)
    if question.picture is not None and not question.picture.shows:
        yield CheckRemark(CheckKind.PICTURE_WORDLESS, question.code)
    yield from _about_sensitive(question)
    unlinked = [row.text for row in question.rows if not row.elements]
    unlinked += [choice.text for choice in question.choices if choice.element is None]
    for text in unlinked:
        if _ELEMENT.match(text):
            yield CheckRemark(CheckKind.FOREIGN_ELEMENT, question.code, (text,))


def _about_sensitive(question: AskedQuestion) -> Iterator[CheckRemark]:
    if not question.sensitive:
        return
    ticked = question.rows[0] if question.rows else question
    if ticked.no_answer is None:
        yield CheckRemark(CheckKind.NO_WAY_OUT, question.code)


def _about_languages(languages: Sequence[LanguageState]) -> Iterator[CheckRemark]:
    for state in languages:
        if state.missing:
            yield CheckRemark(CheckKind.UNTRANSLATED, words=(state.language,), number=state.missing)
        if state.outdated:
            yield CheckRemark(CheckKind.OUTDATED, words=(state.language,), number=state.outdated)
