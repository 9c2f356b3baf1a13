"""Take in a questionnaire of LimeSurvey: as a draft that a clerk checks before it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.engagements.plans import LONGEST_TITLE, EngagementPlan
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.foundation.errors import NotFound, Refused
from participation.journal.operations import record
from participation.maintenance.lss_survey import LssSurvey
from participation.surveys.foreign import open_foreign
from participation.surveys.models import FIRST_LANGUAGE, Survey

# Long enough to check everything; a clerk sets the days that are meant.
_OPENS_IN = timedelta(days=14)
_OPEN_FOR = timedelta(days=28)
_OPENING_TIME, _CLOSING_TIME = time(8), time(23, 59)


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
) -> Survey:
    """Draft a survey that asks what a file asks. Raises Refused if it has no title."""
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
    record(
        session,
        at=at,
        action="engagement.imported",
        subject=f"engagement:{survey.id}",
        municipality_id=municipality.id,
        actor_id=actor.id if actor else None,
        facts={"questions": len(foreign.questions), "reported": len(read.reported)},
    )
    return survey


def _at(day: datetime, hour: time) -> datetime:
    """Return an hour of that day as a clock on the wall shows it."""
    return datetime.combine(local_date(day), hour, LOCAL_ZONE).astimezone(UTC)
