"""Findings are recorded beside their evidence, corrected and flagged."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.insights.models import Finding
from participation.strategy.queries import get_element
from tests.workshop_pages import field


def test_a_finding_is_recorded_beside_its_evidence(site, town):
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(measure,))
    idea = make.idea(call, elements=(measure,))
    site.session.commit()
    lead = site.staff(Role.STRATEGIST)
    answer = lead.post(
        "/werkstatt/nachweise/M-01",
        data={
            "finding": "neu",
            "sentence": "Wer keinen Termin buchen kann, bleibt außen vor.",
            "elements": ["M-01", "Z-01"],
            "contribution": [str(idea.id)],
        },
    )
    assert answer.status_code == 303
    finding = site.session.scalars(sa.select(Finding)).one()
    assert finding.code == "E-1"
    assert [element.code for element in finding.elements] == ["Z-01", "M-01"]
    assert "E-1" in lead.get("/werkstatt/nachweise/M-01").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sentence": ""}, "in einem Satz"),
        ({"sentence": "x" * 301}, "kürzer"),
        ({"elements": []}, "mindestens ein Element"),
        ({"contribution": []}, "mindestens einen Nachweis"),
        ({"contribution": ["keine Nummer"]}, "mindestens einen Nachweis"),
        ({"elements": ["M-99"]}, "M-99"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(wrong, words, site, town):
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    idea = make.idea(make.idea_call(town, elements=(measure,)), elements=(measure,))
    site.session.commit()
    given = {
        "finding": "neu",
        "sentence": "Ein Satz, der bleibt.",
        "elements": ["M-01"],
        "contribution": [str(idea.id)],
    }
    answer = site.staff(Role.STRATEGIST).post("/werkstatt/nachweise/M-01", data=given | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    if "sentence" not in wrong:
        assert "Ein Satz, der bleibt." in answer.text
    if "contribution" not in wrong:
        assert re.search(rf'value="{idea.id}"[^>]*checked', answer.text)
    assert site.session.scalar(sa.select(sa.func.count(Finding.id))) == 0


def test_further_evidence_goes_to_a_finding_that_is_there(site, loop):
    measure = get_element(site.session, loop.id, "M-01")
    call = site.session.scalars(sa.select(Finding)).one().evidence[0].contribution.engagement
    later = site.make.idea(call, elements=(measure,))
    site.session.commit()
    lead = site.staff(Role.STRATEGIST)
    given = {"finding": "E-1", "contribution": [str(later.id)]}
    assert lead.post("/werkstatt/nachweise/M-01", data=given).status_code == 303
    again = lead.post("/werkstatt/nachweise/M-01", data=given)
    assert again.status_code == 422
    site.session.expire_all()
    assert len(site.session.scalars(sa.select(Finding)).one().evidence) == 2


def test_the_evidence_page_pages_and_filters(site, town):
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    make.ideas(make.idea_call(town, elements=(measure,)), 30, elements=(measure,))
    site.session.commit()
    lead = site.staff(Role.ANALYST)
    first = lead.get("/werkstatt/nachweise/M-01").text
    assert first.count('class="bt-ev"') == 25
    following = re.search(r'href="([^"]*nach=[^"]*)"', first)
    assert following
    second = lead.get(unescape(following.group(1))).text
    assert second.count('class="bt-ev"') == 5
    assert "Idee Nummer" not in lead.get("/werkstatt/nachweise/M-01?art=kommentare").text
    assert lead.get("/werkstatt/nachweise/M-01?nach=unsinn").status_code == 404


def test_a_finding_is_corrected_until_somebody_signs(site, loop):
    lead = site.staff(Role.STRATEGIST)
    finding = site.session.scalars(sa.select(Finding)).one()
    given = {
        "sentence": "Besser gesagt.",
        "elements": ["M-01"],
        "kept": [str(finding.evidence[0].id)],
    }
    path = "/werkstatt/erkenntnisse/E-1/bearbeiten"
    assert lead.post(path, data=given).status_code == 303
    read = field(lead.get("/werkstatt/antworten/1").text, "read")
    lead.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    refused = lead.post(path, data=given | {"sentence": "Noch besser."})
    assert refused.status_code == 422
    assert "Sie bleibt, wie sie ist." in refused.text


def test_a_finding_whose_evidence_is_gone_is_flagged(site, loop):
    finding = site.session.scalars(sa.select(Finding)).one()
    finding.evidence[0].contribution.move_to(ContributionStatus.HIDDEN, at=site.make.at)
    site.session.commit()
    page = site.staff(Role.ANALYST).get("/werkstatt/erkenntnisse/E-1").text
    assert "nicht mehr öffentlich" in page
    assert "Einfach hingehen können" not in page
    assert (
        "fehlt inzwischen ein Nachweis"
        in site.staff(Role.ANALYST).get("/werkstatt/nachweise/").text
    )
