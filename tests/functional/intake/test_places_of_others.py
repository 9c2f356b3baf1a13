"""Where an idea of somebody else is, as they said it: in a letter, or on a card of a workshop."""

from __future__ import annotations

import pytest

from participation.accounts.models import Role
from participation.ideas.models import PlaceKind, PlaceRule
from tests.functional.intake.test_entering_ideas import enter, stored
from tests.functional.intake.test_idea_tables import PAGE, ideas, taken_over, upload
from tests.pages import pressed, text_of

TABLE = "Titel;Idee;Ort\nBank;Eine Bank mit Lehne.;Am  Anger 3\nNetz;Überall fehlt das Netz.;\n"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    call.asks_place = PlaceRule.REQUIRED
    site.session.commit()
    return call


@pytest.fixture
def moderator(site, call):
    return site.staff(Role.MODERATOR)


def ask_no_place(site, call):
    call.asks_place = PlaceRule.NONE
    site.session.commit()


def places(found):
    return [(idea.place.kind, idea.place.address) if idea.place else None for idea in found]


def test_a_letter_says_where_or_does_not(site, call, moderator):
    assert enter(moderator, place_address="Am Anger 3").status_code == 200
    assert enter(moderator, title="Netz", text="Überall fehlt das Netz.").status_code == 200
    assert places(stored(site)) == [(PlaceKind.ADDRESS, "Am Anger 3"), None]


def test_a_place_that_is_too_long_is_refused_at_its_field(site, call, moderator):
    page = enter(moderator, place_address="x" * 201)
    assert page.status_code == 422
    assert "Die Adresse darf höchstens 200 Zeichen haben." in page.text
    assert "x" * 201 in page.text
    assert stored(site) == []


def test_a_table_says_where_each_idea_is_and_can_be_taken_back(site, call, moderator):
    page = upload(moderator, TABLE)
    assert "Am Anger 3" in text_of(page.text)
    taken_over(moderator, page)
    assert places(ideas(site)) == [(PlaceKind.ADDRESS, "Am Anger 3"), None]
    site.session.commit()
    button = "Zurücknehmen und 2 Ideen löschen: Werkstatt im Bürgerhaus"
    action, fields = pressed(moderator.get(PAGE).text, button)
    moderator.post(action, data=fields)
    assert ideas(site) == []


def test_a_long_place_of_a_table_is_named_with_its_line(site, call, moderator):
    page = upload(moderator, TABLE.replace("Am  Anger 3", "x" * 201))
    assert page.status_code == 422
    assert "Zeile 2 C (Ort) Hier stehen 201 Zeichen, höchstens 200" in text_of(page.text)


def test_a_call_that_asks_for_no_place_takes_none(site, call, moderator):
    ask_no_place(site, call)
    assert (
        "place_address"
        not in moderator.get("/verwaltung/beteiligungen/digitale-orte/eingeben").text
    )
    page = upload(moderator, TABLE)
    assert "Zeile 1 C (Ort) Diese Spalte kennen wir nicht." in text_of(page.text)
    assert ideas(site) == []
