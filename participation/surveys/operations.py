"""Take sheets of answers in, whole or not at all, and let people take theirs back."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions import operations as contributions
from participation.contributions.models import Channel, ContributionStatus
from participation.contributions.receipts import receipt_code, remark_hash, response_hash
from participation.engagements.guests import Guest
from participation.engagements.models import Engagement, ParticipantGroup, ParticipationMark
from participation.engagements.operations import check_may_take_part, note_participation
from participation.engagements.participant_groups import note_use
from participation.foundation.clock import local_date
from participation.foundation.errors import Conflict, Refused
from participation.foundation.upsert import insert_once
from participation.surveys import queries
from participation.surveys.answers import SurveyResponse
from participation.surveys.conditions import asked_of
from participation.surveys.models import Survey
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.rows import AnswerRows, RemarkRows, Row, insert_rows
from participation.surveys.sheets import FaultKind, InvalidSheet, Sheet, faults_of

# How many imported sheets are written at once; memory stays the same however many there are.
_BATCH = 500
# What must be answered, and at what length, was another thing where a sheet comes from.
_BORNE = frozenset({FaultKind.UNANSWERED, FaultKind.NOTHING_AT_ALL, FaultKind.TOO_LONG})


class SurveyChanged(Conflict):
    """What a form asks is no longer what the survey asks."""

    def __init__(self) -> None:
        super().__init__("the survey was changed while this form was open")


class AlreadyTookPart(Refused):
    """This browser or account took part in the survey before."""

    def __init__(self) -> None:
        super().__init__("this browser or account took part before")


@dataclass(frozen=True)
class Submitted:
    """The code of a sheet's receipt; `is_new` unless the sheet was sent before."""

    code: str
    is_new: bool


@dataclass(frozen=True)
class TakenIn:
    """What was taken over from elsewhere."""

    responses: int
    remarks: tuple[uuid.UUID, ...]


def submit_response(
    session: Session,
    *,
    survey: Survey,
    sheet: Sheet,
    submission: str,
    key: bytes,
    mark: str | None,
    at: datetime,
    channel: Channel = Channel.ONLINE,
    account: Account | None = None,
    form_opened_at: datetime | None = None,
    about: str | None = None,
    questionnaire: Questionnaire | None = None,
    edition: str | None = None,
    guest: Guest | None = None,
    group: ParticipantGroup | None = None,
) -> Submitted:
    """Store a sheet of answers, whole or not at all, with what was written on it.

    The same submission again gives the same code and stores nothing. With `about`, the code of
    an element, the sheet answers the questions about it and no others. Who has read the
    questionnaire for answering, in the same transaction, may hand it over. `edition` is the
    `Questionnaire.edition` that the form was made from. Answers to questions that the sheet is
    not asked are dropped.

    Raises CannotTakePart, SurveyChanged, InvalidSheet (which names every question and what is
    wrong with its answer) and AlreadyTookPart.
    """
    code = receipt_code(key, submission)
    if questionnaire is None:
        questionnaire = queries.questionnaire_of(session, survey.id, answering=True)
    asked = questionnaire.about(about) if about else questionnaire
    try:
        check_may_take_part(
            survey, at=at, account=account, form_opened_at=form_opened_at, guest=guest
        )
        if edition is not None and edition != questionnaire.edition:
            raise SurveyChanged
        _check(asked, sheet)
    except (Refused, SurveyChanged):
        # What was stored before stays stored, whatever happened since.
        if queries.find_response(session, key, code) is None:
            raise
        return _sent_before(session, survey, key, code)
    note_use(session, group)
    response_id = uuid.uuid4()
    is_new = insert_once(
        session,
        SurveyResponse,
        id=response_id,
        survey_id=survey.id,
        version_id=questionnaire.version_id,
        channel=channel,
        day=local_date(at),
        participant_group_id=group.id if group else None,
        receipt_hash=response_hash(key, code),
    )
    if not is_new:
        return _sent_before(session, survey, key, code)
    if mark is not None and not note_participation(session, survey, mark=mark):
        raise AlreadyTookPart
    # What a condition hides was answered before it was hidden, and nobody means it any more.
    sheet = sheet.only(asked_of(asked, sheet))
    answers = AnswerRows()
    answers.add(asked, sheet, response_id)
    answers.insert(session)
    remarks = RemarkRows(survey, channel=channel, day=local_date(at))
    remarks.add(asked, sheet, receipt_hash=lambda question: remark_hash(key, code, question))
    remarks.insert(session)
    return Submitted(code, is_new=True)


