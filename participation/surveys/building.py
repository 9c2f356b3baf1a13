"""Build a survey: its questions and their wording, until somebody answers."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from participation.accounts.models import Account, Municipality
from participation.engagements.operations import begin_engagement
from participation.engagements.plans import EngagementPlan
from participation.surveys import arranging, policy
from participation.surveys.copying import copy_question
from participation.surveys.drafts import (
    QuestionDraft,
    QuestionFault,
    TermDraft,
    check_draft,
)
from participation.surveys.locking import find_question, unlocked
from participation.surveys.models import (
    Choice,
    Question,
    QuestionKind,
    Survey,
    SurveyVersion,
)
from participation.surveys.question_rows import german_text, put_question
from participation.surveys.readiness import CannotOpen, kept_working
from participation.surveys.wiring import (
    NeededEarlier,
    put_condition,
    refuse_if_needed,
    rows_of_matrix,
    whole_questions,
)

__all__ = [
    "CannotOpen",
    "NeededEarlier",
    "QuestionDraft",
    "QuestionFault",
    "TermDraft",
    "add_question",
    "change_question",
    "delete_question",
    "duplicate_question",
    "move_question",
    "open_survey",
]

move_question = arranging.move_question


def open_survey(
    session: Session,
    *,
    municipality: Municipality,
    plan: EngagementPlan,
    actor: Account | None,
    at: datetime,
) -> Survey:
    """Draft a survey without questions; `publish_engagement` makes it public."""
    survey = Survey()
    begin_engagement(
        session, engagement=survey, municipality=municipality, plan=plan, actor=actor, at=at
    )
    session.add(SurveyVersion(survey_id=survey.id, number=1, last_code=0, created_at=at))
    session.flush()
    return survey


def add_question(
    session: Session, *, survey: Survey, draft: QuestionDraft, code: str | None = None
) -> Question:
    """Add a question at the end of its page. It gets the next code unless one is given."""
    version = unlocked(session, survey)
    check_draft(survey, draft)
    order = whole_questions(version)
    if len(order) >= policy.MOST_QUESTIONS:
        raise QuestionFault("text", "too_many_questions")
    last_page = max((question.page for question in order), default=1)
    question = Question(
        version_id=version.id,
        code=code or next_code(version),
        series=draft.series or uuid.uuid4().hex,
        kind=draft.kind,
        position=len(order) + 1,
        page=min(draft.page or last_page, last_page + bool(order)),
        # Both are asked for by the table before the draft is applied.
        points=draft.budget if draft.kind is QuestionKind.POINTS else 0,
    )
    german_text(question).text = " ".join(draft.text.split())
    version.questions.append(question)
    session.flush()
    put_question(session, survey=survey, question=question, rows=(), draft=draft)
    session.expire(version, ["questions"])
    place = sum(one.page <= question.page for one in order)
    order.insert(place, question)
    arranging.arrange(session, version, order)
    with kept_working(session, survey):
        put_condition(session, version, question, draft)
    return question


def change_question(
    session: Session, *, survey: Survey, code: str, draft: QuestionDraft
) -> Question:
    """Reword a question. A choice of nearly the same words keeps its code, a new one gets a new.

    Raises CannotOpen if a published survey would not work any more.
    """
    version = unlocked(session, survey)
    question = find_question(version, code, whole=True)
    check_draft(survey, draft)
    with kept_working(session, survey):
        _change(session, survey, version, question, draft)
    return question


def _change(
    session: Session,
    survey: Survey,
    version: SurveyVersion,
    question: Question,
    draft: QuestionDraft,
) -> None:
    _load(session, question)
    rows = rows_of_matrix(version, question)
    if question.kind is not draft.kind:
        # The codes of a scale are its points: nothing of another kind's choices is kept.
        refuse_if_needed(session, version, question)
        _become(session, question, draft)
    put_question(session, survey=survey, question=question, rows=rows, draft=draft)
    session.expire(version, ["questions"])
    put_condition(session, version, question, draft)


def delete_question(session: Session, *, survey: Survey, code: str) -> None:
    """Remove a question; its code is not given again. Raises NeededEarlier and CannotOpen."""
    version = unlocked(session, survey)
    question = find_question(version, code, whole=True)
    refuse_if_needed(session, version, question)
    with kept_working(session, survey):
        _delete(session, version, question)


def _delete(session: Session, version: SurveyVersion, question: Question) -> None:
    order = whole_questions(version)
    order.remove(question)
    for row in rows_of_matrix(version, question):
        session.delete(row)
    session.flush()
    session.delete(question)
    session.flush()
    session.expire(version, ["questions"])
    if order:
        arranging.arrange(session, version, order)


def duplicate_question(session: Session, *, survey: Survey, code: str) -> Question:
    """Put a copy of a question right after it. Its answers are compared with nobody else's."""
    version = unlocked(session, survey)
    question = find_question(version, code, whole=True)
    order = whole_questions(version)
    if len(order) >= policy.MOST_QUESTIONS:
        raise QuestionFault("text", "too_many_questions")
    copied = copy_question(
        session,
        question,
        rows=rows_of_matrix(version, question),
        version_id=version.id,
        code=next_code(version),
        keeps_series=False,
    )
    copied.keep_conditions(session)
    session.expire(version, ["questions"])
    order.insert(order.index(question) + 1, copied.question)
    arranging.arrange(session, version, order)
    return copied.question


def next_code(version: SurveyVersion) -> str:
    """Return the code of the next question; none is given twice."""
    taken = {question.code for question in version.questions}
    while True:
        version.last_code += 1
        code = f"F{version.last_code}"
        if code not in taken:
            return code


def _become(session: Session, question: Question, draft: QuestionDraft) -> None:
    question.choices = []
    question.min_choices = question.max_choices = question.lowest = question.highest = None
    question.points = draft.budget if draft.kind is QuestionKind.POINTS else 0
    question.kind = draft.kind
    session.flush()


def _load(session: Session, question: Question) -> None:
    """Read a question with its rows and all their words at once."""
    session.scalars(
        sa.select(Question)
        .where(sa.or_(Question.id == question.id, Question.parent_id == question.id))
        .options(
            selectinload(Question.texts),
            selectinload(Question.elements),
            selectinload(Question.terms),
            selectinload(Question.choices).selectinload(Choice.texts),
        )
    ).all()
