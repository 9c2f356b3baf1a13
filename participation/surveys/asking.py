"""Read what a survey asks: the stored questions in one language, as plain values.

Four statements, however much is asked.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.strategy.models import Element
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceText,
    PageText,
    Question,
    QuestionElement,
    QuestionKind,
    QuestionPicture,
    QuestionText,
    SurveyVersion,
    Term,
)
from participation.surveys.questionnaire import (
    AskedChoice,
    AskedCondition,
    AskedPage,
    AskedPicture,
    AskedQuestion,
    AskedTerm,
    Questionnaire,
)

_Elements = tuple[tuple[str, int], ...]


@dataclass
class _Found:
    """A question as it was read, with its terms."""

    question: Question
    german: QuestionText
    translated: QuestionText | None
    size: tuple[int, int] | None
    terms: list[AskedTerm] = field(default_factory=list)


@dataclass
class _Choices:
    """The choices of a question in one language, and the German words of each."""

    asked: tuple[AskedChoice, ...] = ()
    german: tuple[str, ...] = ()


def read_newest(
    session: Session, survey_id: int, *, language: str, for_answering: bool = False
) -> Questionnaire | None:
    """Return what the newest version of a survey asks; None if there is none.

    With `for_answering` nobody can reword it until the transaction ends.
    """
    statement = _questions(newest=True, for_answering=for_answering)
    return _read(session, statement, survey_id, language)


def read_version(session: Session, version_id: int, *, language: str) -> Questionnaire | None:
    """Return what a version asks; None if there is none."""
    return _read(session, _questions(newest=False, for_answering=False), version_id, language)


def _read(
    session: Session, statement: sa.Select[*tuple[Any, ...]], key: int, language: str
) -> Questionnaire | None:
    found: dict[int, _Found] = {}
    version: tuple[int, int] | None = None
    for row in session.execute(statement, {"key": key, "language": language}):
        version = (row.version_id, row.version_number)
        if row.Question is not None:
            _add(found, row)
    if version is None:
        return None
    choices = _choices_of(session, version[0], language)
    elements = _elements_of(session, version[0])
    asked = {
        one.question.id: _asked(one, choices[one.question.id], elements[one.question.id])
        for one in found.values()
    }
    return Questionnaire(
        version_id=version[0],
        questions=_nested(found.values(), asked),
        headings=_headings_of(session, version[0], language),
        version=version[1],
        edition=_edition(version[0], found.values(), choices),
    )


# What is asked for, and in what language. Statements are made once: to make one anew costs as
# much as to ask.
_KEY = sa.bindparam("key", type_=sa.Integer())
_LANGUAGE = sa.bindparam("language", type_=sa.String())


@cache
def _questions(*, newest: bool, for_answering: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for the newest version of a survey, or for one version."""
    german, translated = aliased(QuestionText, name="german"), aliased(QuestionText, name="other")
    earlier, choice = aliased(Question, name="earlier"), aliased(Choice, name="compared")
    wanted: sa.ColumnElement[int] = _KEY
    if newest:
        wanted = (
            sa.select(SurveyVersion.id)
            .where(SurveyVersion.survey_id == _KEY)
            .order_by(SurveyVersion.number.desc())
            .limit(1)
            .scalar_subquery()
        )
    statement = (
        sa.select(
            SurveyVersion.id.label("version_id"),
            SurveyVersion.number.label("version_number"),
            Question,
            german,
            translated,
            QuestionPicture.width,
            QuestionPicture.height,
            Term,
            earlier.code.label("earlier"),
            choice.code.label("choice"),
        )
        .outerjoin(Question, Question.version_id == SurveyVersion.id)
        .outerjoin(german, _of_question(german, FIRST_LANGUAGE))
        .outerjoin(translated, _of_question(translated, _LANGUAGE))
        .outerjoin(QuestionPicture, QuestionPicture.question_id == Question.id)
        .outerjoin(Term, Term.question_id == Question.id)
        .outerjoin(earlier, earlier.id == Term.earlier_id)
        .outerjoin(choice, choice.id == Term.choice_id)
        .where(SurveyVersion.id == wanted)
        .order_by(Question.page, Question.position, Question.id, Term.position)
    )
    if for_answering:
        statement = statement.with_for_update(read=True, key_share=True, of=SurveyVersion)
    return statement


def _of_question(
    text: type[QuestionText], language: str | sa.BindParameter[str]
) -> sa.ColumnElement[bool]:
    return sa.and_(text.question_id == Question.id, text.language == language)


def _add(found: dict[int, _Found], row: Any) -> None:
    """Add a row: a question, or one more term of a question that was found before."""
    one = found.get(row.Question.id)
    if one is None:
        size = None if row.width is None else (row.width, row.height)
        one = found[row.Question.id] = _Found(row.Question, row.german, row.other, size)
    if row.Term is not None:
        term = AskedTerm(row.earlier, row.Term.operator, row.choice, row.Term.number)
        one.terms.append(term)


