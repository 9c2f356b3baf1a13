"""Slips on paper: stored whole, counted, never twice by accident, and after the end if stated."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from participation.contributions.models import Channel, Contribution
from participation.engagements.models import Audience, ParticipationMark
from participation.foundation.errors import Conflict
from participation.insights.aggregation import aggregate
from participation.journal.models import JournalEntry
from participation.surveys import daily, slips
from participation.surveys.answers import Answer, SurveyResponse
from participation.surveys.queries import questionnaire_of
from participation.surveys.sheets import InvalidSheet
from tests.conftest import NOON
from tests.factories_engagements import KEY

DAY = timedelta(days=1)


@pytest.fixture
def survey(make):
    return make.survey(make.municipality(), audience=Audience.CODE)


def enter(session, survey, sheet, **more):
    values: dict[str, Any] = {
        "channel": Channel.PAPER,
        "submission": uuid.uuid4().hex,
        "at": NOON,
    } | more
    return slips.enter_slip(
        session,
        survey=survey,
        questionnaire=questionnaire_of(session, survey.id),
        sheet=sheet,
        key=KEY,
        **values,
    )


def rows(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.parametrize("channel", slips.CHANNELS)
def test_a_slip_is_stored_with_its_way_and_counted_as_a_person(survey, session, make, channel):
    enter(session, survey, make.sheet(F1="2", texts={"F4": "Mehr Bänke"}), channel=channel)
    session.refresh(survey)
    assert survey.participants == rows(session, ParticipationMark) == 1
    assert session.scalar(sa.select(SurveyResponse.channel)) is channel
    assert rows(session, Answer) == 1
    assert session.scalar(sa.select(Contribution.channel)) is channel


def test_the_rules_of_the_audience_do_not_apply_and_gaps_are_borne(survey, session, make):
    # F1 must be answered on the screen; nobody can be asked again on paper.
    enter(session, survey, make.sheet(F2=["1"]))
    assert rows(session, SurveyResponse) == 1


def test_what_is_wrong_on_a_slip_is_refused_and_nothing_is_stored(survey, session, make):
    for sheet in (make.sheet(), make.sheet(F1=["1", "2"]), make.sheet(F1="9")):
        with pytest.raises(InvalidSheet):
            enter(session, survey, sheet)
    assert rows(session, SurveyResponse) == rows(session, ParticipationMark) == 0


def test_the_same_form_again_stores_nothing_more(survey, session, make):
    first = enter(session, survey, make.sheet(F1="1"), submission="0" * 32)
    again = enter(session, survey, make.sheet(F1="1"), submission="0" * 32, previous=first.likeness)
    assert again == first
    assert rows(session, SurveyResponse) == 1


def test_a_slip_that_equals_the_one_before_is_asked_about(survey, session, make):
    first = enter(session, survey, make.sheet(F1="1"))
    with pytest.raises(slips.SameSlip):
        enter(session, survey, make.sheet(F1="1"), previous=first.likeness)
    other = enter(session, survey, make.sheet(F1="2"), previous=first.likeness)
    # Not the one before: people do give the same answers.
    enter(session, survey, make.sheet(F1="1"), previous=other.likeness)
    enter(session, survey, make.sheet(F1="2"), previous=other.likeness, is_another=True)
    assert rows(session, SurveyResponse) == 4


def test_slips_come_after_the_end_only_as_long_as_was_stated(survey, session, make):
    late = survey.closes_at + DAY
    with pytest.raises(Conflict):
        enter(session, survey, make.sheet(F1="1"), at=late)
    with pytest.raises(Conflict):
        enter(session, survey, make.sheet(F1="1"), at=survey.opens_at - DAY)
    slips.put_slips_until(
        session, survey=survey, until=survey.closes_at + 2 * DAY, actor=None, at=late
    )
    enter(session, survey, make.sheet(F1="1"), at=late)
    with pytest.raises(Conflict):
        enter(session, survey, make.sheet(F1="1"), at=survey.closes_at + 2 * DAY)
    assert "survey.slips" in session.scalars(sa.select(JournalEntry.action)).all()


def test_the_final_release_waits_for_the_slips_and_then_closes_the_door(survey, session, make):
    for _ in range(12):
        enter(session, survey, make.sheet(F1="1"), is_another=True)
    until = survey.closes_at + 2 * DAY
    slips.put_slips_until(session, survey=survey, until=until, actor=None, at=NOON)
    late = survey.closes_at + DAY
    with pytest.raises(Conflict, match="Papierbögen"):
        aggregate(session, engagement=survey, actor=None, at=late, final=True)
    slips.put_slips_until(session, survey=survey, until=late, actor=None, at=late)
    aggregate(session, engagement=survey, actor=None, at=late, final=True)
    assert survey.evaluated_at == late
    with pytest.raises(Conflict):
        slips.put_slips_until(session, survey=survey, until=until, actor=None, at=late)
    with pytest.raises(Conflict):
        enter(session, survey, make.sheet(F1="1"), at=late)


def test_days_and_ways_are_counted_and_few_are_not_shown(survey, session, make):
    for _ in range(7):
        enter(session, survey, make.sheet(F1="1"), is_another=True, at=NOON - DAY / 2)
    for _ in range(4):
        channel = Channel.ON_BEHALF
        enter(session, survey, make.sheet(F1="1"), channel=channel, at=NOON + DAY)
    found = daily.responses_by_day(session, survey.id)
    assert [(one.day.isoformat(), one.shown) for one in found] == [
        ("2026-05-07", 5),
        ("2026-05-08", None),
    ]
    assert list(daily.responses_by_channel(session, survey.id)) == [
        (Channel.PAPER, 5),
        (Channel.ON_BEHALF, None),
    ]
