"""Regular work: the nightly shuffle, the one at closing, and fresh totals for staff."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.engagements.models import GRACE
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.surveys import saving, shuffling, totals
from participation.surveys.models import Survey

SHUFFLE_JOB = "shuffle"
TOTALS_JOB = "renew_totals"
SAVED_JOB = "forget_saved_sheets"

_NIGHT = time(3, 0)
# A worker that was away for a while still finds what has closed meanwhile.
_LOOK_BACK = timedelta(days=7)


@registry.handles(SHUFFLE_JOB)
def shuffle(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Break the order in which responses came in."""
    surveys = shuffling.surveys_to_shuffle(session, at=at)
    if not surveys:
        return
    shuffling.rewrite(session, surveys)
    session.commit()
    engine = session.get_bind()
    if isinstance(engine, Engine):
        shuffling.lay_out(engine)


@registry.handles(TOTALS_JOB)
def renew_totals(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Count the surveys that run, where enough sheets came in."""
    for survey in totals.running_surveys(session, at=at):
        totals.renew_totals(session, survey=survey, at=at)
        session.commit()


@registry.handles(SAVED_JOB)
def forget_saved_sheets(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Delete the sheets for which nobody came back in time."""
    saving.forget_expired_sheets(session, at=at)


@registry.plans
def plan_forgetting(session: Session, at: datetime) -> None:
    """Forget once a day."""
    key = f"{SAVED_JOB}:{local_date(at)}"
    enqueue(session, kind=SAVED_JOB, key=key, due_at=at, payload={})


@registry.plans
def plan_shuffles(session: Session, at: datetime) -> None:
    """Shuffle every night at three, and when the last form of a survey can have come in."""
    day = local_date(at)
    night = datetime.combine(day, _NIGHT, tzinfo=LOCAL_ZONE)
    enqueue(session, kind=SHUFFLE_JOB, key=f"{SHUFFLE_JOB}:{day}", due_at=night, payload={})
    closed = session.execute(
        sa.select(Survey.id, Survey.closes_at).where(
            Survey.published_at.is_not(None),
            Survey.closes_at <= at - GRACE,
            Survey.closes_at > at - GRACE - _LOOK_BACK,
        )
    )
    for survey_id, closes_at in closed:
        enqueue(
            session,
            kind=SHUFFLE_JOB,
            key=f"{SHUFFLE_JOB}:{survey_id}:{closes_at:%Y%m%d%H%M}",
            due_at=at,
            payload={},
        )


@registry.plans
def plan_totals(session: Session, at: datetime) -> None:
    """Renew the totals once an hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    enqueue(
        session,
        kind=TOTALS_JOB,
        key=f"{TOTALS_JOB}:{hour:%Y%m%d%H}",
        due_at=hour,
        payload={},
    )
