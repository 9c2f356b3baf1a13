"""Which sentence changes because of what, as the strategy team says and everybody sees it."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.revisions.models import Change
from participation.revisions.queries import find_change
from participation.revisions.reasons import Reason, places_of
from participation.strategy.queries import get_element
from tests.statements import queries_of

PATH = "/werkstatt/aenderungen/M-01/gruende"
AFTER = "Das Bürgerbüro öffnet an fünf Tagen ohne Termin. Ein Bus fährt ins Dorf."


@pytest.fixture
def loop(site):
    """M-01 changes in two sentences because of E-1 and of the budget."""
    loop = site.make.loop(site.municipality, adopted=False)
    because = (Reason(finding=loop.finding), site.make.stated())
    site.make.amended(loop.revision, "M-01", text=AFTER, because=because)
    site.session.commit()
    return loop


def change(site) -> Change:
    site.session.expire_all()
    return site.session.scalars(sa.select(Change)).one()


def pairs(site) -> tuple[str, str]:
    """The ids of the finding and of the stated reason."""
    finding, stated = change(site).reasons
    return str(finding.id), str(stated.id)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_each_sentence_is_given_its_reasons(site, loop):
    lead = site.staff(Role.ANALYST)
    assert PATH in lead.get("/werkstatt/").text
    page = lead.get(PATH).text
    assert page.count("<fieldset") == 2
    assert page.count(" checked") == 4
    finding, stated = pairs(site)
    answer = lead.post(PATH, data={"assigned": [f"0-{finding}", f"1-{stated}"]})
    assert answer.status_code == 303
    kept = [[place.sentence for place in places_of(one)] for one in change(site).reasons]
    assert kept == [
        ["Das Bürgerbüro öffnet an fünf Tagen ohne Termin."],
        ["Ein Bus fährt ins Dorf."],
    ]
    assert lead.get(PATH).text.count(" checked") == 2


def test_a_sentence_left_without_a_reason_is_refused_and_the_boxes_stay(site, loop):
    finding, stated = pairs(site)
    answer = site.staff(Role.STRATEGIST).post(
        PATH, data={"assigned": [f"0-{finding}", f"0-{stated}"]}
    )
    assert answer.status_code == 422
    assert "Jeder geänderte Satz braucht mindestens einen Grund." in answer.text
    assert answer.text.count(" checked") == 2
    assert not any(one.places for one in change(site).reasons)


@pytest.mark.parametrize("given", [["0-999999"], ["7-1"], ["x"], []])
def test_what_is_no_pair_of_sentence_and_reason_is_refused(given, site, loop):
    answer = site.staff(Role.STRATEGIST).post(PATH, data={"edited_from": "", "assigned": given})
    assert answer.status_code == 422
    assert not any(one.places for one in change(site).reasons)


def test_without_a_proposal_there_is_nothing_to_assign(site, loop):
    lead = site.staff(Role.STRATEGIST)
    assert lead.get("/werkstatt/aenderungen/M-02/gruende").status_code == 303
    assert lead.get("/werkstatt/aenderungen/M-99/gruende").status_code == 404


def test_the_public_pages_put_each_reason_beside_its_sentence(site, loop):
    finding, stated = pairs(site)
    lead = site.staff(Role.STRATEGIST)
    lead.post(PATH, data={"assigned": [f"0-{finding}", f"1-{stated}"]})
    assert "weil Haushalt" in words(lead.get("/werkstatt/entwurf").text)
    site.make.adopt(loop.revision)
    site.session.commit()
    visitor = site.visitor()
    element = words(visitor.get("/strategie/M-01").text)
    assert re.search(
        r"fünf Tagen .*? weil E-1 \[neu: Ein Bus fährt ins Dorf\. \] weil Haushalt", element
    )
    assert "Ein Bus" not in words(visitor.get("/was-daraus-wurde/E-1").text)
    compared = words(visitor.get("/strategie/fassungen/2?vergleich=1").text)
    assert "weil E-1 Haushalt: Haushalt 2027" in compared
    receipt = visitor.post("/beleg", data={"code": loop.code}, follow_redirects=True)
    assert "fünf" in receipt.text
    assert "Ein Bus" not in words(receipt.text)


def test_assigning_takes_few_queries(site, loop):
    assert queries_of(site, site.staff(Role.STRATEGIST), PATH) <= 20


def test_an_analyst_and_a_strategist_assign_and_nobody_else(site, loop, client):
    assert site.staff(Role.MODERATOR).get(PATH).status_code == 403
    assert site.staff(Role.ADMINISTRATOR).get(PATH).status_code == 403
    assert client.get(PATH).status_code == 303
    assert find_change(site.session, loop.revision.id, loop.measure.id) is not None


def test_a_reason_is_kept_although_many_newer_findings_came_after(site, loop):
    make, other = site.make, get_element(site.session, loop.strategy.id, "M-02")
    lead = site.staff(Role.STRATEGIST)
    page = "/werkstatt/aenderungen/M-01"
    assert re.search(r'value="E-1" checked', lead.get(page).text)
    loop.finding.elements = [other]
    for _ in range(101):
        make.finding(loop.strategy, elements=(other,), contributions=(loop.idea,))
    site.session.commit()
    shown = lead.get(page).text
    offered = re.findall(r'name="reasons" value="(E-\d+)"( checked)?', shown)
    assert offered[0] == ("E-1", " checked")
    assert len(offered) == 101
