"""What is read about surveys. Answers leave this room only as counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.contributions.models import Receipt
from participation.contributions.receipts import remark_hash, response_hash
from participation.foundation.errors import NotFound
from participation.strategy.models import Element
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    ChoiceText,
    Question,
    QuestionElement,
    QuestionKind,
    QuestionText,
    SurveyTotals,
    SurveyVersion,
)
from participation.surveys.questionnaire import AskedChoice, AskedQuestion, Questionnaire


def current_version(session: Session, survey_id: int, *, lock: bool = False) -> SurveyVersion:
    """Return what a survey asks now. Raises NotFound.

    With `lock` nobody answers or rewords it until the transaction ends.
    """
    statement = _current(survey_id)
    version = session.scalars(statement.with_for_update() if lock else statement).first()
    if version is None:
        raise NotFound("this survey asks nothing yet")
    return version


def questionnaire_of(
    session: Session, survey_id: int, *, language: str = FIRST_LANGUAGE, answering: bool = False
) -> Questionnaire:
    """Return what a survey asks now, in a language where there is a text in it.

    With `answering` nobody can reword it until the answers are stored.
    """
    version = _current(survey_id)
    if answering:
        version = version.with_for_update(read=True, key_share=True)
    found = session.scalars(version).first()
    if found is None:
        raise NotFound("this survey asks nothing yet")
    return questionnaire_of_version(session, found.id, language=language)


def questionnaire_of_version(
    session: Session, version_id: int, *, language: str = FIRST_LANGUAGE
) -> Questionnaire:
    """Return what one version of a survey asks."""
    german, translated = aliased(QuestionText), aliased(QuestionText)
    rows = session.execute(
        sa.select(Question, german, translated)
        .join(german, _of_question(german, FIRST_LANGUAGE))
        .outerjoin(translated, _of_question(translated, language))
        .where(Question.version_id == version_id)
        .order_by(Question.position, Question.id)
    )
    choices = _choices_of(session, version_id, language)
    elements = _elements_of(session, version_id)
    return Questionnaire(
        version_id=version_id,
        questions=tuple(
            _asked(question, _in_language(other, text), choices[question.id], elements[question.id])
            for question, text, other in rows
        ),
    )


def questions_about(
    session: Session,
    element_id: int,
    survey_ids: Collection[int],
    *,
    language: str = FIRST_LANGUAGE,
) -> dict[int, list[str]]:
    """Return what surveys ask about an element, by the survey's id.

    A survey in which no question names the element is not in it: it asks about the whole.
    """
    if not survey_ids:
        return {}
    german, translated = aliased(QuestionText), aliased(QuestionText)
    newest = aliased(SurveyVersion)
    is_current = ~sa.exists().where(
        newest.survey_id == SurveyVersion.survey_id, newest.number > SurveyVersion.number
    )
    rows = session.execute(
        sa.select(SurveyVersion.survey_id, sa.func.coalesce(translated.text, german.text))
        .join(Question, Question.version_id == SurveyVersion.id)
        .join(QuestionElement, QuestionElement.question_id == Question.id)
        .join(german, _of_question(german, FIRST_LANGUAGE))
        .outerjoin(translated, _of_question(translated, language))
        .where(
            SurveyVersion.survey_id.in_(survey_ids),
            QuestionElement.element_id == element_id,
            is_current,
        )
        .order_by(SurveyVersion.survey_id, Question.position, Question.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for survey_id, text in rows:
        found[survey_id].append(text)
    return dict(found)


def response_count(session: Session, survey_id: int) -> int:
    """Return how many sheets were stored: an exact number, which is not for showing."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(SurveyResponse)
            .where(SurveyResponse.survey_id == survey_id)
        )
        or 0
    )


def is_answered(session: Session, version_id: int) -> bool:
    """Tell whether there is a response to a version."""
    return bool(
        session.scalar(
            sa.select(sa.exists().where(SurveyResponse.version_id == version_id).correlate(None))
        )
    )


def find_response(session: Session, key: bytes, code: str) -> SurveyResponse | None:
    """Return the response that a receipt's code belongs to."""
    return session.scalars(
        sa.select(SurveyResponse).where(SurveyResponse.receipt_hash == response_hash(key, code))
    ).first()


