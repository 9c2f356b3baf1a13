"""What a call asks besides: built by a clerk, answered by citizens, read by whom it was said."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.contributions.operations import withdraw
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.models import CallField, FieldAnswer, FieldKind, Idea
from tests.pages import pressed

FORM = "/beteiligung/digitale-orte/ideen/neu"
LIST = "/beteiligung/digitale-orte/ideen"
BUILDER = "/verwaltung/beteiligungen/digitale-orte/zusatzfelder"
WORDS = {"title": "Bank am Bahnhof", "text": "Im Wartehaus fehlt eine Bank."}
PART = FieldDraft(
    FieldKind.CHOICE, "Welcher Ortsteil?", choices=("Altstadt", "Nord"), is_public=True
)
PHONE = FieldDraft(FieldKind.SHORT, "Rückrufnummer", help="Nur für Fragen.")


@pytest.fixture
def call(site):
    call = site.make.idea_call(
        site.municipality, title="Digitale Orte", guide="Was ist das Problem?\n\nWem hilft es?"
    )
    site.session.commit()
    return call


def asked(site, call, *drafts):
    fields = [add_field(site.session, call=call, draft=draft) for draft in drafts]
    site.session.commit()
    return fields


def hand_in(browser, **fields):
    _address, sent = pressed(browser.get(FORM).text, "Idee absenden", **WORDS)
    return browser.post(FORM, data=sent | fields)


def labels(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(CallField).order_by(CallField.position)).all()
    names = [field.label for field in found]
    site.session.commit()
    return names


def test_guiding_questions_stand_beside_the_text(call, client):
    page = client.get(FORM).text
    assert "<li>Was ist das Problem?</li><li>Wem hilft es?</li>" in page


def test_a_clerk_asks_more_changes_the_order_and_takes_it_away(site, call):
    clerk = site.staff(Role.STRATEGIST)
    for typed in (
        {"label": "Ortsteil", "kind": "choice", "choices": "Altstadt\n\nNord\nNord"},
        {"label": "Alter", "kind": "short"},
    ):
        address, sent = pressed(clerk.get(BUILDER).text, "Feld hinzufügen")
        assert clerk.post(address, data=sent | typed).status_code == 303
    assert labels(site) == ["Ortsteil", "Alter"]
    address, sent = pressed(clerk.get(BUILDER).text, "Nach oben: Alter")
    clerk.post(address, data=sent)
    assert labels(site) == ["Alter", "Ortsteil"]
    address, sent = pressed(clerk.get(BUILDER).text, "Entfernen: Alter")
    clerk.post(address, data=sent)
    assert labels(site) == ["Ortsteil"]
    field = site.session.scalars(sa.select(CallField)).one()
    assert (field.choices, field.is_public, field.is_required) == (
        ["Altstadt", "Nord"],
        False,
        False,
    )
    site.session.commit()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"label": "", "kind": "short"}, "Geben Sie dem Feld eine Bezeichnung."),
        ({"label": "Teil", "kind": "choice", "choices": "nur eine"}, "mindestens zwei"),
        ({"label": "Teil", "kind": "x"}, "Not a valid choice"),
    ],
)
def test_a_field_that_asks_nothing_is_refused_at_its_place(site, call, typed, words):
    clerk = site.staff(Role.STRATEGIST)
    answer = clerk.post(BUILDER, data={"choices": "", "help": ""} | typed)
    assert answer.status_code == 422
    assert words in answer.text or typed["kind"] == "x"
    assert labels(site) == []


def test_it_is_said_beside_each_field_who_reads_the_answer(site, call, client):
    asked(site, call, PART, PHONE)
    page = client.get(FORM).text
    assert "Ihre Antwort steht öffentlich bei der Idee." in page
    assert "Nur für Fragen. Das liest nur die Verwaltung." in page


def test_what_has_to_be_answered_is_named_and_nothing_typed_is_lost(site, call, client):
    must = FieldDraft(FieldKind.SHORT, "Anlass", is_required=True)
    part, _anlass = asked(site, call, PART, must)
    page = hand_in(client, **{part.name: "Nord"})
    assert page.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in page.text
    assert re.search(r'value="Nord"[^>]*checked|checked[^>]*value="Nord"', page.text)
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 0


@pytest.mark.parametrize("typed", ["Mond", "x" * 201])
def test_what_a_field_does_not_offer_is_not_taken(site, call, client, typed):
    part, phone = asked(site, call, PART, PHONE)
    wrong = {part.name: typed} if typed == "Mond" else {phone.name: typed}
    assert hand_in(client, **wrong).status_code == 422
    assert site.session.scalar(sa.select(sa.func.count()).select_from(FieldAnswer)) == 0


def test_answers_are_read_by_those_who_were_named(site, call, client):
    part, phone = asked(site, call, PART, PHONE)
    assert hand_in(client, **{part.name: "Nord", phone.name: "Kanari 0123"}).status_code == 200
    idea = site.session.scalars(sa.select(Idea)).one()
    moderation = site.staff(Role.MODERATOR).get(f"/moderation/{idea.id}").text
    assert "Kanari 0123" in moderation
    assert "Nord" in moderation
    idea.move_to(ContributionStatus.PUBLISHED, at=site.make.at)
    site.session.commit()
    shown = client.get(f"{LIST}/{idea.number}").text
    assert "Nord" in shown
    public = [shown, client.get(LIST).text, client.get(f"{LIST}.csv").text]
    public.append(client.get("/daten/beitraege.json").text)
    assert not any("Kanari" in text or "Rückrufnummer" in text for text in public)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LIST}.csv").data.decode("utf-8-sig"))))
    assert rows[0]["Welcher Ortsteil?"] == "Nord"
    staff = site.staff(Role.ANALYST)
    path = "/verwaltung/beteiligungen/digitale-orte/ideen"
    assert "Kanari 0123" in staff.get(path).text
    rows = list(csv.DictReader(io.StringIO(staff.get(path + ".csv").data.decode("utf-8-sig"))))
    assert rows[0]["Rückrufnummer"] == "Kanari 0123"
    assert client.get(path + ".csv").status_code == 303


def test_what_was_promised_beside_a_field_stands_from_the_first_answer_on(site, call, client):
    (phone,) = asked(site, call, PHONE)
    hand_in(client, **{phone.name: "0123"})
    clerk = site.staff(Role.STRATEGIST)
    address = f"{BUILDER}/{phone.id}"
    _address, sent = pressed(clerk.get(address).text, "Speichern")
    refused = clerk.post(address, data=sent | {"is_public": "y"})
    assert refused.status_code == 422
    assert "Wer sie lesen darf, steht deshalb fest." in refused.text
    assert clerk.post(address, data=sent | {"label": "Kanarinummer"}).status_code == 303
    clerk.post(f"{address}/entfernen", data=sent)
    assert "Kanarinummer" not in client.get(FORM).text
    assert "wird nicht mehr gefragt" in clerk.get(BUILDER).text
    site.session.expire_all()
    assert site.session.scalars(sa.select(FieldAnswer.text)).all() == ["0123"]
    site.session.commit()


def test_answers_go_with_a_withdrawn_idea(site, call, client):
    (phone,) = asked(site, call, PHONE)
    hand_in(client, **{phone.name: "0123"})
    idea = site.session.scalars(sa.select(Idea)).one()
    withdraw(site.session, contribution=idea, at=site.make.at)
    site.session.commit()
    assert site.session.scalar(sa.select(sa.func.count()).select_from(FieldAnswer)) == 0
