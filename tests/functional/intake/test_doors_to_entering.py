"""Who may enter something for others finds the way there by clicking; nobody else sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.foundation import clock

ALLOWED = (Role.MODERATOR, Role.STRATEGIST, Role.ADMINISTRATOR)


@pytest.fixture
def engagements(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    comment_round = site.make.comment_round(site.municipality, title="Leitlinie")
    site.session.commit()
    return call, comment_round


def pages(call, comment_round) -> list[str]:
    return [
        f"/beteiligung/{call.slug}",
        f"/beteiligung/{call.slug}/ideen",
        f"/beteiligung/{comment_round.slug}",
        f"/beteiligung/{comment_round.slug}/kommentare",
    ]


def doors(page) -> list[str]:
    found = re.findall(r'href="(/verwaltung/beteiligungen/[^"]+)"', page.text)
    return [door for door in found if "eingeben" in door or door.endswith("/tabelle")]


@pytest.mark.parametrize("role", ALLOWED)
def test_each_page_leads_those_who_may_to_forms_that_open(site, engagements, role):
    browser = site.staff(role)
    for path in [*pages(*engagements), "/ueberblick"]:
        page = browser.get(path)
        found = doors(page)
        assert len(found) == (4 if path == "/ueberblick" else 2), path
        assert {browser.get(door).status_code for door in found} == {200}


@pytest.mark.parametrize("role", ALLOWED)
def test_the_pages_of_a_call_lead_to_its_equal_ideas(site, engagements, role):
    browser, (call, _round) = site.staff(role), engagements
    equal = f"/verwaltung/beteiligungen/{call.slug}/gleiche-ideen"
    for path in (f"/beteiligung/{call.slug}", f"/beteiligung/{call.slug}/ideen"):
        assert f'href="{equal}"' in browser.get(path).text
        assert equal not in site.visitor().get(path).text
    assert browser.get(equal).status_code == 200


def test_nobody_else_sees_a_way_that_would_refuse_them(site, engagements):
    analyst = site.staff(Role.ANALYST)
    assert doors(analyst.get("/ueberblick")) == []
    for path in pages(*engagements):
        for browser in (site.visitor(), analyst):
            assert doors(browser.get(path)) == [], path


def test_once_nothing_is_taken_there_is_no_way(site, engagements):
    for engagement in engagements:
        engagement.opens_at -= timedelta(days=9)
        engagement.closes_at = clock.now() - timedelta(days=1)
        engagement.evaluated_at = clock.now()
    site.session.commit()
    moderator = site.staff(Role.MODERATOR)
    for path in [*pages(*engagements), "/ueberblick"]:
        assert doors(moderator.get(path)) == [], path
