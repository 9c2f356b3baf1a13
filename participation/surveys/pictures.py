"""Pictures of questions: written anew on the way in, with words for those who do not see them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from participation.foundation import images
from participation.foundation.errors import NotFound, Refused
from participation.surveys import locking
from participation.surveys.drafts import QuestionFault
from participation.surveys.models import Question, QuestionPicture, Survey, SurveyVersion
from participation.surveys.question_rows import german_text

LARGEST_FILE = 8 * 1024 * 1024
LONGEST_SHOWS = 300
_LONGEST_SIDE = 1200


def put_picture(
    session: Session,
    *,
    survey: Survey,
    code: str,
    content: bytes | None,
    shows: str,
    remove: bool = False,
) -> None:
    """Set, change or remove a question's picture; `shows` says in words what is on it.

    Without `content` a stored picture stays. Raises QuestionFault for what is no picture and for
    a picture without words.
    """
    version = locking.unlocked(session, survey)
    question = locking.find_question(version, code, whole=True)
    shows = " ".join(shows.split())
    if content:
        question.picture = _cleaned(content, question.picture)
    elif remove:
        question.picture = None
    if question.picture is not None and not shows:
        raise QuestionFault("shows", "shows_missing")
    if len(shows) > LONGEST_SHOWS:
        raise QuestionFault("shows", "shows_too_long")
    german_text(question).picture = shows if question.picture is not None else ""
    session.flush()


def get_picture(session: Session, survey: Survey, code: str, version: int | None) -> bytes:
    """Return the picture of a question, in the current version or one by number.

    Raises NotFound.
    """
    statement = (
        sa.select(QuestionPicture)
        .join(Question, Question.id == QuestionPicture.question_id)
        .join(SurveyVersion, SurveyVersion.id == Question.version_id)
        .where(SurveyVersion.survey_id == survey.id, Question.code == code)
        .order_by(SurveyVersion.number.desc())
        .limit(1)
        .options(undefer(QuestionPicture.content))
    )
    if version is not None:
        statement = statement.where(SurveyVersion.number == version)
    picture = session.scalars(statement).first()
    if picture is None:
        raise NotFound("there is no such picture")
    return picture.content


def _cleaned(content: bytes, stored: QuestionPicture | None) -> QuestionPicture:
    if len(content) > LARGEST_FILE:
        raise QuestionFault("picture", "picture_too_large")
    try:
        clean = images.clean_picture(content, longest_side=_LONGEST_SIDE)
    except Refused as refusal:
        raise QuestionFault("picture", "no_picture", reason=str(refusal)) from refusal
    picture = stored or QuestionPicture()
    picture.content = clean
    picture.width, picture.height = images.size_of(clean)
    return picture