def take_in(
    session: Session,
    *,
    survey: Survey,
    sheets: Iterable[Sheet],
    channel: Channel,
    day: date,
    status: ContributionStatus | None = None,
    group: ParticipantGroup | None = None,
) -> TakenIn:
    """Store sheets that were filled in elsewhere, without receipts; all of them or none.

    They may reach a survey that is closed. What is written on them gets `status`, or else what
    the survey's moderation gives it. A required question may be left out on them. Raises
    InvalidSheet for the first sheet that does not fit.
    """
    questionnaire = queries.questionnaire_of(session, survey.id, answering=True)
    note_use(session, group)
    taken = _TakenAs(survey, questionnaire, channel, day, status, group.id if group else None)
    remarks: list[uuid.UUID] = []
    count = 0
    batch: list[Sheet] = []
    for sheet in sheets:
        faults = [one for one in faults_of(questionnaire, sheet) if one.kind not in _BORNE]
        if faults:
            raise InvalidSheet(faults)
        batch.append(sheet)
        if len(batch) == _BATCH:
            count += len(batch)
            remarks += _take_in_batch(session, taken, batch)
            batch = []
    count += len(batch)
    remarks += _take_in_batch(session, taken, batch)
    _count_participants(session, survey, count)
    return TakenIn(responses=count, remarks=tuple(remarks))


def withdraw_response(
    session: Session,
    *,
    response: SurveyResponse,
    code: str,
    key: bytes,
    is_released: bool,
    at: datetime,
) -> None:
    """Delete a response with its answers, and erase what was written with it.

    `is_released` says whether the survey's final results are out; then it is too late, because
    the answers can no longer be taken out of the numbers.
    """
    if is_released:
        raise Conflict("the final results are released")
    for remark in queries.remarks_of(session, key, code, response):
        if remark.status is not ContributionStatus.WITHDRAWN:
            contributions.withdraw(session, contribution=remark, at=at)
    session.delete(response)
    session.flush()


def forget_groups(session: Session, survey_id: int) -> None:
    """Erase as one of which group people answered, when the last has been counted by it.

    All rows are written, so that those that had a group do not stand out.
    """
    session.execute(
        sa.update(SurveyResponse)
        .where(SurveyResponse.survey_id == survey_id)
        .values(participant_group_id=None)
        .execution_options(synchronize_session=False)
    )


def _check(questionnaire: Questionnaire, sheet: Sheet) -> None:
    faults = faults_of(questionnaire, sheet)
    if faults:
        raise InvalidSheet(faults)


def _sent_before(session: Session, survey: Survey, key: bytes, code: str) -> Submitted:
    stored = queries.find_response(session, key, code)
    if stored is not None and stored.survey_id != survey.id:
        raise Refused("this form was sent before, for another survey", field="submission")
    return Submitted(code, is_new=False)


@dataclass(frozen=True)
class _TakenAs:
    """What all sheets that are taken in together have in common."""

    survey: Survey
    questionnaire: Questionnaire
    channel: Channel
    day: date
    status: ContributionStatus | None
    group_id: int | None


def _take_in_batch(session: Session, taken: _TakenAs, sheets: Sequence[Sheet]) -> list[uuid.UUID]:
    survey, questionnaire = taken.survey, taken.questionnaire
    remarks = RemarkRows(survey, channel=taken.channel, day=taken.day, status=taken.status)
    answers = AnswerRows()
    responses: list[Row] = []
    for sheet in sheets:
        response_id = uuid.uuid4()
        responses.append(
            {
                "id": response_id,
                "survey_id": survey.id,
                "version_id": questionnaire.version_id,
                "channel": taken.channel,
                "day": taken.day,
                "participant_group_id": taken.group_id,
                # Nobody holds a code for it.
                "receipt_hash": secrets.token_hex(32),
            }
        )
        asked = sheet.only(asked_of(questionnaire, sheet))
        answers.add(questionnaire, asked, response_id)
        remarks.add(questionnaire, asked)
    insert_rows(session, SurveyResponse, sorted(responses, key=itemgetter("id")))
    answers.insert(session)
    remarks.insert(session)
    return [row["id"] for row in remarks.remarks]


def _count_participants(session: Session, survey: Survey, count: int) -> None:
    """Note as many people as there are sheets, with marks that belong to nobody."""
    for start in range(0, count, _BATCH):
        marks = [
            {"engagement_id": survey.id, "mark": secrets.token_hex(32)}
            for _ in range(min(_BATCH, count - start))
        ]
        insert_rows(session, ParticipationMark, marks)
    session.execute(
        sa.update(Engagement)
        .where(Engagement.id == survey.id)
        .values(participants=Engagement.participants + count)
    )
