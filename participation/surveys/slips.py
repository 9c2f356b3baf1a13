"""Enter slips that came on paper, or what somebody told a clerk."""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.models import Channel
from participation.contributions.receipts import receipt_code, remark_hash, response_hash
from participation.engagements.models import EngagementState
from participation.engagements.noting import note_on
from participation.engagements.operations import note_participation
from participation.foundation.clock import local_date
from participation.foundation.errors import Conflict, Refused
from participation.foundation.tokens import keyed_hash
from participation.foundation.upsert import insert_once
from participation.surveys import queries
from participation.surveys.answers import SurveyResponse
from participation.surveys.conditions import asked_of
from participation.surveys.models import FIRST_LANGUAGE, Survey
from participation.surveys.paper import Box, boxes_of
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.rows import AnswerRows, RemarkRows
from participation.surveys.sheets import Fault, FaultKind, InvalidSheet, Sheet, faults_of
from participation.surveys.typed import field_name, names_of, read

CHANNELS = (Channel.PAPER, Channel.ON_BEHALF)
# Nobody can be asked again what they left out on paper.
_BORNE = frozenset({FaultKind.UNANSWERED, FaultKind.OTHER_WITHOUT_WORDS, FaultKind.NOTHING_AT_ALL})
_LONGEST = 20_000


class SameSlip(Refused):
    """A slip that equals the one before it: perhaps it was entered twice."""

    def __init__(self) -> None:
        super().__init__("this slip equals the one before", field="again")


@dataclass(frozen=True)
class WrongKeys:
    """What was typed for a question and stands beside none of its boxes."""

    code: str
    typed: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """What was typed from a slip: as it was typed, as a sheet, and what no box has."""

    typed: Mapping[str, str]
    sheet: Sheet
    wrong: tuple[WrongKeys, ...] = ()


@dataclass(frozen=True)
class Entered:
    """A slip that is stored. `likeness` tells whether the next one equals it.

    `dropped` are the codes of questions that were answered though the slip was not asked them.
    """

    code: str
    likeness: str
    dropped: tuple[str, ...] = ()


def takes_slips(survey: Survey, *, at: datetime) -> bool:
    """Tell whether slips are entered: while it is open, and after its end as long as stated."""
    state = survey.state_at(at)
    if state is EngagementState.OPEN:
        return True
    until = survey.slips_until
    return state is EngagementState.CLOSED and until is not None and at < until


def put_slips_until(
    session: Session, *, survey: Survey, until: datetime, actor: Account | None, at: datetime
) -> None:
    """State until when slips are entered. The final release waits for it.

    Raises Conflict once the results are out.
    """
    if survey.evaluated_at is not None:
        raise Conflict("Das Endergebnis ist schon da. Es kommen keine Papierbögen mehr dazu.")
    survey.slips_until = until
    session.flush()
    note_on(session, "survey.slips", survey, actor=actor, at=at, until=until.isoformat())


def read_slip(questionnaire: Questionnaire, fields: Mapping[str, str]) -> Slip:
    """Read what was typed: keys of boxes become choices, all else is read as from any form."""
    names = [name for question in questionnaire.questions for name in names_of(question)]
    typed = {
        name: fields[name][:_LONGEST].replace("\r\n", "\n")
        for name in names
        if fields.get(name, "").strip()
    }
    wrong: list[WrongKeys] = []
    values: dict[str, tuple[str, ...]] = {name: (text,) for name, text in typed.items()}
    for question in questionnaire.answered:
        name = field_name(question)
        if not question.is_ticked or name not in typed:
            continue
        boxes = boxes_of(question)
        ticked = _ticked(boxes, typed[name])
        if ticked is None:
            wrong.append(WrongKeys(question.code, typed[name], tuple(box.key for box in boxes)))
            del values[name]
        else:
            values[name] = ticked
    return Slip(typed, read(questionnaire, values, FIRST_LANGUAGE), tuple(wrong))


