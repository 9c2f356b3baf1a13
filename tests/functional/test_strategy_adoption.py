"""From the draft to version 1: the council's resolution, and the round of comments before."""

from __future__ import annotations

import pytest

from participation.accounts.models import Role
from participation.strategy import queries
from participation.strategy.models import (
    VersionStatus,
)
from tests.strategy_pages import BASE, said


@pytest.fixture
def team(site):
    return site.staff(Role.STRATEGIST)


@pytest.fixture
def strategy(site):
    strategy = site.make.strategy(site.municipality)
    site.session.commit()
    return strategy


def test_the_council_resolution_makes_version_1_public(site, team, client, strategy):
    assert client.get("/strategie/fassungen/1").status_code == 404
    future = team.post(
        f"{BASE}/beschluss",
        data={
            "resolution_body": "Rat",
            "resolution_on": "2026-05-08",
            "resolution_number": "2026/118",
        },
    )
    assert future.status_code == 422
    assert "Der Beschluss liegt in der Zukunft." in future.text
    answer = team.post(
        f"{BASE}/beschluss",
        data={
            "resolution_body": "Stadtverordnetenversammlung",
            "resolution_on": "2026-05-06",
            "resolution_number": "2026/118",
        },
    )
    assert answer.status_code == 303
    assert "Beschluss 2026/118" in client.get("/strategie/fassungen/1").text
    after = team.get(BASE).text
    assert "Wortlaut fortschreiben" in after
    assert "neu/ziel" not in after
    for path in (f"{BASE}/L-1", f"{BASE}/neu/ziel", f"{BASE}/beschluss", f"{BASE}/entwurf"):
        assert team.get(path).status_code == 409, path
    changed = team.post(f"{BASE}/L-1", data={"title": "Anders", "text": "Anders"})
    assert changed.status_code == 409
    assert said(site, strategy, "L-1").title == "Leitbild"


def test_nothing_is_published_while_a_duty_text_is_missing(site):
    town = site.make.municipality("seefeld", "Seefeld", complete=False)
    strategy = site.make.strategy(town)
    member = site.signed_in(site.make.member(Role.STRATEGIST, municipality=town))
    site.app.extensions["tenancy"].forget()
    page = member.post(
        f"/seefeld{BASE}/beschluss",
        data={
            "resolution_body": "Rat",
            "resolution_on": "2026-05-06",
            "resolution_number": "1",
        },
    )
    assert page.status_code == 422
    assert "Impressum" in page.text
    frozen = member.post(f"/seefeld{BASE}/stellungnahme", data={}, follow_redirects=True)
    assert "Pflichttexte" in frozen.text
    assert [it.status for it in queries.versions(site.session, strategy.id)] == [
        VersionStatus.DRAFT
    ]


def test_the_draft_is_put_out_for_comment(site, team, client, strategy):
    assert team.post(f"{BASE}/stellungnahme", data={}).status_code == 303
    assert client.get("/strategie/fassungen/1/entwurf/1").status_code == 200
