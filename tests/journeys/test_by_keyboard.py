"""Taking part and moderating with a keyboard alone; where the focus is can always be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from tests.conftest import NOON
from tests.journeys.hands import Keyboard
from tests.servers.chromium import OpenPage
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


@dataclass
class Town:
    """A served town and what is in it."""

    base: str
    site: Site


@pytest.fixture
def lively(app: Flask) -> Iterator[Town]:
    """A town with an idea call, a survey and two ideas that wait for the moderation."""
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        make, here = site.make, site.municipality
        call = make.idea_call(here, title="Orte mit Netz", question="Wo fehlt es?")
        make.idea(
            call,
            title="Offenes WLAN am Bahnhof",
            text="Im Wartebereich des Bahnhofs fehlt ein offenes WLAN.",
            supports=4,
        )
        for title in ("Bänke am Markt", "Mein Shop"):
            make.idea(call, status=ContributionStatus.PENDING, title=title)
        make.survey(here, title="Digital im Alltag")
        site.session.commit()
        yield Town(base, site)


def test_an_idea_is_handed_in_by_keyboard(lively: Town, desktop: Page) -> None:
    page, hands = desktop, Keyboard(desktop)
    page.goto(lively.base + "/")
    hands.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    hands.assert_focus_is_seen()
    hands.press("Enter")
    expect(page.locator("main")).to_be_focused()
    hands.follow(page.get_by_role("link", name=re.compile("^Ideen ansehen")))
    hands.follow(page.get_by_role("link", name="Idee einreichen"))
    hands.tab_to(page.get_by_label("Titel Ihrer Idee"))
    hands.type("WLAN im Wartebereich am Bahnhof")
    hands.press("Tab")
    hands.type("Am Bahnhof fehlt im Wartebereich ein offenes WLAN.")
    similar = page.locator("[data-similar-panel]")
    expect(similar).to_be_visible()
    hands.follow(page.get_by_role("button", name="Idee absenden"))
    expect(page.get_by_role("heading", name="Eine ähnliche Idee gibt es schon")).to_be_focused()
    hands.tab_to(page.get_by_role("link", name="Offenes WLAN am Bahnhof"))
    hands.follow(page.get_by_role("button", name="Trotzdem senden"))
    expect(page.get_by_role("heading", name="Danke, Ihre Idee ist angekommen")).to_be_visible()
    hands.tab_to(page.get_by_role("button", name="Auf diesem Gerät merken"))
    hands.press("Enter")
    expect(page.locator("[data-receipt-status]")).not_to_be_empty()


def test_a_survey_is_answered_by_keyboard(lively: Town, desktop: Page) -> None:
    page, hands = desktop, Keyboard(desktop)
    page.goto(lively.base + "/")
    hands.follow(page.get_by_role("link", name=re.compile("^Umfrage starten")))
    hands.follow(page.get_by_role("button", name="Antworten prüfen"))
    summary = page.get_by_role("alert").or_(page.locator(".kern-alert"))
    expect(summary.first).to_be_focused()
    hands.tab_to(page.get_by_role("link", name=re.compile("^Wie möchten Sie")))
    hands.press("Enter")
    hands.tab_to(page.get_by_role("radio", name="online"))
    hands.press("ArrowDown")
    hands.assert_focus_is_seen()
    expect(page.get_by_role("radio", name="vor Ort ohne Termin")).to_be_checked()
    hands.tab_to(page.get_by_role("checkbox", name="Stadtkalender"))
    hands.press("Space")
    hands.tab_to(page.get_by_role("radio", name=re.compile("^1")))
    hands.press("ArrowRight", "ArrowRight")
    hands.assert_focus_is_seen()
    hands.tab_to(page.locator("main textarea"))
    hands.type("Mehr Bänke.")
    hands.follow(page.get_by_role("button", name="Antworten prüfen"))
    hands.follow(page.get_by_role("button", name="Antworten absenden"))
    expect(page.get_by_role("heading", name="Danke, Ihre Antworten sind")).to_be_visible()


def test_a_moderator_publishes_rejects_and_takes_back_with_single_keys(
    lively: Town, open_page: OpenPage
) -> None:
    page: Page = open_page()
    hands = Keyboard(page)
    cookie = lively.site.staff(Role.MODERATOR).get_cookie("session")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": lively.base}])
    page.clock.install()
    page.goto(lively.base + "/moderation/")
    title = page.locator(".bt-editor h3")
    first = title.inner_text()
    press_and_wait(page, "v")
    expect(page.get_by_role("status").first).to_contain_text("veröffentlicht")
    expect(title).not_to_have_text(first)
    page.clock.fast_forward(700)
    press_and_wait(page, "a")
    expect(page.get_by_text("Wählen Sie einen Grund aus den Regeln.").first).to_be_visible()
    hands.press("3")
    expect(page.get_by_role("radio", name="Werbung")).to_be_focused()
    hands.assert_focus_is_seen()
    hands.press("n")
    hands.assert_focus_is_seen()
    # What is typed into a text is a text: no letter of it decides anything.
    hands.type("Bitte keine Werbung, das verbieten die Regeln.")
    hands.press("Tab")
    page.clock.fast_forward(700)
    press_and_wait(page, "a")
    expect(page.get_by_role("status").first).to_contain_text("abgelehnt")
    press_and_wait(page, "z")
    expect(page.get_by_text("wird geprüft").first).to_be_visible()


def test_a_second_click_decides_nothing_and_the_undo_goes_in_time(
    lively: Town, open_page: OpenPage
) -> None:
    page: Page = open_page()
    cookie = lively.site.staff(Role.MODERATOR).get_cookie("session")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": lively.base}])
    page.clock.install()
    page.goto(lively.base + "/moderation/")
    page.clock.pause_at(NOON + timedelta(days=365))
    publish = page.get_by_role("button", name="Veröffentlichen")
    with page.expect_navigation():
        publish.click()
    second = page.url
    publish.click()
    page.keyboard.press("v")
    expect(page.locator(".bt-editor").get_by_text("wird geprüft")).to_be_visible()
    assert page.url == second
    undo = page.get_by_role("button", name="Zurücknehmen")
    undo.focus()
    page.clock.fast_forward(9_500)
    expect(undo).to_be_visible()
    page.clock.fast_forward(600)
    expect(undo).to_be_hidden()
    expect(page.locator("[data-undo]")).to_be_focused()
    with page.expect_navigation():
        publish.click()
    expect(page.get_by_text("Alles entschieden").first).to_be_visible()


def test_a_half_typed_note_outlives_what_else_a_moderator_saves(
    lively: Town, open_page: OpenPage
) -> None:
    make, here = lively.site.make, lively.site.municipality
    element = make.known(make.adopted_strategy(here), "M-01")
    call = make.idea_call(here, title="Früher", elements=(element,))
    idea = make.idea(call, status=ContributionStatus.PENDING, title="Bücher")
    cookie = lively.site.staff(Role.MODERATOR).get_cookie("session")
    assert cookie is not None
    page: Page = open_page()
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": lively.base}])
    page.goto(f"{lively.base}/moderation/{idea.id}")
    note, advertising = page.get_by_label("Nachricht an"), page.get_by_role("radio", name="Werbung")
    note.fill("Schreiben Sie uns bitte,")
    advertising.check()
    page.get_by_text("Bezug ändern").click()
    page.get_by_label("Bürgerservice ohne Termin").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Bezug speichern").click()
    expect(page.locator("#bezug")).to_contain_text("M-01")
    expect(note).to_have_value("Schreiben Sie uns bitte,")
    expect(advertising).to_be_checked()
    # It belongs to this idea alone, and is there again after a look at the next one.
    page.locator("[data-queue] a:not([aria-current])").first.click()
    expect(note).to_have_value("")
    page.goto(f"{lively.base}/moderation/{idea.id}")
    expect(note).to_have_value("Schreiben Sie uns bitte,")
    with page.expect_navigation():
        page.get_by_role("button", name="Ablehnen").click()
    page.goto(f"{lively.base}/moderation/{idea.id}")
    expect(note).to_have_value("")


def press_and_wait(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)
