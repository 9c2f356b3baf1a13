"""Exact counts of what was answered. They never leave the server: `tables` makes them showable."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.surveys.answers import Answer
from participation.surveys.models import Choice, Question, QuestionKind


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
