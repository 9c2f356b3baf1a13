"""Reporting an idea or comment, as people do it without an account and without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.moderation.models import Ground, Report
from tests.conftest import NOON

LIST = "/beteiligung/digitale-orte/ideen"
CANARY = "Kanarienvogel im Hinweis"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    site.session.commit()
    return call


def send(browser, path, **fields):
    page = browser.get(path)
    hidden = dict(
        re.findall(
            r'<input[^>]*name="(submission|opened|csrf_token)"[^>]*value="([^"]*)"', page.text
        )
    )
    return browser.post(path, data=hidden | fields)


def stored(site):
    site.session.expire_all()
    reports = site.session.scalars(sa.select(Report)).all()
    site.session.commit()
    return reports


def test_a_reported_idea_stays_and_only_the_moderation_hears_of_it(site, call, client):
    idea = site.make.idea(call)
    site.session.commit()
    path = f"{LIST}/{idea.number}"
    before = site.visitor().get(path).text
    assert f'href="{path}/melden"' in before
    answer = send(client, path + "/melden", ground="insult", note=CANARY)
    assert (answer.status_code, answer.location) == (303, path)
    assert "Die Moderation sieht sich den Beitrag an" in client.get(path).text
    assert site.visitor().get(path).text == before
    send(client, path + "/melden", ground="advertising")
    (report,) = stored(site)
    assert (report.ground, report.note) == (Ground.INSULT, CANARY)
    queue = site.staff(Role.MODERATOR).get("/moderation/").text
    assert all(words in queue for words in (CANARY, "1 Meldung", "Veröffentlicht lassen"))
    for other in (site.visitor(), site.staff(Role.STRATEGIST)):
        assert CANARY not in other.get(path).text + other.get(LIST).text


def test_the_moderation_keeps_or_hides_and_the_reports_are_gone(site, call, client):
    kept, hidden = site.make.idea(call), site.make.idea(call)
    site.session.commit()
    for idea in (kept, hidden):
        send(client, f"{LIST}/{idea.number}/melden", ground="insult")
    moderator = site.staff(Role.MODERATOR)
    moderator.post(f"/moderation/{kept.id}", data={"action": "publish"})
    moderator.post(f"/moderation/{hidden.id}", data={"action": "hide", "ground": "insult"})
    assert client.get(f"{LIST}/{kept.number}").status_code == 200
    assert client.get(f"{LIST}/{hidden.number}").status_code == 404
    assert "Meldung" not in moderator.get("/moderation/").text
    with clock.standing_at(NOON + timedelta(minutes=1)):
        site.work()
    assert stored(site) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ground": "imported"},
        {"ground": "x"},
        {"ground": "other"},
        {"ground": "insult", "note": "x" * 1001},
        {"ground": "insult", "website": "x"},
    ],
)
def test_a_report_without_a_rule_is_asked_for_it_and_keeps_what_was_typed(
    site, call, client, fields
):
    idea = site.make.idea(call)
    site.session.commit()
    answer = send(client, f"{LIST}/{idea.number}/melden", **fields)
    assert answer.status_code == 422
    assert fields.get("note", "") in answer.text
    assert stored(site) == []


@pytest.mark.parametrize(
    "status",
    [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED],
)
def test_what_is_not_published_cannot_be_reported(site, call, client, status):
    idea = site.make.idea(call, status=status)
    site.session.commit()
    path = f"{LIST}/{idea.number}/melden"
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_a_comment_is_reported_from_its_own_page(site, call, client):
    comment = site.make.comment(None, site.make.idea(call))
    site.session.commit()
    path = f"/beteiligung/digitale-orte/kommentare/{comment.number}"
    assert f'href="{path}/melden"' in client.get(path).text
    assert send(client, path + "/melden", ground="insult").location == path
    assert len(stored(site)) == 1


def test_who_withdraws_takes_the_reports_along(site, call, client):
    submitted = site.make.submitted_idea(call)
    submitted.idea.move_to(ContributionStatus.PUBLISHED, at=NOON)
    site.session.commit()
    send(client, f"{LIST}/{submitted.idea.number}/melden", ground="insult")
    assert len(stored(site)) == 1
    fields = {"code": submitted.code, "confirmed": "1"}
    assert client.post("/beleg/zurueckziehen", data=fields).status_code == 200
    assert stored(site) == []
    assert site.session.scalars(sa.select(Idea.status)).all() == [ContributionStatus.WITHDRAWN]
