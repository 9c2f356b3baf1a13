"""Take in a questionnaire of LimeSurvey: as a draft that a clerk checks before it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.engagements.noting import note_on
from participation.engagements.plans import LONGEST_TITLE, EngagementPlan
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.journal.models import JournalEntry
from participation.maintenance.lss_survey import LssSurvey
from participation.surveys.foreign import open_foreign
from participation.surveys.models import FIRST_LANGUAGE, Survey

# Long enough to check everything; a clerk sets the days that are meant.
_OPENS_IN = timedelta(days=14)
_OPEN_FOR = timedelta(days=28)
_OPENING_TIME, _CLOSING_TIME = time(8), time(23, 59)
_IMPORTED = "engagement.imported"


class ImportedBefore(Conflict):
    """There is a survey already that was made of the same file."""

    def __init__(self, survey: Survey, at: datetime) -> None:
        super().__init__(
            f"this file was imported on {local_date(at)} as “{survey.slug}”; "
            "import it --again to get another draft"
        )
        self.survey, self.at = survey, at


def find_municipality(session: Session, slug: str | None) -> Municipality:
    """Return the municipality that is named, or the only one there is."""
    wanted = sa.select(Municipality).order_by(Municipality.id).limit(2)
    if slug is not None:
        wanted = wanted.where(Municipality.slug == slug)
    found = session.scalars(wanted).all()
    if not found:
        raise NotFound(f"there is no municipality “{slug}”" if slug else "there is no municipality")
    if len(found) > 1:
        raise Refused("there are several municipalities; name the --municipality it is for")
    return found[0]


def import_lss(
    session: Session,
    *,
    municipality: Municipality,
    read: LssSurvey,
    title: str | None,
    actor: Account | None = None,
    at: datetime,
    again: bool = False,
) -> Survey:
    """Draft a survey that asks what a file asks. Raises Refused if it has no title.

    Raises ImportedBefore if there is a survey of the same file already, unless it is meant.
    """
    if not again:
        _check_imported_before(session, municipality, read)
    german, summary = read.title
    title = " ".join((title or german).split())
    if not title:
        raise Refused("the file has no title; name the --title of the new survey")
    if len(title) > LONGEST_TITLE:
        raise Refused(f"the --title is longer than {LONGEST_TITLE} characters")
    foreign = replace(
        read.survey, titles=dict(read.survey.titles) | {FIRST_LANGUAGE: (title, summary)}
    )
    plan = EngagementPlan(
        title=title,
        opens_at=_at(at + _OPENS_IN, _OPENING_TIME),
        closes_at=_at(at + _OPENS_IN + _OPEN_FOR, _CLOSING_TIME),
        summary=summary,
    )
    survey = open_foreign(
        session, municipality=municipality, plan=plan, foreign=foreign, actor=actor, at=at
    )
    note_on(
        session,
        _IMPORTED,
        survey,
        actor=actor,
        at=at,
        questions=len(foreign.questions),
        reported=len(read.reported),
        file=read.content_hash,
    )
    return survey


def _check_imported_before(session: Session, municipality: Municipality, read: LssSurvey) -> None:
    """Look for the last import of the same file whose survey is still there."""
    found = session.execute(
        sa.select(Survey, JournalEntry.at)
        .join(
            JournalEntry,
            JournalEntry.subject == sa.literal("engagement:") + sa.cast(Survey.id, sa.String),
        )
        .where(
            JournalEntry.municipality_id == municipality.id,
            JournalEntry.action == _IMPORTED,
            JournalEntry.facts["file"].as_string() == read.content_hash,
            Survey.municipality_id == municipality.id,
        )
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).first()
    if found is not None:
        raise ImportedBefore(found.Survey, found.at)


def _at(day: datetime, hour: time) -> datetime:
    """Return an hour of that day as a clock on the wall shows it."""
    return datetime.combine(local_date(day), hour, LOCAL_ZONE).astimezone(UTC)
