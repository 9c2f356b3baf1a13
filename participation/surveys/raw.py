"""Raw answers, as far as they leave at all: for an administrator, after closing, with a reason.

A row is one sheet, in the order of random keys; it holds no key, no day, and numbers only in
bands. What was written stands apart, in the order of keys of its own, so that nothing joins it
to a row.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from participation.accounts.models import Account, Role
from participation.accounts.queries import roles_of
from participation.analysis.disclosure import SMALL, STAFF_THRESHOLD
from participation.contributions.models import Channel
from participation.contributions.queries import let_stand
from participation.engagements.models import GRACE
from participation.engagements.noting import note_on
from participation.engagements.policy import is_over
from participation.foundation.cells import Cell
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    PlaceAnswer,
    SurveyRemark,
    SurveyResponse,
)
from participation.surveys.columns import COARSE_MARK, Column, RowFiller
from participation.surveys.models import QuestionKind, Survey, SurveyVersion
from participation.surveys.questionnaire import Questionnaire

LONGEST_REASON = 500
SHORTEST_REASON = 10
_AT_ONCE = 1_000


def hand_out(
    session: Session,
    *,
    survey: Survey,
    version: SurveyVersion,
    content: str,
    reason: str,
    actor: Account,
    at: datetime,
) -> None:
    """Note that raw answers leave, who took them and what for.

    Raises Forbidden for anybody but an administrator, Conflict while people or staff still
    answer and where fewer than five did, and Refused without a reason.
    """
    if Role.ADMINISTRATOR not in roles_of(session, actor.id, survey.municipality_id):
        raise Forbidden("only an administrator gets raw answers")
    check_may_leave(session, survey, version, at=at)
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Refused("a reason is needed", field="reason")
    note_on(
        session,
        "survey.raw_handed_out",
        survey,
        actor=actor,
        at=at,
        version=version.number,
        content=content,
        reason=reason,
    )


def check_may_leave(
    session: Session, survey: Survey, version: SurveyVersion, *, at: datetime
) -> None:
    """Raise Conflict while a survey takes answers, and where fewer than five answered."""
    # Forms that were opened in time may still come in, and so may slips on paper.
    until = max(survey.closes_at + GRACE, survey.slips_until or survey.closes_at)
    if not is_over(survey, at=at) or at < until:
        raise Conflict("open")
    if response_count_of(session, version.id) < STAFF_THRESHOLD:
        raise Conflict("too few")


def response_count_of(session: Session, version_id: int) -> int:
    """Return how many sheets answered a version: an exact number, which is not for showing."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(SurveyResponse)
            .where(SurveyResponse.version_id == version_id)
        )
        or 0
    )


def raw_rows(
    session: Session, questionnaire: Questionnaire, columns: Sequence[Column], filler: RowFiller
) -> Iterator[list[Cell]]:
    """Yield a row for each sheet, while the database still reads the next ones."""
    channels = _channels(session, questionnaire.version_id)
    sheets = session.execute(
        sa.select(SurveyResponse.channel, *_said(columns))
        .where(SurveyResponse.version_id == questionnaire.version_id)
        .order_by(SurveyResponse.id),
        execution_options={"yield_per": _AT_ONCE},
    )
    for channel, *texts in sheets:
        yield [channels.get(channel), *filler.cells(texts)]


def _channels(session: Session, version_id: int) -> dict[Channel, str]:
    """Return the channels that may be told: those by which at least five sheets came."""
    rows = session.execute(
        sa.select(SurveyResponse.channel, sa.func.count())
        .where(SurveyResponse.version_id == version_id)
        .group_by(SurveyResponse.channel)
    ).all()
    if any(number < SMALL for _channel, number in rows):
        return {}
    return {channel: channel.value for channel, _number in rows}


def _said(columns: Sequence[Column]) -> Iterator[sa.ScalarSelect[str]]:
    """Yield what a sheet says, by kind, as texts of pieces.

    The database joins the pieces: a row for each of them would take three times as long.
    """
    kinds = {column.question.kind for column in columns}
    yield _pieces(Answer.choice_id, sa.func.coalesce(_text(Answer.amount), ""), "")
    if QuestionKind.NUMBER in kinds:
        yield _pieces(NumberAnswer.question_id, _text(NumberAnswer.value))
    if QuestionKind.DATE in kinds:
        year, month = (sa.extract(part, DateAnswer.value) for part in ("year", "month"))
        yield _pieces(DateAnswer.question_id, _text(sa.cast(12 * year + month - 1, sa.Integer)))
    if QuestionKind.PLACE in kinds:
        square = _text(PlaceAnswer.north) + "/" + _text(PlaceAnswer.east)
        yield _pieces(PlaceAnswer.question_id, square)


def _pieces(
    name: InstrumentedAttribute[int], said: sa.ColumnElement[str], mark: str = COARSE_MARK
) -> sa.ScalarSelect[str]:
    piece = sa.literal(mark) + _text(name) + ":" + said
    return (
        sa.select(sa.func.aggregate_strings(piece, ","))
        .where(name.class_.response_id == SurveyResponse.id)
        .scalar_subquery()
    )


def _text(value: sa.ColumnElement[Any] | InstrumentedAttribute[Any]) -> sa.ColumnElement[str]:
    return sa.cast(value, sa.String)


def written_rows(session: Session, questionnaire: Questionnaire) -> Iterator[Sequence[Cell]]:
    """Yield what was written and not rejected, question by question, in the order of random keys.

    What waits for moderation, or was hidden by it, is left out.
    """
    for question in questionnaire.answered:
        if not question.takes_words:
            continue
        after: uuid.UUID | None = None
        while True:
            wanted = (
                sa.select(SurveyRemark.id, SurveyRemark.text, SurveyRemark.language)
                .where(SurveyRemark.question_id == question.id, let_stand())
                .order_by(SurveyRemark.id)
                .limit(_AT_ONCE)
            )
            if after is not None:
                wanted = wanted.where(SurveyRemark.id > after)
            remarks = session.execute(wanted).all()
            yield from ((question.code, question.text, one.language, one.text) for one in remarks)
            if len(remarks) < _AT_ONCE:
                break
            after = remarks[-1].id
