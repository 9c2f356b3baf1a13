"""Import a survey that was held elsewhere, with its responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel, ContributionStatus
from participation.engagements.models import EngagementState
from participation.foundation.clock import local_date
from participation.foundation.errors import Conflict
from participation.maintenance.survey_folder import SurveyFolder
from participation.moderation.operations import note_import
from participation.surveys.answers import SurveyRemark
from participation.surveys.importing import record_imported
from participation.surveys.models import Survey
from participation.surveys.operations import take_in
from participation.surveys.sheets import Sheet

_AT_ONCE = 500


@dataclass(frozen=True)
class ImportedSurvey:
    """How much of a survey was stored."""

    questions: int
    responses: int


def import_survey(
    session: Session,
    *,
    survey: Survey,
    folder: SurveyFolder,
    status: ContributionStatus,
    at: datetime,
    progress: Callable[[int], None] = lambda _number: None,
) -> ImportedSurvey:
    """Store the questions of a folder in a survey and the responses to them.

    What was written rather than ticked gets the status. Raises Conflict for a survey that
    people can answer now, or that somebody has answered. `progress` is told how many
    responses were read since it was last told.
    """
    if survey.state_at(at) is EngagementState.OPEN:
        raise Conflict(f"the survey “{survey.slug}” is open; its questions stay as they are")
    record_imported(session, survey=survey, questions=folder.questions, at=at)
    taken = take_in(
        session,
        survey=survey,
        sheets=_told(folder.sheets(), progress),
        channel=Channel.IMPORTED,
        day=local_date(at),
        status=status,
    )
    _note_remarks(session, survey, taken.remarks, at)
    return ImportedSurvey(questions=len(folder.questions), responses=taken.responses)


def _told(sheets: Iterator[Sheet], progress: Callable[[int], None]) -> Iterator[Sheet]:
    while batch := list(islice(sheets, _AT_ONCE)):
        yield from batch
        progress(len(batch))


def _note_remarks(session: Session, survey: Survey, ids: Sequence[UUID], at: datetime) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        remarks = session.scalars(
            sa.select(SurveyRemark).where(SurveyRemark.id.in_(ids[start : start + _AT_ONCE]))
        ).all()
        note_import(
            session,
            contributions=remarks,
            municipality_id=survey.municipality_id,
            actor=None,
            at=at,
        )
