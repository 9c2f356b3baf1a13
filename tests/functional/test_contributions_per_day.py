"""Staff see on which days ideas and comments came, in exact numbers and in one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.daily import contributions_by_day
from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionKind,
    ContributionStatus,
)
from tests.conftest import NOON
from tests.pages import text_of
from tests.site import Site
from tests.statements import queries_of


def test_days_are_those_of_the_town_and_nothing_is_lost_before_them(session, make):
    town = make.municipality()
    call = make.idea_call(town)
    # Summer: in Berlin the seventh of May begins at ten in the evening of the sixth, in UTC.
    for moment in (
        datetime(2026, 5, 6, 21, 59, tzinfo=UTC),
        datetime(2026, 5, 6, 22, 0, tzinfo=UTC),
        datetime(2026, 5, 7, 9, 0, tzinfo=UTC),
        datetime(2025, 3, 1, 9, 0, tzinfo=UTC),
    ):
        make.idea(call).received_at = moment
    make.idea(call, status=ContributionStatus.PENDING).channel = Channel.PAPER
    make.idea(call, status=ContributionStatus.WITHDRAWN)
    make.idea(make.idea_call(town))
    session.flush()
    found = contributions_by_day(session, call, at=NOON)
    assert list(found) == [ContributionKind.IDEA]
    daily = found[ContributionKind.IDEA]
    assert [(f"{day:%d.%m.}", number) for day, number in daily.by_day.items()] == [
        ("06.05.", 1),
        ("07.05.", 3),
    ]
    assert daily.earlier == 1
    assert daily.by_channel == {Channel.ONLINE: 4, Channel.PAPER: 1}


def test_what_came_after_the_end_is_counted_on_the_last_day(session, make):
    call = make.idea_call(make.municipality())
    make.idea(call)
    call.opens_at, call.closes_at = NOON - timedelta(days=9), NOON - timedelta(days=3)
    session.flush()
    daily = contributions_by_day(session, call, at=NOON)[ContributionKind.IDEA]
    assert [(day.day, number) for day, number in daily.by_day.items()] == [(4, 1)]


@pytest.fixture
def call_and_round(site: Site):
    call = site.make.idea_call(site.municipality, title="Ideen")
    talk = site.make.comment_round(site.municipality, title="Entwurf")
    for _ in range(3):
        idea = site.make.idea(call)
        site.make.comment(None, idea)
        site.make.comment(talk)
    site.session.commit()
    return call, talk


def test_a_page_shows_them_with_a_chart_and_its_table(site, call_and_round):
    analyst = site.staff(Role.ANALYST)
    assert (
        "/verwaltung/beteiligungen/ideen/eingang" in analyst.get("/verwaltung/beteiligungen").text
    )
    page = analyst.get("/verwaltung/beteiligungen/ideen/eingang")
    said = text_of(page.text)
    assert page.text.count("<table>") == 2
    assert "Ideen, die an einem Tag kamen 7. Mai 2026 3" in said
    assert "Kommentare, die an einem Tag kamen 7. Mai 2026 3" in said
    said = text_of(analyst.get("/verwaltung/beteiligungen/entwurf/eingang").text)
    assert "Kommentare, die an einem Tag kamen 7. Mai 2026 3" in said
    assert "Ideen, die" not in said


def test_only_who_may_see_it_does_and_no_survey_is_counted_there(site, call_and_round):
    survey = site.make.survey(site.municipality, title="Umfrage")
    site.make.response(survey, site.make.sheet({"F4": "Mehr"}, F1="1"))
    site.make.idea_call(site.municipality, title="Nichts")
    site.session.commit()
    address = "/verwaltung/beteiligungen/{}/eingang"
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 10
    analyst = site.staff(Role.ANALYST)
    assert analyst.get(address.format("umfrage")).status_code == 404
    assert "Noch keine Beiträge" in analyst.get(address.format("nichts")).text
    assert site.staff(Role.MODERATOR).get(address.format("ideen")).status_code == 403
    assert site.visitor().get(address.format("ideen")).status_code == 303


def test_the_page_reads_no_more_for_more_of_them(site, call_and_round):
    analyst = site.staff(Role.ANALYST)
    address = "/verwaltung/beteiligungen/ideen/eingang"
    few = queries_of(site, analyst, address)
    for days in range(20):
        site.make.idea(call_and_round[0]).received_at = NOON - timedelta(days=days)
    site.session.commit()
    assert queries_of(site, analyst, address) == few <= 10
