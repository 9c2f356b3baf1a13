"""The draft of the next version is written, signed, put out and adopted."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.insights.models import Finding
from participation.revisions.models import Change, OfficialAnswer
from participation.revisions.queries import open_revision_of
from participation.strategy.queries import adopted_version, get_element
from tests.presence import there
from tests.workshop_pages import field


def test_from_the_draft_to_the_adopted_version(site, loop, town):
    lead = site.staff(Role.STRATEGIST)
    second = site.staff(Role.MODERATOR)
    assert "Die Änderung nennt keinen Grund." in lead.get("/werkstatt/").text
    page = lead.get("/werkstatt/antworten/1").text
    read = field(page, "read")
    signed = lead.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    assert signed.status_code == 303
    assert site.work() >= 1
    signed = second.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    assert signed.status_code == 303
    site.session.expire_all()
    assert site.session.scalars(sa.select(OfficialAnswer)).one().published_at is not None

    page = lead.get("/werkstatt/aenderungen/M-01").text
    changed = lead.post(
        "/werkstatt/aenderungen/M-01",
        data={
            "edited_from": field(page, "edited_from"),
            "title": "Bürgerservice ohne Termin",
            "text": "Das Bürgerbüro öffnet an vier Tagen ohne Termin.",
            "goals": ["Z-01"],
            "field": "HF-1",
            "starts": "2026-2",
            "ends": "2027-4",
            "reasons": ["E-1"],
            "stated": "budget",
            "stated_text": "Haushalt 2027",
        },
    )
    assert changed.status_code == 303
    site.session.expire_all()
    change = site.session.scalars(sa.select(Change)).one()
    assert [one.name for one in change.fields] == ["text"]
    assert len(change.reasons) == 2
    assert "Nichts. Der Entwurf ist bereit." in lead.get("/werkstatt/").text

    adopted = lead.post(
        "/werkstatt/beschluss",
        data={
            "resolution_body": "Stadtverordnetenversammlung",
            "resolution_on": "2026-05-06",
            "resolution_number": "2026/118",
        },
    )
    assert adopted.status_code == 303
    site.session.expire_all()
    assert there(adopted_version(site.session, loop.id)).number == 2
    page = site.visitor().get("/was-daraus-wurde/E-1").text
    assert "in Fassung 2" in page
    assert re.search(r"<ins>.*vier.*</ins>", page)


def test_an_adoption_with_something_missing_is_refused_on_the_page(site, loop):
    lead = site.staff(Role.STRATEGIST)
    answer = lead.post(
        "/werkstatt/beschluss",
        data={
            "resolution_body": "Rat",
            "resolution_on": "2026-05-06",
            "resolution_number": "1",
        },
    )
    assert "Das geht noch nicht" in answer.text
    site.session.expire_all()
    assert there(adopted_version(site.session, loop.id)).number == 1


def test_who_signed_as_lead_is_refused_as_second_person(site, loop, town):
    account = site.make.member(Role.STRATEGIST, Role.ADMINISTRATOR, municipality=town)
    both = site.signed_in(account)
    read = field(both.get("/werkstatt/antworten/1").text, "read")
    both.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    page = both.get("/werkstatt/antworten/1").text
    assert "Sie haben schon unterschrieben." in page
    both.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    site.session.expire_all()
    assert site.session.scalars(sa.select(OfficialAnswer)).one().published_at is None


def test_an_answer_that_changed_after_it_was_read_is_not_signed(site, loop):
    lead = site.staff(Role.STRATEGIST)
    page = lead.get("/werkstatt/antworten/1").text
    read = str(int(field(page, "read")) - 1)
    answer = lead.post(
        "/werkstatt/antworten/1/unterschreiben", data={"read": read}, follow_redirects=True
    )
    assert "Bitte lesen Sie sie neu" in answer.text
    site.session.expire_all()
    assert site.session.scalars(sa.select(OfficialAnswer)).one().signed_at is None


def test_a_new_measure_is_proposed_retired_and_dropped(site, loop):
    analyst = site.staff(Role.ANALYST)
    added = analyst.post(
        "/werkstatt/aenderungen/neu/massnahme",
        data={
            "title": "Hilfe am Gerät",
            "goals": ["Z-01"],
            "field": "",
            "starts": "",
            "ends": "",
            "priority": "",
            "stated": "",
        },
    )
    assert added.status_code == 303, re.findall(r"kern-error.*?</p>", added.text)
    assert "M-03" in analyst.get("/werkstatt/?element=M-03").text
    retired = analyst.post(
        "/werkstatt/aenderungen/M-02/streichen", data={"stated": "law", "stated_text": "OZG"}
    )
    assert retired.status_code == 303
    page = analyst.get("/werkstatt/?element=M-02").text
    assert "Dieses Element soll entfallen." in page or "gestrichen" in page
    assert analyst.post("/werkstatt/aenderungen/M-02/verwerfen").status_code == 303
    site.session.expire_all()
    codes = {one.element.code for one in there(open_revision_of(site.session, loop.id)).changes}
    assert codes == {"M-01", "M-03"}


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/werkstatt/antworten/neu", {}, "mindestens eine Erkenntnis"),
        ("/werkstatt/aenderungen/M-01", {"title": ""}, "Titel"),
        (
            "/werkstatt/aenderungen/M-01",
            {"title": "Neu", "stated": "law", "stated_text": ""},
            "schreiben Sie den Grund",
        ),
    ],
)
def test_forms_say_what_is_missing(path, data, words, site, loop):
    other = site.make.finding(
        loop,
        elements=(get_element(site.session, loop.id, "M-01"),),
        contributions=[site.session.scalars(sa.select(Finding)).one().evidence[0].contribution],
    )
    site.session.commit()
    assert other.code == "E-2"
    answer = site.staff(Role.STRATEGIST).post(path, data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_draft_is_put_out_for_a_comment_round(site, loop):
    answer = site.staff(Role.STRATEGIST).post("/werkstatt/stellungnahme")
    assert answer.status_code == 303
    assert "/beteiligung/neu/kommentarrunde?fassung=" in answer.headers["Location"]
    page = site.staff(Role.STRATEGIST).get(answer.headers["Location"]).text
    assert re.findall(r'name="elements" value="([^"]*)" checked', page) == ["M-01"]


def test_a_revision_is_abandoned_once_that_is_confirmed(site, loop):
    lead = site.staff(Role.STRATEGIST)
    path = "/werkstatt/fortschreibung/verwerfen"
    assert path in lead.get("/werkstatt/").text
    assert "gilt weiter" in lead.get(path).text
    assert open_revision_of(site.session, loop.id) is not None
    answer = lead.post(path, data={"reason": "Es fehlt das Geld."}, follow_redirects=True)
    assert "Die Fortschreibung ist verworfen." in answer.text
    assert "Fortschreibung eröffnen" in answer.text
    assert lead.get(path).status_code == 404
