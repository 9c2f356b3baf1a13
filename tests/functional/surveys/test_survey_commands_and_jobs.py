"""Surveys are counted, shuffled and released by commands and by the worker."""

from __future__ import annotations

import json
from datetime import timedelta

import sqlalchemy as sa

from participation.accounts.models import Role
from participation.engagements.models import Engagement, Pace
from participation.foundation import clock
from participation.insights.commands import release as release_command
from participation.insights.models import Aggregate
from participation.surveys import jobs
from participation.surveys.answers import SurveyResponse
from participation.surveys.commands import shuffle as shuffle_command
from participation.surveys.models import Survey
from tests.counts import count_anew
from tests.pages import text_of


def test_the_command_releases_prints_json_and_says_the_same_again(site, survey):
    site.make.answered(survey, F1={"1": 30, "2": 2})
    site.session.commit()
    runner = site.app.test_cli_runner()
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        first = runner.invoke(release_command, [survey.slug, "--json"])
        second = runner.invoke(
            release_command,
            [survey.slug, "--json", "--municipality", site.municipality.slug],
        )
    assert first.exit_code == 0, first.output
    release = json.loads(first.output)
    assert (release["engagement"], release["release"], release["final"]) == (survey.slug, 1, True)
    table = release["aggregates"][0]["result"]
    assert table["rows"][0] == {"labels": ["online"], "count": 30, "share": 100}
    assert table["n"] == 30
    assert json.loads(second.output) == release
    assert count_anew(site, Aggregate) == 3


def test_the_command_refuses_what_cannot_be_released(site, survey):
    runner = site.app.test_cli_runner()
    site.session.commit()
    for slug in (survey.slug, "gibt-es-nicht"):
        assert runner.invoke(release_command, [slug]).exit_code != 0
    assert count_anew(site, Aggregate) == 0


def test_the_shuffle_command_says_how_many_surveys_it_took(site, survey):
    site.make.answered(survey, F1={"1": 3})
    site.session.commit()
    result = site.app.test_cli_runner().invoke(shuffle_command)
    assert result.exit_code == 0, result.output
    assert result.output == "Shuffled 1 survey.\n"
    assert count_anew(site, SurveyResponse) == 3


def test_the_worker_counts_shuffles_and_releases_by_itself(site, survey):
    site.make.answered(survey, F1={"1": 30})
    site.session.commit()
    site.work()
    assert "Rund 30" in text_of(
        site.staff(Role.STRATEGIST)
        .get(f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand")
        .text
    )
    with clock.standing_at(survey.closes_at + timedelta(minutes=20)):
        site.work()
    assert count_anew(site, Aggregate) == 3
    kinds = set(site.session.scalars(sa.text("SELECT kind FROM job WHERE state = 'done'")))
    assert {jobs.SHUFFLE_JOB, jobs.TOTALS_JOB, "release_results", "announce_results"} <= kinds


def test_subscribers_hear_of_the_results_once(site, survey):
    from participation.engagements import operations as engagements  # noqa: PLC0415
    from participation.notifications.models import OutboxMessage  # noqa: PLC0415

    subscription = engagements.subscribe(
        site.session, engagement=survey, address="Nina@example.org", at=clock.now()
    )
    engagements.confirm_subscription(
        site.session, subscription=subscription, at=clock.now(), pace=Pace.AT_ONCE
    )
    site.make.answered(survey, F1={"1": 30})
    site.session.commit()
    with clock.standing_at(survey.closes_at + timedelta(minutes=20)):
        site.work()
        site.work()
    mails = site.session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.template == "insights/results")
    ).all()
    assert [mail.address for mail in mails] == ["nina@example.org"]
    assert mails[0].sent_at is not None


def test_surveys_of_other_towns_are_not_found(site, survey):
    other = site.make.municipality("birkenau", "Birkenau")
    elsewhere = site.make.survey(other, title="Andere Umfrage")
    site.session.commit()
    town, stranger = site.municipality.slug, elsewhere.slug
    assert site.visitor().get(f"/{town}/beteiligung/{stranger}/teilnehmen").status_code == 404
    assert site.visitor().get(f"/birkenau/beteiligung/{stranger}/teilnehmen").status_code == 200
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Engagement)) == 2
    assert isinstance(elsewhere, Survey)
