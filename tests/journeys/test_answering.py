"""A survey of every kind is answered without a script, by keyboard alone, in two sittings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from participation.surveys.answers import Answer, NumberAnswer, SavedSheet, SurveyResponse
from tests.journeys.conftest import Served
from tests.servers.axe import axe

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


class Survey:
    """A survey of every kind in a town that runs, and what was stored of it."""

    def __init__(self, town: Served) -> None:
        self._town = town
        with town.arranging() as (make, municipality):
            survey = make.survey(municipality, title="Wege", questions=make.every_kind())
            make.session.flush()
            self._id = survey.id
            self.address = f"{town.address}/beteiligung/{survey.slug}/teilnehmen"

    def responses(self) -> int:
        return self._town.count(SurveyResponse.survey_id == self._id, of=SurveyResponse)

    def answers(self, model: type[Answer] | type[NumberAnswer]) -> int:
        mine = sa.select(SurveyResponse.id).where(SurveyResponse.survey_id == self._id)
        return self._town.count(model.response_id.in_(mine), of=model)

    def saved(self) -> int:
        return self._town.count(SavedSheet.survey_id == self._id, of=SavedSheet)


def test_a_survey_of_every_kind_is_answered(
    lindenow: Served, phone_without_javascript: Page, open_page: Callable[..., Page]
):
    survey = Survey(lindenow)
    on_a_phone_step_by_step_without_a_script(survey, phone_without_javascript)
    by_keyboard_alone(survey, open_page())
    in_two_sittings(survey, open_page(), open_page(viewport={"width": 375, "height": 812}))
    assert survey.responses() == 3
    assert survey.saved() == 0


def on_a_phone_step_by_step_without_a_script(survey: Survey, page: Page) -> None:
    page.goto(survey.address)
    expect(
        page.get_by_text("Nur wenn Sie bei Frage 1 „mit dem Rad“ gewählt haben.")
    ).to_be_visible()
    page.get_by_label("mit dem Rad", exact=True).check()
    page.get_by_label("am Bahnhof").check()
    page.get_by_label("Termine").check()
    page.get_by_label("Und zwar (etwas anderes):").fill("ein Fest")
    forward(page, "Schritt 2 von 4")

    forward(page, "Schritt 2 von 4")
    expect(page.get_by_role("alert")).to_contain_text("Bitte beantworten Sie diese Frage.")
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_role("radio", name="2", exact=True).check()
    row = page.get_by_role("radiogroup", name="Telefon")
    row.get_by_role("radio", name="oft").check()
    page.get_by_label("Was macht es schwer?").fill("Der Weg ist weit.")
    forward(page, "Schritt 3 von 4")

    page.get_by_label("Platz für „Bäume“").select_option("1")
    page.get_by_label("Platz für „Busse“").select_option("1")
    page.get_by_label("Schulen").fill("60")
    page.get_by_label("Wie viele Kilometer").fill("12,5")
    forward(page, "Schritt 3 von 4")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Platz 1 zweimal")
    expect(alert).to_contain_text("40 Punkte sind noch übrig")
    expect(page.get_by_label("Wie viele Kilometer")).to_have_value("12,5")
    page.get_by_label("Platz für „Busse“").select_option("2")
    page.get_by_label("Parks").fill("40")
    looks_right(page)
    forward(page, "Schritt 4 von 4")

    # Back and forth, with our button and with the browser's.
    page.get_by_role("button", name="Zurück").click()
    expect(page.get_by_label("Schulen")).to_have_value("60")
    forward(page, "Schritt 4 von 4")
    page.get_by_label("Wann waren Sie").fill("2026-03-04")
    page.get_by_label("Wo fehlt eine Bank?").fill("Am Anger")
    page.get_by_label("Ihr Wunsch").fill("Mut")
    page.get_by_role("button", name="Antworten prüfen").click()
    # A browser that is still on its way cannot be sent back.
    expect(page.get_by_role("heading", name="Ihre Antworten im Überblick")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Ihr Wunsch")).to_have_value("Mut")
    expect(page.get_by_label("Wann waren Sie")).to_have_value("2026-03-04")
    page.get_by_role("button", name="Antworten prüfen").click()

    expect(page.get_by_role("heading", name="Ihre Antworten im Überblick")).to_be_visible()
    for words in ("ein Fest", "Der Weg ist weit.", "1. Bäume", "Parks: 40 Punkte", "12,5 km"):
        expect(page.get_by_text(words).first).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name=re.compile("Ändern Frage 12")).click()
    page.get_by_label("Ihr Wunsch").fill("Geduld")
    page.get_by_role("button", name="Antworten prüfen").click()
    expect(page.get_by_text("Geduld")).to_be_visible()
    assert survey.responses() == 0
    page.get_by_role("button", name="Antworten absenden").click()
    received(page)
    assert survey.answers(NumberAnswer) == 1
    assert survey.answers(Answer) == 10


def by_keyboard_alone(survey: Survey, page: Page) -> None:
    page.goto(survey.address)
    to_field(page, "frage_F1-0")
    page.keyboard.press("Space")
    expect(page.get_by_text("Wo stellen Sie Ihr Rad ab?")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Wo stellen Sie Ihr Rad ab?")).to_be_visible()
    to_field(page, "frage_F3-1")
    page.keyboard.press("Space")
    to_button(page, "Weiter")
    expect(page.get_by_text("Schritt 2 von 4")).to_be_visible()

    to_field(page, "frage_F4-0")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Was macht es schwer?")).to_be_hidden()
    to_field(page, "frage_F5_1-0")
    page.keyboard.press("Space")
    to_button(page, "Weiter")
    expect(page.get_by_text("Schritt 3 von 4")).to_be_visible()

    to_button(page, "Bänke: nach oben")
    to_button(page, "Busse: nach oben")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Platz für „Busse“")).to_have_value("1")
    expect(page.get_by_label("Platz für „Bänke“")).to_have_value("2")
    expect(page.locator("[data-rank-status]")).to_have_text("Busse: Platz 1")
    to_field(page, "frage_F8-0")
    page.keyboard.type("70")
    expect(page.locator("[data-sum-text]")).to_have_text("Noch 30 von 100 Punkten zu verteilen")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    expect(page.locator("[data-sum-text]")).to_have_text("Alle 100 Punkte sind verteilt.")
    to_field(page, "frage_F9")
    page.keyboard.type("3")
    # Enter in a field means the main button.
    page.keyboard.press("Enter")
    expect(page.get_by_text("Schritt 4 von 4")).to_be_visible()

    # The browser's own way back is a step back, and what was typed is still there.
    page.keyboard.press("Tab")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.post_data or ''}"))
    page.go_back()
    expect(page.get_by_text("Schritt 3 von 4")).to_be_visible()
    expect(page.get_by_label("Wie viele Kilometer")).to_have_value("3")
    assert any(line.startswith("POST") and "zurueck" in line for line in sent), sent
    to_button(page, "Weiter")
    expect(page.get_by_text("Schritt 4 von 4")).to_be_visible()
    to_field(page, "frage_F10")
    page.keyboard.type("03032026")
    to_field(page, "frage_F13")
    page.keyboard.type("Danke!")
    to_button(page, "Antworten prüfen")
    for words in ("1. Busse", "2. Bänke", "Schulen: 70 Punkte", "3 km", "3. März 2026", "Danke!"):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    looks_right(page)
    to_button(page, "Antworten absenden")
    received(page)


def in_two_sittings(survey: Survey, first: Page, second: Page) -> None:
    first.goto(survey.address)
    first.get_by_label("zu Fuß").check()
    forward(first, "Schritt 2 von 4")
    first.get_by_role("radio", name="4", exact=True).check()
    first.get_by_role("button", name="Später weitermachen").click()
    expect(first.get_by_role("heading", name="Ihre Antworten warten auf Sie")).to_be_visible()
    looks_right(first)
    assert survey.saved() == 1
    link = first.locator("[data-copy]").get_attribute("data-copy")
    assert link

    second.goto(link)
    second.get_by_role("button", name="Weitermachen", exact=True).click()
    expect(second.get_by_role("radio", name="4", exact=True)).to_be_checked()
    second.get_by_role("button", name="Alles auf einer Seite zeigen").click()
    expect(second.get_by_text("2 von 11 Fragen beantwortet")).to_be_visible()
    second.get_by_label("mit dem Rad", exact=True).check()
    expect(second.get_by_text("2 von 12 Fragen beantwortet")).to_be_visible()
    looks_right(second)
    second.get_by_role("button", name="Antworten prüfen").click()
    second.get_by_role("button", name="Antworten absenden").click()
    received(second)
    second.goto(link)
    expect(second.get_by_role("heading", name="Hier wartet nichts mehr")).to_be_visible()


def forward(page: Page, words: str) -> None:
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_text(words)).to_be_visible()


def received(page: Page) -> None:
    thanks = page.get_by_role("heading", name="Danke, Ihre Antworten sind gespeichert")
    expect(thanks).to_be_visible()


def looks_right(page: Page) -> None:
    """Nothing breaks a rule of accessibility, and nothing is wider than the screen."""
    assert axe(page) == []
    if page.evaluate("() => matchMedia('(scripting: none)').matches"):
        return
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0


def to_field(page: Page, name: str) -> None:
    """Press the tabulator until a field has the focus; one of a group stands for the group."""
    reach(page, f"document.activeElement.id === '{name}'")


def to_button(page: Page, name: str) -> None:
    """Press the tabulator until a button has the focus, and press it."""
    reach(page, f"document.activeElement.textContent.trim() === '{name}'")
    page.keyboard.press("Enter")


def reach(page: Page, condition: str) -> None:
    for _ in range(70):
        if page.evaluate(condition):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach: {condition}")
