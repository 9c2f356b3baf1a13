"""From an element to its evidence, and from the evidence to a finding, with few clicks."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.insights.models import Evidence, Finding
from participation.strategy.queries import get_element

PATH = "/werkstatt/nachweise/M-01"


@pytest.fixture
def strategy(site):
    return site.make.adopted_strategy(site.municipality)


@pytest.fixture
def ideas(site, strategy):
    """Thirty ideas about M-01: more than a page."""
    measure = get_element(site.session, strategy.id, "M-01")
    call = site.make.idea_call(site.municipality, elements=(measure,))
    found = site.make.ideas(call, 30, elements=(measure,))
    site.session.commit()
    return found


def boxes(page: str) -> list[str]:
    return re.findall(
        r'type="checkbox" id="beitrag-[^"]*" name="contribution" value="([^"]*)"', page
    )


def ticked(page: str) -> list[str]:
    return re.findall(r'name="contribution" value="([^"]*)" checked', page)


def kept(page: str) -> list[str]:
    return re.findall(r'type="hidden" name="contribution" value="([^"]*)"', page)


def button(page: str, text: str) -> str:
    found = re.search(rf'formaction="([^"]*)"[^>]*>{text}', page)
    assert found, f"there is no button {text}"
    return unescape(found.group(1))


@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR])
def test_the_page_of_an_element_leads_its_team_to_the_evidence(role, site, ideas):
    assert f'href="{PATH}"' in site.staff(role).get("/strategie/M-01").text


def test_nobody_else_is_led_there(site, ideas, client):
    assert PATH not in client.get("/strategie/M-01").text
    assert PATH not in site.staff(Role.MODERATOR).get("/strategie/M-01").text


def test_what_was_ticked_and_typed_stays_when_the_list_goes_on(site, ideas):
    lead = site.staff(Role.STRATEGIST)
    first = lead.get(PATH).text
    chosen = boxes(first)[3]
    given = {
        "weiter": "1",
        "finding": "neu",
        "sentence": "Halb geschrieben",
        "elements": ["M-01", "Z-01"],
        "contribution": [chosen],
    }
    second = lead.post(button(first, "Ältere Beiträge"), data=given)
    assert second.status_code == 200
    assert kept(second.text) == [chosen]
    assert "Halb geschrieben" in second.text
    assert "1 Beitrag von einer anderen Seite ist noch gewählt." in second.text
    assert "kern-error" not in second.text
    also = boxes(second.text)[0]
    given |= {"contribution": [chosen, also]}
    again = lead.post(button(second.text, "Alle 30"), data=given)
    assert ticked(again.text) == [chosen]
    assert kept(again.text) == [also]
    given.pop("weiter")
    assert lead.post(PATH, data=given).status_code == 303
    cited = site.session.scalars(sa.select(Evidence.contribution_id)).all()
    assert {str(one) for one in cited} == {chosen, also}


def test_who_records_nothing_has_links_and_no_buttons(site, ideas):
    page = site.staff(Role.ANALYST).get(PATH).text
    assert "formaction" not in page
    assert re.search(r'href="[^"]*nach=[^"]*"', page)


def test_findings_about_the_element_are_offered_before_others(site, strategy, ideas):
    make, other = site.make, get_element(site.session, strategy.id, "M-02")
    make.finding(strategy, elements=(ideas[0].elements[0],), contributions=ideas[:1])
    for _ in range(40):
        make.finding(strategy, elements=(other,), contributions=ideas[:1])
    site.session.commit()
    page = site.staff(Role.STRATEGIST).get(PATH).text
    offered = re.findall(r'<option[^>]*value="(E-\d+)"', page)
    assert offered[0] == "E-1"
    assert len(offered) == 31
    assert offered[1] == "E-41"
    assert site.session.scalar(sa.select(sa.func.count(Finding.id))) == 41