@cache
def _choices() -> sa.Select[*tuple[Any, ...]]:
    german, translated = aliased(ChoiceText, name="german"), aliased(ChoiceText, name="other")
    return (
        sa.select(
            Choice.question_id,
            Choice.id,
            Choice.code,
            Choice.role,
            german.text.label("german"),
            translated.text.label("other"),
            Element.id.label("element_id"),
            Element.code.label("element"),
        )
        .join(Question, Question.id == Choice.question_id)
        .join(german, sa.and_(german.choice_id == Choice.id, german.language == FIRST_LANGUAGE))
        .outerjoin(
            translated,
            sa.and_(translated.choice_id == Choice.id, translated.language == _LANGUAGE),
        )
        .outerjoin(Element, Element.id == Choice.element_id)
        .where(Question.version_id == _KEY)
        .order_by(Choice.position, Choice.id)
    )


def _choices_of(session: Session, version_id: int, language: str) -> dict[int, _Choices]:
    rows = session.execute(_choices(), {"key": version_id, "language": language})
    asked: dict[int, list[AskedChoice]] = defaultdict(list)
    words: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        asked[row.question_id].append(
            AskedChoice(
                row.id,
                row.code,
                row.other or row.german,
                role=row.role,
                element=None if row.element is None else (row.element, row.element_id),
                language=language if row.other else FIRST_LANGUAGE,
            )
        )
        words[row.question_id].append(row.german)
    choices: dict[int, _Choices] = defaultdict(_Choices)
    for question_id, of_question in asked.items():
        choices[question_id] = _Choices(tuple(of_question), tuple(words[question_id]))
    return choices


_ELEMENTS = (
    sa.select(QuestionElement.question_id, Element.code, Element.id)
    .join(Element, Element.id == QuestionElement.element_id)
    .join(Question, Question.id == QuestionElement.question_id)
    .where(Question.version_id == _KEY)
    .order_by(Element.kind, Element.number)
)


def _elements_of(session: Session, version_id: int) -> dict[int, _Elements]:
    rows = session.execute(_ELEMENTS, {"key": version_id})
    elements: dict[int, _Elements] = defaultdict(tuple)
    for question_id, code, element_id in rows:
        elements[question_id] += ((code, element_id),)
    return elements


_HEADINGS = sa.select(PageText).where(
    PageText.version_id == _KEY,
    sa.or_(PageText.language == FIRST_LANGUAGE, PageText.language == _LANGUAGE),
)


def _headings_of(session: Session, version_id: int, language: str) -> tuple[AskedPage, ...]:
    rows = session.scalars(_HEADINGS, {"key": version_id, "language": language})
    by_page: dict[int, PageText] = {}
    for row in rows:
        if row.language == language or row.page not in by_page:
            by_page[row.page] = row
    return tuple(
        AskedPage(
            number=row.page,
            title=row.title,
            introduction=row.introduction,
            language=row.language,
        )
        for _, row in sorted(by_page.items())
    )


def _asked(found: _Found, choices: _Choices, elements: _Elements) -> AskedQuestion:
    question, german = found.question, found.german
    text = found.translated or german
    condition = None
    if found.terms:
        condition = AskedCondition(question.condition_mode, tuple(found.terms))
    picture = None
    if found.size is not None:
        picture = AskedPicture(*found.size, shows=text.picture or german.picture)
    return AskedQuestion(
        id=question.id,
        code=question.code,
        kind=question.kind,
        text=text.text,
        # German words are better than none.
        help=text.help or german.help,
        low=text.low or german.low,
        high=text.high or german.high,
        unit=text.unit or german.unit,
        required=question.required,
        sensitive=question.sensitive,
        min_choices=question.min_choices,
        max_choices=question.max_choices,
        choices=choices.asked,
        elements=elements,
        page=question.page,
        condition=condition,
        lowest=question.lowest,
        highest=question.highest,
        decimals=question.decimals,
        points=question.points,
        shuffled=question.shuffled,
        picture=picture,
        series=question.series,
        language=text.language,
    )


def _nested(found: Iterable[_Found], asked: dict[int, AskedQuestion]) -> tuple[AskedQuestion, ...]:
    """Return the questions with the rows in their matrix, whose rules a row shares."""
    rows: dict[int, list[AskedQuestion]] = defaultdict(list)
    top: list[AskedQuestion] = []
    for one in found:
        if one.question.parent_id is None:
            top.append(asked[one.question.id])
        else:
            rows[one.question.parent_id].append(asked[one.question.id])
    return tuple(
        replace(matrix, rows=tuple(_row(row, matrix) for row in rows[matrix.id]))
        if matrix.kind is QuestionKind.MATRIX
        else matrix
        for matrix in top
    )


def _row(row: AskedQuestion, matrix: AskedQuestion) -> AskedQuestion:
    return replace(
        row,
        page=matrix.page,
        elements=row.elements or matrix.elements,
        required=row.required or matrix.required,
        sensitive=row.sensitive or matrix.sensitive,
    )


def _edition(version_id: int, found: Iterable[_Found], choices: dict[int, _Choices]) -> str:
    """Name what is asked, in whatever language it is read: another word, another edition."""
    everything = hashlib.sha256()
    for one in found:
        question, german, of_question = one.question, one.german, choices[one.question.id]
        everything.update(
            repr(
                (
                    (question.code, question.kind.value, question.page, question.required),
                    (question.parent_id, question.min_choices, question.max_choices),
                    (question.points, question.lowest, question.highest, question.decimals),
                    (question.condition_mode.value, one.terms),
                    (german.text, german.help, german.low, german.high, german.unit),
                    [(choice.code, choice.role.value) for choice in of_question.asked],
                    of_question.german,
                )
            ).encode()
        )
    return f"{version_id}-{everything.hexdigest()[:16]}"
