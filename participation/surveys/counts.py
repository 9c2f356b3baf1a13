"""Exact counts of what was answered. They never leave the server: `tables` makes them showable.

The database does the counting, in one statement for each way of answering that a survey uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from participation.surveys.answers import Answer, DateAnswer, NumberAnswer, PlaceAnswer
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire


@dataclass
class QuestionCounts:
    """Exact counts of one question; people, unless something else is said.

    `people` is how many answered, those who said that they can't say among them. `ticks` are by
    the code of a choice how many ticked it, ranked it or gave it points. `firsts` are how many
    gave it the first place, and `ranks` is the sum of its ranks, where places that somebody
    left out count as the mean of those that they left. `amounts` are by choice and points.
    """

    people: int = 0
    ticks: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, int] = field(default_factory=dict)
    ranks: dict[str, Fraction] = field(default_factory=dict)
    amounts: dict[str, dict[int, int]] = field(default_factory=dict)
    numbers: dict[Decimal, int] = field(default_factory=dict)
    dates: dict[date, int] = field(default_factory=dict)
    places: dict[tuple[int, int], int] = field(default_factory=dict)


Counted = dict[int, QuestionCounts]

# Where an answer is a value and no choice: the columns of the question and of what was said, and
# what it is counted in.
_VALUES: dict[
    QuestionKind,
    tuple[tuple[InstrumentedAttribute[Any], ...], Callable[[QuestionCounts], dict[Any, int]]],
] = {
    QuestionKind.NUMBER: (
        (NumberAnswer.question_id, NumberAnswer.value),
        lambda counts: counts.numbers,
    ),
    QuestionKind.DATE: (
        (DateAnswer.question_id, DateAnswer.value),
        lambda counts: counts.dates,
    ),
    QuestionKind.PLACE: (
        (PlaceAnswer.question_id, PlaceAnswer.north, PlaceAnswer.east),
        lambda counts: counts.places,
    ),
}


def count_answers(
    session: Session,
    questionnaire: Questionnaire,
    questions: Sequence[AskedQuestion] | None = None,
) -> Counted:
    """Count the answers to a version by question; to all of its questions, or to these."""
    counts: Counted = defaultdict(QuestionCounts)
    kinds: dict[QuestionKind, list[int]] = defaultdict(list)
    questions = questionnaire.answered if questions is None else questions
    for question in questions:
        kinds[question.kind].append(question.id)
    _count_ticks(session, questions, counts)
    # Where somebody may choose several, ticks are not people.
    several = (QuestionKind.MULTIPLE, QuestionKind.RANKING, QuestionKind.POINTS)
    _count_people(session, [one for kind in several for one in kinds[kind]], counts)
    if kinds[QuestionKind.RANKING]:
        _count_ranks(session, questionnaire, counts)
    if kinds[QuestionKind.POINTS]:
        _count_points(session, questionnaire, counts)
    for kind, (columns, held) in _VALUES.items():
        _count_values(session, kinds[kind], counts, columns, held)
    return counts


def _count_ticks(session: Session, questions: Sequence[AskedQuestion], counts: Counted) -> None:
    codes = {choice.id: choice.code for question in questions for choice in question.choices}
    rows = session.execute(
        sa.select(Answer.question_id, Answer.choice_id, sa.func.count())
        .where(Answer.question_id.in_([one.id for one in questions]))
        .group_by(Answer.question_id, Answer.choice_id)
    )
    for question_id, choice_id, number in rows:
        counts[question_id].ticks[codes[choice_id]] = number
        counts[question_id].people += number


def _count_people(session: Session, question_ids: Iterable[int], counts: Counted) -> None:
    ids = list(question_ids)
    if not ids:
        return
    rows = session.execute(
        sa.select(Answer.question_id, sa.func.count(sa.distinct(Answer.response_id)))
        .where(Answer.question_id.in_(ids))
        .group_by(Answer.question_id)
    )
    for question_id, number in rows:
        counts[question_id].people = number


def _count_ranks(session: Session, questionnaire: Questionnaire, counts: Counted) -> None:
    rankings = {one.id: one for one in questionnaire.answered if one.kind is QuestionKind.RANKING}
    codes = _codes_of_choices(questionnaire)
    sheets = (
        sa.select(Answer.response_id, Answer.question_id, sa.func.count().label("size"))
        .where(Answer.question_id.in_(rankings), Answer.amount.is_not(None))
        .group_by(Answer.response_id, Answer.question_id)
        .subquery()
    )
    is_first = sa.case((Answer.amount == 1, 1), else_=0)
    rows = session.execute(
        sa.select(
            Answer.question_id,
            Answer.choice_id,
            sheets.c.size,
            sa.func.count().label("people"),
            sa.func.sum(Answer.amount).label("ranks"),
            sa.func.sum(is_first).label("firsts"),
        )
        .join(
            sheets,
            sa.and_(
                sheets.c.response_id == Answer.response_id,
                sheets.c.question_id == Answer.question_id,
            ),
        )
        .where(Answer.amount.is_not(None))
        .group_by(Answer.question_id, Answer.choice_id, sheets.c.size)
    ).all()
    # Everybody whose sheet ranks so many choices gave so many ranks.
    given: dict[tuple[int, int], int] = defaultdict(int)
    ranked: dict[tuple[int, int, str], int] = defaultdict(int)
    for row in rows:
        code = codes[row.choice_id]
        counted = counts[row.question_id]
        given[row.question_id, row.size] += row.people
        ranked[row.question_id, row.size, code] += row.people
        counted.firsts[code] = counted.firsts.get(code, 0) + int(row.firsts)
        counted.ranks[code] = counted.ranks.get(code, Fraction(0)) + int(row.ranks)
    for (question_id, size), number in given.items():
        choices = rankings[question_id].answers
        for choice in choices:
            left_out = number // size - ranked[question_id, size, choice.code]
            rank = Fraction(size + 1 + len(choices), 2)
            ranks = counts[question_id].ranks
            ranks[choice.code] = ranks.get(choice.code, Fraction(0)) + left_out * rank


def _count_points(session: Session, questionnaire: Questionnaire, counts: Counted) -> None:
    codes = _codes_of_choices(questionnaire)
    ids = [one.id for one in questionnaire.answered if one.kind is QuestionKind.POINTS]
    rows = session.execute(
        sa.select(Answer.question_id, Answer.choice_id, Answer.amount, sa.func.count())
        .where(Answer.question_id.in_(ids), Answer.amount.is_not(None))
        .group_by(Answer.question_id, Answer.choice_id, Answer.amount)
    )
    for question_id, choice_id, amount, number in rows:
        if amount is not None:
            by_amount = counts[question_id].amounts.setdefault(codes[choice_id], {})
            by_amount[amount] = number


def _count_values(
    session: Session,
    ids: list[int],
    counts: Counted,
    columns: tuple[InstrumentedAttribute[Any], ...],
    held: Callable[[QuestionCounts], dict[Any, int]],
) -> None:
    """Count how often each value was given; the first column is the question's."""
    if not ids:
        return
    rows = session.execute(
        sa.select(*columns, sa.func.count()).where(columns[0].in_(ids)).group_by(*columns)
    )
    for question_id, *said, number in rows:
        held(counts[question_id])[said[0] if len(said) == 1 else tuple(said)] = number
        counts[question_id].people += number


def _codes_of_choices(questionnaire: Questionnaire) -> dict[int, str]:
    return {
        choice.id: choice.code for question in questionnaire.answered for choice in question.choices
    }
