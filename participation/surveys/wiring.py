"""What questions need of each other: conditions about earlier answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.errors import Refused
from participation.surveys.drafts import QuestionDraft, QuestionFault, TermDraft
from participation.surveys.models import (
    Choice,
    Operator,
    Question,
    QuestionKind,
    SurveyVersion,
    Term,
)

_COMPARED = frozenset({QuestionKind.NUMBER, QuestionKind.SCALE})
_BY_CHOICE = frozenset({Operator.TICKED, Operator.NOT_TICKED})
_MOST = Decimal(10) ** 11


class NeededEarlier(Refused):
    """A question cannot go: the condition of a later one, `needed_by`, asks for its answer."""

    def __init__(self, code: str, needed_by: Sequence[str]) -> None:
        super().__init__(f"{code} is needed by {', '.join(needed_by)}")
        self.code = code
        self.needed_by = tuple(needed_by)


def whole_questions(version: SurveyVersion) -> list[Question]:
    """Return the questions of a version without the rows of matrices, in their order."""
    return [question for question in version.questions if question.parent_id is None]


def rows_of_matrix(version: SurveyVersion, matrix: Question) -> list[Question]:
    """Return the rows of a matrix in their order."""
    return [question for question in version.questions if question.parent_id == matrix.id]


def refuse_if_needed(session: Session, version: SurveyVersion, question: Question) -> None:
    """Raise NeededEarlier if another question's condition is about this one or one of its rows."""
    own = {question.id, *(row.id for row in rows_of_matrix(version, question))}
    codes = session.scalars(
        sa.select(Question.code)
        .join(Term, Term.question_id == Question.id)
        .where(Term.earlier_id.in_(own), Question.id.not_in(own))
        .group_by(Question.code, Question.position)
        .order_by(Question.position)
    ).all()
    if codes:
        raise NeededEarlier(question.code, codes)


def check_order(session: Session, version: SurveyVersion, order: Sequence[Question]) -> None:
    """Raise NeededEarlier if in this order a condition were about a later question."""
    place = _places(version, order)
    codes = {question.id: question.code for question in version.questions}
    terms = session.execute(
        sa.select(Term.earlier_id, Term.question_id)
        .join(Question, Question.id == Term.question_id)
        .where(Question.version_id == version.id)
    )
    for earlier_id, question_id in terms:
        if place[earlier_id] >= place[question_id]:
            raise NeededEarlier(codes[earlier_id], [codes[question_id]])


def put_condition(
    session: Session, version: SurveyVersion, question: Question, draft: QuestionDraft
) -> None:
    """Store under which earlier answers a question is asked. Raises QuestionFault."""
    order = whole_questions(version)
    place = _places(version, order)
    known = {one.code: one for one in version.questions}
    earlier = {code for code, one in known.items() if place[one.id] < place[question.id]}
    terms = [_term(term, known, earlier) for term in draft.terms]
    question.condition_mode = draft.mode
    if question.terms:
        # Two terms never stand at one position, not even for a moment.
        question.terms = []
        session.flush()
    for position, term in enumerate(terms, start=1):
        term.position = position
    question.terms = terms
    session.flush()


def _term(term: TermDraft, known: Mapping[str, Question], before: Collection[str]) -> Term:
    earlier = known.get(term.earlier)
    if earlier is None:
        raise QuestionFault("terms", "term_unknown")
    if earlier.code not in before:
        raise QuestionFault("terms", "term_later", code=earlier.code)
    if term.operator in _BY_CHOICE:
        choice = _choice(earlier.choices, term.choice)
        if choice is None:
            raise QuestionFault("terms", "term_unknown")
        return Term(earlier_id=earlier.id, operator=term.operator, choice_id=choice.id)
    if earlier.kind not in _COMPARED:
        raise QuestionFault("terms", "term_operator", code=earlier.code)
    if term.number is None or not term.number.is_finite() or abs(term.number) > _MOST:
        raise QuestionFault("terms", "term_number")
    return Term(earlier_id=earlier.id, operator=term.operator, number=round(term.number, 2))


def _choice(choices: Iterable[Choice], code: str | None) -> Choice | None:
    return next((choice for choice in choices if choice.code == code), None)


def _places(version: SurveyVersion, order: Collection[Question]) -> dict[int, int]:
    place = {question.id: number for number, question in enumerate(order)}
    for question in version.questions:
        if question.parent_id is not None:
            place[question.id] = place[question.parent_id]
    return place