def remarks_of(
    session: Session, key: bytes, code: str, response: SurveyResponse
) -> Sequence[SurveyRemark]:
    """Return what was written together with a response. Only the code can find it."""
    codes = session.scalars(
        sa.select(Question.code).where(
            Question.version_id == response.version_id, Question.kind == QuestionKind.TEXT
        )
    )
    hashes = [remark_hash(key, code, question) for question in codes]
    return session.scalars(
        sa.select(SurveyRemark)
        .join(Receipt, Receipt.contribution_id == SurveyRemark.id)
        .join(Question, Question.id == SurveyRemark.question_id)
        .where(Receipt.code_hash.in_(hashes))
        .order_by(Question.position, Question.id)
    ).all()


@dataclass
class QuestionCounts:
    """Exact counts of one question by the code of the choice, and of the people who answered."""

    people: int = 0
    ticks: dict[str, int] = field(default_factory=dict)


def count_answers(session: Session, version_id: int) -> dict[int, QuestionCounts]:
    """Count the answers to a version by question; the database does the counting."""
    counts: dict[int, QuestionCounts] = defaultdict(QuestionCounts)
    # Counted first and named afterwards, so that an index alone answers it.
    of_version = sa.select(Question.id).where(Question.version_id == version_id)
    ticks = (
        sa.select(Answer.choice_id, sa.func.count().label("number"))
        .where(Answer.question_id.in_(of_version))
        .group_by(Answer.question_id, Answer.choice_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(Choice.question_id, Choice.code, ticks.c.number).join(
            ticks, ticks.c.choice_id == Choice.id
        )
    )
    for question_id, code, number in rows:
        counts[question_id].ticks[code] = number
        counts[question_id].people += number
    # Where somebody may tick several, ticks are not people.
    people = session.execute(
        sa.select(Question.id, sa.func.count(sa.distinct(Answer.response_id)))
        .join(Answer, Answer.question_id == Question.id)
        .where(Question.version_id == version_id, Question.kind == QuestionKind.MULTIPLE)
        .group_by(Question.id)
    )
    for question_id, number in people:
        counts[question_id].people = number
    return counts


def find_totals(session: Session, version_id: int) -> SurveyTotals | None:
    """Return what staff see while a survey runs."""
    return session.get(SurveyTotals, version_id)


def _current(survey_id: int) -> sa.Select[SurveyVersion]:
    return (
        sa.select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
        .limit(1)
    )


def _of_question(text: type[QuestionText], language: str) -> sa.ColumnElement[bool]:
    return sa.and_(text.question_id == Question.id, text.language == language)


def _choices_of(
    session: Session, version_id: int, language: str
) -> dict[int, tuple[AskedChoice, ...]]:
    german, translated = aliased(ChoiceText), aliased(ChoiceText)
    rows = session.execute(
        sa.select(Choice.question_id, Choice.id, Choice.code, german.text, translated.text)
        .join(Question, Question.id == Choice.question_id)
        .join(german, sa.and_(german.choice_id == Choice.id, german.language == FIRST_LANGUAGE))
        .outerjoin(
            translated,
            sa.and_(translated.choice_id == Choice.id, translated.language == language),
        )
        .where(Question.version_id == version_id)
        .order_by(Choice.position, Choice.id)
    )
    choices: dict[int, tuple[AskedChoice, ...]] = defaultdict(tuple)
    for question_id, choice_id, code, text, other in rows:
        choices[question_id] += (AskedChoice(choice_id, code, other or text),)
    return choices


def _elements_of(session: Session, version_id: int) -> dict[int, tuple[tuple[str, int], ...]]:
    rows = session.execute(
        sa.select(QuestionElement.question_id, Element.code, Element.id)
        .join(Element, Element.id == QuestionElement.element_id)
        .join(Question, Question.id == QuestionElement.question_id)
        .where(Question.version_id == version_id)
        .order_by(Element.kind, Element.number)
    )
    elements: dict[int, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    for question_id, code, element_id in rows:
        elements[question_id] += ((code, element_id),)
    return elements


def _in_language(translated: QuestionText | None, german: QuestionText) -> QuestionText:
    return translated or german


def _asked(
    question: Question,
    text: QuestionText,
    choices: tuple[AskedChoice, ...],
    elements: tuple[tuple[str, int], ...],
) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        code=question.code,
        kind=question.kind,
        text=text.text,
        help=text.help,
        low=text.low,
        high=text.high,
        required=question.required,
        sensitive=question.sensitive,
        min_choices=question.min_choices,
        max_choices=question.max_choices,
        choices=choices,
        elements=elements,
    )
