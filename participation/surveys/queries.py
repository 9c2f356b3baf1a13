"""What is read about surveys. Answers leave this room only as counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from participation.contributions.models import Receipt
from participation.contributions.receipts import remark_hash, response_hash
from participation.foundation.errors import NotFound
from participation.surveys.answers import SurveyRemark, SurveyResponse
from participation.surveys.asking import read_newest, read_version
from participation.surveys.models import (
    FIRST_LANGUAGE,
    Choice,
    Question,
    QuestionElement,
    QuestionPicture,
    QuestionText,
    SurveyTotals,
    SurveyVersion,
)
from participation.surveys.questionnaire import Questionnaire


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
    found = read_newest(session, survey_id, language=language, for_answering=answering)
    if found is None:
        raise NotFound("this survey asks nothing yet")
    return found


def questionnaire_of_version(
    session: Session, version_id: int, *, language: str = FIRST_LANGUAGE
) -> Questionnaire:
    """Return what one version of a survey asks. Raises NotFound."""
    found = read_version(session, version_id, language=language)
    if found is None:
        raise NotFound("there is no such version")
    return found


def questions_about(
    session: Session,
    element_id: int,
    survey_ids: Collection[int],
    *,
    language: str = FIRST_LANGUAGE,
) -> dict[int, list[str]]:
    """Return what surveys ask about an element, by the survey's id.

    A question is about an element if it names it, or if one of its choices stands for it. A
    survey in which no question is about it is not in it: it asks about the whole.
    """
    if not survey_ids:
        return {}
    own = _wording_of(Question.id, language)
    matrix = _wording_of(Question.parent_id, language)
    newest = aliased(SurveyVersion)
    is_current = ~sa.exists().where(
        newest.survey_id == SurveyVersion.survey_id, newest.number > SurveyVersion.number
    )
    of_element = sa.select(QuestionElement.question_id).where(
        QuestionElement.element_id == element_id
    )
    of_choice = sa.select(Choice.question_id).where(Choice.element_id == element_id)
    rows = session.execute(
        sa.select(SurveyVersion.survey_id, own.label("text"), matrix.label("matrix"))
        .join(Question, Question.version_id == SurveyVersion.id)
        .where(
            SurveyVersion.survey_id.in_(survey_ids),
            Question.id.in_(of_element) | Question.id.in_(of_choice),
            is_current,
        )
        .order_by(SurveyVersion.survey_id, Question.page, Question.position, Question.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for survey_id, text, of_matrix in rows:
        # A row of a matrix alone is half a sentence.
        found[survey_id].append(f"{of_matrix} {text}" if of_matrix else text)
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


def responses_by_version(session: Session, survey_id: int) -> dict[int, int]:
    """Return how many sheets were stored, by the id of their version; exact, not for showing."""
    rows = session.execute(
        sa.select(SurveyResponse.version_id, sa.func.count().label("number"))
        .join(SurveyVersion, SurveyVersion.id == SurveyResponse.version_id)
        .where(SurveyResponse.survey_id == survey_id)
        .group_by(SurveyResponse.version_id, SurveyVersion.number)
        .order_by(SurveyVersion.number)
    )
    return {row.version_id: row.number for row in rows}


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
        sa.select(Question.code).where(Question.version_id == response.version_id)
    )
    hashes = [remark_hash(key, code, question) for question in codes]
    return session.scalars(
        sa.select(SurveyRemark)
        .join(Receipt, Receipt.contribution_id == SurveyRemark.id)
        .join(Question, Question.id == SurveyRemark.question_id)
        .where(Receipt.code_hash.in_(hashes))
        .order_by(Question.position, Question.id)
    ).all()


def pictures_of(session: Session, version_id: int) -> dict[int, bytes]:
    """Return the pictures of a version's questions by the question's id."""
    rows = session.execute(
        sa.select(QuestionPicture.question_id, QuestionPicture.content)
        .join(Question, Question.id == QuestionPicture.question_id)
        .where(Question.version_id == version_id)
    )
    return dict(rows.all())


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


def _wording_of(
    question_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    language: str,
) -> sa.ScalarSelect[str]:
    """Return the words of a question in a language, in German where it has no other."""
    text = aliased(QuestionText)
    return (
        sa.select(text.text)
        .where(text.question_id == question_id, text.language.in_({FIRST_LANGUAGE, language}))
        .order_by(sa.case((text.language == language, 0), else_=1))
        .limit(1)
        .correlate(Question)
        .scalar_subquery()
    )
