"""The version that may be built on: nobody has answered it yet."""

from __future__ import annotations

from sqlalchemy.orm import Session

from participation.foundation.errors import Conflict, NotFound
from participation.surveys import queries
from participation.surveys.models import Question, Survey, SurveyVersion


def unlocked(session: Session, survey: Survey) -> SurveyVersion:
    """Return the current version, locked; raise Conflict once it has been answered."""
    version = queries.current_version(session, survey.id, lock=True)
    if queries.is_answered(session, version.id):
        raise Conflict("people have answered these questions; they stay as they are")
    return version


def answered(session: Session, survey: Survey) -> SurveyVersion:
    """Return the current version, locked; raise Conflict as long as it can simply be changed."""
    version = queries.current_version(session, survey.id, lock=True)
    if not queries.is_answered(session, version.id):
        raise Conflict("nobody has answered these questions yet; they can be changed in place")
    return version


def find_question(version: SurveyVersion, code: str, *, whole: bool = False) -> Question:
    """Return the question of a code; with `whole` no row of a matrix. Raises NotFound."""
    for question in version.questions:
        if question.code == code and not (whole and question.parent_id is not None):
            return question
    raise NotFound("there is no such question")
