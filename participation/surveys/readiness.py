"""What keeps a survey from being published, and its questions from losing what they are about.

Whoever does it, and by whatever way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.operations import NothingToTakePartIn
from participation.engagements.readiness import Uses, checks, finds_uses
from participation.foundation.errors import Refused
from participation.strategy.models import Element
from participation.surveys import queries
from participation.surveys.checking import CheckKind, CheckRemark, remarks_on
from participation.surveys.models import (
    Choice,
    Question,
    QuestionElement,
    Survey,
    SurveyVersion,
)


class CannotOpen(Refused):
    """A survey that would not work when it is open; `remarks` say why."""

    def __init__(self, remarks: tuple[CheckRemark, ...]) -> None:
        named = ", ".join(f"{one.code} ({one.kind.value})" for one in remarks)
        super().__init__(f"this survey cannot open like this: {named}")
        self.remarks = remarks


@checks(Survey)
def check_survey(session: Session, survey: Survey) -> None:
    """Raise NothingToTakePartIn without a question, and CannotOpen for what would not work."""
    hard = _hard_remarks(session, survey)
    if any(remark.kind is CheckKind.NO_QUESTION for remark in hard):
        raise NothingToTakePartIn
    if hard:
        raise CannotOpen(hard)


@contextmanager
def kept_working(session: Session, survey: Survey) -> Iterator[None]:
    """Refuse a change that a published survey could not have been published with.

    Nobody looks through it again before it opens. A draft is only told about, and what was wrong
    before is no reason to refuse a change. Raises CannotOpen.
    """
    if survey.published_at is None:
        yield
        return
    before = _hard_remarks(session, survey)
    yield
    session.flush()
    new = tuple(remark for remark in _hard_remarks(session, survey) if remark not in before)
    if new:
        raise CannotOpen(new)


def _hard_remarks(session: Session, survey: Survey) -> tuple[CheckRemark, ...]:
    asked = queries.questionnaire_of(session, survey.id)
    return tuple(remark for remark in remarks_on(asked) if remark.is_hard)


@finds_uses(Survey)
def questions_naming(session: Session, survey: Survey, element_ids: Collection[int]) -> Uses:
    """Return the questions, of all versions, that are about some elements or offer them."""
    named = (
        sa.select(QuestionElement.question_id, QuestionElement.element_id)
        .where(QuestionElement.element_id.in_(element_ids))
        .union(
            sa.select(Choice.question_id, Choice.element_id).where(
                Choice.element_id.in_(element_ids)
            )
        )
        .subquery()
    )
    rows = session.execute(
        sa.select(Element.code, Question.code)
        .join(named, named.c.element_id == Element.id)
        .join(Question, Question.id == named.c.question_id)
        .join(SurveyVersion, SurveyVersion.id == Question.version_id)
        .where(SurveyVersion.survey_id == survey.id)
        .group_by(Element.code, Question.code)
        .order_by(Element.code, sa.func.min(Question.position), Question.code)
    )
    found: Uses = {}
    for element, question in rows:
        found.setdefault(element, []).append(question)
    return found
