"""Raw answers, as far as they leave at all: for an administrator, after closing, with a reason.

A row is one sheet, in the order of random keys; it holds no key, no day, and numbers only in
bands. What was written stands apart, in the order of keys of its own, so that nothing joins it
to a row.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from participation.accounts.models import Account, Role
from participation.accounts.queries import roles_of
from participation.analysis.disclosure import SMALL, STAFF_THRESHOLD
from participation.contributions.queries import let_stand
from participation.engagements.models import GRACE
from participation.engagements.policy import is_over
from participation.foundation.cells import Cell
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.journal.operations import record
from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    PlaceAnswer,
    SurveyRemark,
    SurveyResponse,
)
from participation.surveys.coarsening import Coarse
from participation.surveys.columns import Column, cells_of
from participation.surveys.models import Survey, SurveyVersion
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
    record(
        session,
        at=at,
        action="survey.raw_handed_out",
        subject=f"engagement:{survey.id}",
        municipality_id=survey.municipality_id,
        actor_id=actor.id,
        facts={"version": version.number, "content": content, "reason": reason},
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
    session: Session,
    questionnaire: Questionnaire,
    columns: tuple[Column, ...],
    coarse: dict[int, Coarse],
) -> Iterator[list[Cell]]:
    """Yield a row for each sheet, a thousand read at once."""
    channels = _channels(session, questionnaire.version_id)
    after: uuid.UUID | None = None
    while True:
        wanted = (
            sa.select(SurveyResponse.id, SurveyResponse.channel)
            .where(SurveyResponse.version_id == questionnaire.version_id)
            .order_by(SurveyResponse.id)
            .limit(_AT_ONCE)
        )
        if after is not None:
            wanted = wanted.where(SurveyResponse.id > after)
        sheets = session.execute(wanted).all()
        if not sheets:
            return
        ids = [sheet.id for sheet in sheets]
        ticks = _ticks(session, ids)
        bands = _bands(session, coarse, ids)
        for sheet in sheets:
            cells = cells_of(columns, ticks.get(sheet.id, {}), bands.get(sheet.id, {}))
            yield [channels.get(sheet.channel.value), *cells]
        after = sheets[-1].id


def _channels(session: Session, version_id: int) -> dict[str, str]:
    """Return the channels that may be told: those by which at least five sheets came."""
    rows = session.execute(
        sa.select(SurveyResponse.channel, sa.func.count())
        .where(SurveyResponse.version_id == version_id)
        .group_by(SurveyResponse.channel)
    ).all()
    if any(number < SMALL for _channel, number in rows):
        return {}
    return {channel.value: channel.value for channel, _number in rows}


def _ticks(
    session: Session, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[int, dict[int, int | None]]]:
    found: dict[uuid.UUID, dict[int, dict[int, int | None]]] = {}
    rows = session.execute(
        sa.select(Answer.response_id, Answer.question_id, Answer.choice_id, Answer.amount).where(
            Answer.response_id.in_(ids)
        )
    )
    for response_id, question_id, choice_id, amount in rows:
        found.setdefault(response_id, {}).setdefault(question_id, {})[choice_id] = amount
    return found


def _bands(
    session: Session, coarse: dict[int, Coarse], ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[int, str]]:
    found: dict[uuid.UUID, dict[int, str]] = defaultdict(dict)
    if not coarse:
        return found
    for number in session.execute(_of_sheets(NumberAnswer, NumberAnswer.value, ids)):
        if number.question_id in coarse:
            band = coarse[number.question_id].number(number.value)
            found[number.response_id][number.question_id] = band
    for day in session.execute(_of_sheets(DateAnswer, DateAnswer.value, ids)):
        if day.question_id in coarse:
            found[day.response_id][day.question_id] = coarse[day.question_id].day(day.value)
    for place in session.execute(
        sa.select(
            PlaceAnswer.response_id, PlaceAnswer.question_id, PlaceAnswer.north, PlaceAnswer.east
        ).where(PlaceAnswer.response_id.in_(ids))
    ):
        if place.question_id in coarse:
            square = coarse[place.question_id].place(place.north, place.east)
            found[place.response_id][place.question_id] = square
    return found


def _of_sheets(
    model: type[NumberAnswer] | type[DateAnswer],
    value: InstrumentedAttribute[Any],
    ids: Sequence[uuid.UUID],
) -> sa.Select[tuple[uuid.UUID, int, Any]]:
    return sa.select(model.response_id, model.question_id, value).where(model.response_id.in_(ids))


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
