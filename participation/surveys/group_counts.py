"""Exact counts of what was answered, by invited group. They never leave the server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.surveys.answers import Answer, NumberAnswer, SurveyResponse
from participation.surveys.counts import QuestionCounts
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion

# By the group, None for nobody's, and by the question.
ByGroup = dict[int | None, dict[int, QuestionCounts]]

# Where people stand in one cell each or in several, and everything else that they said is numbers.
COUNTED = frozenset(
    {QuestionKind.SINGLE, QuestionKind.SCALE, QuestionKind.MULTIPLE, QuestionKind.NUMBER}
)


def count_by_group(session: Session, questions: Sequence[AskedQuestion]) -> ByGroup:
    """Count the answers to questions of the kinds that are counted by group."""
    counts: ByGroup = defaultdict(lambda: defaultdict(QuestionCounts))
    _count_ticks(session, questions, counts)
    group = SurveyResponse.participant_group_id
    numbers = [one.id for one in questions if one.kind is QuestionKind.NUMBER]
    if numbers:
        for group_id, question_id, value, people in session.execute(
            sa.select(group, NumberAnswer.question_id, NumberAnswer.value, sa.func.count())
            .join(SurveyResponse, SurveyResponse.id == NumberAnswer.response_id)
            .where(NumberAnswer.question_id.in_(numbers))
            .group_by(group, NumberAnswer.question_id, NumberAnswer.value)
        ):
            counts[group_id][question_id].numbers[value] = people
            counts[group_id][question_id].people += people
    return counts


def _count_ticks(session: Session, questions: Sequence[AskedQuestion], counts: ByGroup) -> None:
    codes = {choice.id: choice.code for question in questions for choice in question.choices}
    group, ids = SurveyResponse.participant_group_id, [one.id for one in questions]
    several = {one.id for one in questions if one.kind is QuestionKind.MULTIPLE}
    for group_id, question_id, choice_id, people in session.execute(
        sa.select(group, Answer.question_id, Answer.choice_id, sa.func.count())
        .join(SurveyResponse, SurveyResponse.id == Answer.response_id)
        .where(Answer.question_id.in_(ids))
        .group_by(group, Answer.question_id, Answer.choice_id)
    ):
        counted = counts[group_id][question_id]
        counted.ticks[codes[choice_id]] = people
        if question_id not in several:
            counted.people += people
    if not several:
        return
    # Where somebody may choose several, ticks are not people.
    for group_id, question_id, people in session.execute(
        sa.select(group, Answer.question_id, sa.func.count(sa.distinct(Answer.response_id)))
        .join(SurveyResponse, SurveyResponse.id == Answer.response_id)
        .where(Answer.question_id.in_(several))
        .group_by(group, Answer.question_id)
    ):
        counts[group_id][question_id].people = people
