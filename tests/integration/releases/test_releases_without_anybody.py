"""What has closed is released by the worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.insights import jobs
from participation.insights.queries import released
from participation.intake.policy import takes_entries
from participation.jobs.models import Job
from tests.released import close


def _planned(session: Session) -> list[str]:
    return list(
        session.scalars(sa.select(Job.key).where(Job.kind == jobs.RELEASE_JOB).order_by(Job.key))
    )


def test_what_has_closed_is_released_by_itself_once_no_form_can_come_in(make, session, survey):
    make.answered(survey, F1={"1": 20})
    jobs.plan_releases(session, survey.closes_at + timedelta(minutes=14))
    assert _planned(session) == []
    at = survey.closes_at + timedelta(minutes=15)
    jobs.plan_releases(session, at)
    jobs.plan_releases(session, at)
    assert _planned(session) == [f"release_results:{survey.id}:2026-05-17"]
    jobs.release(session, {"engagement_id": survey.id}, at)
    session.commit()
    assert len(released(session, survey)) == 3
    jobs.release(session, {"engagement_id": survey.id}, at)  # Again, after a crash.
    assert released(session, survey)[0].release == 1
    jobs.plan_releases(session, at + timedelta(days=1))
    assert len(_planned(session)) == 1


@pytest.mark.parametrize("kind", ["idea_call", "comment_round"])
def test_letters_and_tables_from_workshops_have_some_days_after_the_end(make, session, town, kind):
    engagement = getattr(make, kind)(town)
    session.flush()
    ended = engagement.closes_at + timedelta(minutes=15)
    jobs.plan_releases(session, ended + jobs.TIME_TO_ENTER - timedelta(minutes=1))
    assert _planned(session) == []
    assert takes_entries(engagement, at=ended + jobs.TIME_TO_ENTER - timedelta(minutes=1))
    jobs.plan_releases(session, ended + jobs.TIME_TO_ENTER)
    assert _planned(session) == [f"release_results:{engagement.id}:2026-05-20"]


def test_ideas_are_not_released_by_themselves_while_some_wait_for_moderation(make, session, town):
    call = make.idea_call(town)
    waiting = make.idea(call, status=ContributionStatus.PENDING)
    at = close(call, make)
    jobs.release(session, {"engagement_id": call.id}, at)
    assert released(session, call) == []
    waiting.move_to(ContributionStatus.PUBLISHED, at=at)
    session.flush()
    jobs.release(session, {"engagement_id": call.id}, at)
    assert len(released(session, call)) == 1
