"""A clerk opens a survey from a template, and a second one by hand, without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from participation.accounts.models import Role
from tests.journeys.conftest import Served
from tests.servers.axe import axe

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

MEASURES = ("Bürgerservice ohne Termin", "Mängelmelder", "Stadtkalender")


def test_a_clerk_builds_and_opens_a_survey(lindenow: Served, open_page: Callable[..., Page]):
    with lindenow.arranging() as (make, municipality):
        strategy = make.strategy(municipality)
        goal = make.goal(strategy)
        for title in MEASURES:
            make.measure(strategy, title=title, goals=(goal.code,))
    clerk = open_page()
    lindenow.sign_in(clerk, Role.STRATEGIST, name="Paul Noack")
    choose_template(clerk, lindenow)
    add_conditional_question(clerk)
    reorder_by_keyboard(clerk)
    preview_on_a_phone(clerk)
    publish(clerk)
    citizen = open_page(viewport={"width": 375, "height": 812}, java_script_enabled=False)
    answer(citizen, lindenow)


def choose_template(page: Page, town: Served) -> None:
    page.goto(town.address + "/ueberblick")
    page.get_by_role("link", name="Beteiligungen").first.click()
    page.get_by_role("link", name="Umfrage", exact=True).click()
    looks_right(page)
    page.get_by_role("link", name="Maßnahmen gewichten").click()
    # Three measures can all be weighed; the template has chosen them.
    expect(page.get_by_role("checkbox", name="M-01")).to_be_checked()
    page.get_by_label("Titel").fill("Was zuerst?")
    page.get_by_role("checkbox", name="M-03").uncheck()
    # Proposed is tomorrow.
    page.get_by_label("Beginnt am").fill((date.today() - timedelta(days=1)).isoformat())  # noqa: DTZ011
    looks_right(page)
    page.get_by_role("button", name="Umfrage anlegen").click()
    expect(page.get_by_role("heading", name="Wie wichtig ist Ihnen …?")).to_be_visible()
    expect(page.get_by_text("M-02 Mängelmelder").first).to_be_visible()
    expect(page.get_by_text("Stadtkalender")).to_have_count(0)
    looks_right(page)


def add_conditional_question(page: Page) -> None:
    page.get_by_role("link", name="Langer Text").click()
    page.get_by_label("Frage", exact=True).fill(
        "Was soll am Bürgerservice und am Markt anders sein?"
    )
    page.get_by_label("Seite").select_option(label="Seite 1")
    page.get_by_text("Nur manchen zeigen").click()
    answers = page.get_by_label("Frühere Antwort 1")
    answers.select_option(value="F1_1|ticked|1")
    looks_right(page)
    page.get_by_role("button", name="Frage speichern").click()
    expect(page.get_by_text("verbindet hier wohl zwei Dinge")).to_be_visible()
    item = page.locator("#frage-F7")
    item.get_by_role("link", name="Bearbeiten").click()
    page.get_by_label("Frage", exact=True).fill("Was soll am Bürgerservice anders sein?")
    page.get_by_role("button", name="Frage speichern").click()
    expect(page.get_by_text("verbindet hier wohl zwei Dinge")).to_have_count(0)
    expect(page.locator("#frage-F7")).to_contain_text(
        "Nur wenn Sie bei Frage 1, „Bürgerservice ohne Termin“, „sehr wichtig“ gewählt haben."
    )


def reorder_by_keyboard(page: Page) -> None:
    assert order(page) == ["F1", "F2", "F3", "F7", "F4", "F5", "F6"]
    press(page, "F7", "Nach oben")
    expect(page).to_have_url(page.url.partition("#")[0] + "#frage-F7")
    assert order(page) == ["F1", "F2", "F7", "F3", "F4", "F5", "F6"]
    # To a place, with the disclosure and the field beside the button.
    page.locator("#frage-F7 summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("An Stelle").and_(page.locator("#stelle-F7")).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Die Bedingung von F7 fragt nach der Antwort auf F1")).to_be_visible()
    page.locator("#frage-F7 summary").focus()
    page.keyboard.press("Enter")
    page.locator("#stelle-F7").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".bt-item").nth(1)).to_have_id("frage-F7")
    assert order(page) == ["F1", "F7", "F2", "F3", "F4", "F5", "F6"]


def preview_on_a_phone(page: Page) -> None:
    page.get_by_role("link", name="Vorschau am Handy").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Vorschau – kann nicht abgesendet werden")).to_be_visible()
    hidden = frame.get_by_label("Was soll am Bürgerservice anders sein?")
    expect(hidden).to_be_hidden()
    row = frame.get_by_role("radiogroup", name="Bürgerservice ohne Termin")
    row.get_by_role("radio", name="sehr wichtig").check()
    expect(hidden).to_be_visible()
    expect(frame.get_by_role("button", name="Antworten prüfen")).to_be_disabled()
    width = page.locator("iframe").evaluate("frame => frame.contentWindow.innerWidth")
    assert width <= 375
    looks_right(page)


def publish(page: Page) -> None:
    page.get_by_role("link", name="Prüfen und veröffentlichen").click()
    expect(page.get_by_role("heading", name="Ist die Umfrage fertig?")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Umfrage veröffentlichen").click()
    expect(page.get_by_text("ist veröffentlicht")).to_be_visible()


def answer(page: Page, town: Served) -> None:
    page.goto(town.address + "/beteiligung/was-zuerst")
    page.get_by_role("link", name="Umfrage starten").click()
    expect(page.get_by_role("heading", name="Die Maßnahmen")).to_be_visible()
    expect(page.get_by_text("Bürgerservice ohne Termin").first).to_be_visible()


def order(page: Page) -> list[str]:
    ids = page.locator(".bt-item").evaluate_all("items => items.map(item => item.id)")
    return [one.removeprefix("frage-") for one in ids]


def press(page: Page, code: str, name: str) -> None:
    """Press a button of a question as somebody does who has no mouse."""
    button = page.locator(f"#frage-{code}").get_by_role("button", name=name)
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def looks_right(page: Page) -> None:
    """Nothing breaks a rule of accessibility, and nothing is wider than the screen."""
    assert axe(page) == []
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(wider) <= 0, f"wider than {width}: {page.url}"
