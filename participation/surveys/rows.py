"""The rows that sheets become: ticks, numbers, days, squares of the map, and remarks.

Rows of one kind are written at once, in the order of their random keys.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionElement,
    ContributionKind,
    ContributionStatus,
    Receipt,
)
from participation.engagements.models import ModerationMode
from participation.foundation.clock import LOCAL_ZONE
from participation.foundation.orm import Base
from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    PlaceAnswer,
    SurveyRemark,
)
from participation.surveys.models import Survey
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.sheets import Sheet

Row = dict[str, Any]


class AnswerRows:
    """The rows of what was ticked, ranked, counted, dated and pointed at."""

    def __init__(self) -> None:
        self.ticks: list[Row] = []
        self.numbers: list[Row] = []
        self.dates: list[Row] = []
        self.places: list[Row] = []

    def add(self, questionnaire: Questionnaire, sheet: Sheet, response_id: uuid.UUID) -> None:
        """Add the answers of one sheet, in the order of the form and not of the ticking."""
        for question in questionnaire.answered:
            code = question.code
            key = {"response_id": response_id, "question_id": question.id}
            self.ticks.extend(key | tick for tick in _ticks(question, sheet))
            if code in sheet.numbers:
                self.numbers.append(key | {"value": sheet.numbers[code]})
            if code in sheet.dates:
                self.dates.append(key | {"value": sheet.dates[code]})
            if code in sheet.places:
                place = sheet.places[code]
                self.places.append(key | {"north": place.north, "east": place.east})

    def insert(self, session: Session) -> None:
        """Write all rows."""
        for model, rows in (
            (Answer, self.ticks),
            (NumberAnswer, self.numbers),
            (DateAnswer, self.dates),
            (PlaceAnswer, self.places),
        ):
            insert_rows(session, model, sorted(rows, key=itemgetter("response_id")))


def _ticks(question: AskedQuestion, sheet: Sheet) -> Iterator[Row]:
    ticked = sheet.choices.get(question.code, ())
    amounts = sheet.weighed(question.code)
    for choice in question.choices:
        if choice.code in amounts:
            yield {"choice_id": choice.id, "amount": amounts[choice.code]}
        elif choice.code in ticked:
            yield {"choice_id": choice.id, "amount": None}


class RemarkRows:
    """The rows of what was written: contributions with receipts and elements.

    Written are answers in words, addresses, and what somebody means by “other”.
    """

    def __init__(
        self,
        survey: Survey,
        *,
        channel: Channel,
        day: date,
        status: ContributionStatus | None = None,
    ) -> None:
        self.survey = survey
        # Not finer than the day: equal times would join the remarks to their response.
        self.moment = datetime.combine(day, time.min, tzinfo=LOCAL_ZONE)
        self.channel = channel
        self.status = status or (
            ContributionStatus.PUBLISHED
            if survey.moderation_mode is ModerationMode.AFTER
            else ContributionStatus.PENDING
        )
        self.contributions: list[Row] = []
        self.remarks: list[Row] = []
        self.receipts: list[Row] = []
        self.elements: list[Row] = []

    def add(
        self,
        questionnaire: Questionnaire,
        sheet: Sheet,
        receipt_hash: Callable[[str], str] | None = None,
    ) -> None:
        """Add what was written on one sheet."""
        written = sheet.written()
        # A remark is about what its question is about, as the table of a question is.
        everything: tuple[int, ...] = ()
        if written and not questionnaire.names_elements:
            everything = tuple(element.id for element in self.survey.elements)
        for code, text in written.items():
            question = questionnaire.find(code)
            if question is not None:
                remark_id = self._add_remark(question, text, sheet.language, everything)
                if receipt_hash is not None:
                    self.receipts.append(
                        {"code_hash": receipt_hash(code), "contribution_id": remark_id}
                    )

    def insert(self, session: Session) -> None:
        """Write all rows."""
        for model, key, rows in (
            (Contribution, "id", self.contributions),
            (SurveyRemark, "id", self.remarks),
            (Receipt, "code_hash", self.receipts),
            (ContributionElement, "contribution_id", self.elements),
        ):
            insert_rows(session, model, sorted(rows, key=itemgetter(key)))

    def _add_remark(
        self, question: AskedQuestion, text: str, language: str, everything: tuple[int, ...]
    ) -> uuid.UUID:
        remark_id = uuid.uuid4()
        is_published = self.status is ContributionStatus.PUBLISHED
        self.contributions.append(
            {
                "id": remark_id,
                "engagement_id": self.survey.id,
                "kind": ContributionKind.SURVEY_REMARK,
                "status": self.status,
                "channel": self.channel,
                "text": text,
                "language": language,
                "received_at": self.moment,
                "published_at": self.moment if is_published else None,
                "source": "",
                "source_url": "",
                "source_id": "",
            }
        )
        self.remarks.append({"id": remark_id, "question_id": question.id})
        about = tuple(element_id for _, element_id in question.elements) or everything
        self.elements.extend(
            {"contribution_id": remark_id, "element_id": element_id} for element_id in about
        )
        return remark_id


def insert_rows(session: Session, model: type[Base], rows: list[Row]) -> None:
    """Write rows of a table in one statement; nothing where there is none."""
    if rows:
        session.execute(sa.insert(model.__table__), rows)  # type: ignore[arg-type]