def faults_of_slip(questionnaire: Questionnaire, slip: Slip) -> list[Fault]:
    """Return what keeps a slip from being stored: what was left out on paper is none."""
    faults = [fault for fault in faults_of(questionnaire, slip.sheet) if fault.kind not in _BORNE]
    is_empty = not slip.sheet.answered() & asked_of(questionnaire, slip.sheet)
    return (
        [Fault("", FaultKind.NOTHING_AT_ALL)] if is_empty and not (faults or slip.wrong) else faults
    )


def enter_slip(
    session: Session,
    *,
    survey: Survey,
    questionnaire: Questionnaire,
    sheet: Sheet,
    channel: Channel,
    submission: str,
    key: bytes,
    at: datetime,
    previous: str = "",
    is_another: bool = False,
) -> Entered:
    """Store a slip, counted as a participant. The rules of the audience do not apply to it.

    `previous` is the likeness of the slip before. Raises SameSlip if this one equals it, unless
    `is_another` says that it is another one; Conflict when no slips are taken; InvalidSheet.
    """
    if channel not in CHANNELS:
        raise ValueError(f"{channel} is no way in which a slip comes")
    code = receipt_code(key, submission)
    likeness = likeness_of(key, survey.id, sheet)
    stored = queries.find_response(session, key, code)
    if stored is not None:
        return Entered(code, likeness)
    if not takes_slips(survey, at=at):
        raise Conflict("Für diese Umfrage werden keine Papierbögen (mehr) eingegeben.")
    faults = faults_of_slip(questionnaire, Slip({}, sheet))
    if faults:
        raise InvalidSheet(faults)
    if previous == likeness and not is_another:
        raise SameSlip
    asked = asked_of(questionnaire, sheet)
    response_id = uuid.uuid4()
    is_new = insert_once(
        session,
        SurveyResponse,
        id=response_id,
        survey_id=survey.id,
        version_id=questionnaire.version_id,
        channel=channel,
        day=local_date(at),
        receipt_hash=response_hash(key, code),
    )
    if not is_new:
        return Entered(code, likeness)
    # A mark that belongs to nobody: whoever filled it in is counted and not known.
    note_participation(session, survey, mark=secrets.token_hex(32))
    kept = sheet.only(asked)
    answers = AnswerRows()
    answers.add(questionnaire, kept, response_id)
    answers.insert(session)
    remarks = RemarkRows(survey, channel=channel, day=local_date(at))
    remarks.add(questionnaire, kept, receipt_hash=lambda one: remark_hash(key, code, one))
    remarks.insert(session)
    return Entered(code, likeness, tuple(sorted(sheet.answered() - asked)))


def likeness_of(key: bytes, survey_id: int, sheet: Sheet) -> str:
    """Return a keyed hash by which a slip is held against the next; it tells nothing else."""
    content = json.dumps(
        [
            sorted((code, sorted(ticked)) for code, ticked in sheet.choices.items()),
            sorted(sheet.written().items()),
            sorted((code, sorted(sheet.weighed(code).items())) for code in sheet.amounts),
            sorted((code, str(number)) for code, number in sheet.numbers.items()),
            sorted((code, day.isoformat()) for code, day in sheet.dates.items()),
            sorted((code, place.north, place.east) for code, place in sheet.places.items()),
        ],
        ensure_ascii=False,
    )
    return keyed_hash(key, "slip", str(survey_id), content)


def _ticked(boxes: tuple[Box, ...], typed: str) -> tuple[str, ...] | None:
    """Return the choices that typed keys stand for; None if one stands for none."""
    by_key = {box.key: box.choice.code for box in boxes}
    keys = list(_split(typed, by_key))
    if not keys or any(key not in by_key for key in keys):
        return None
    return tuple(dict.fromkeys(by_key[key] for key in keys))


def _split(typed: str, by_key: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys: between blanks, commas and the like; run together where all are short."""
    for part in re.split(r"[\s,;.+/-]+", typed.strip()):
        if part in by_key or not part.isdigit() or max(map(len, by_key), default=1) > 1:
            if part:
                yield part
        else:
            yield from part
