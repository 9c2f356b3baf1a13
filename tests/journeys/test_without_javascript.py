"""Everything that citizens do, on a phone whose browser runs no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.conftest import NOON
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    """The address of a town in which one can take part in every way."""
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        make, here = site.make, site.municipality
        call = make.idea_call(here, title="Orte mit Netz")
        make.idea(
            call,
            title="Offenes WLAN am Bahnhof",
            text="Im Wartebereich des Bahnhofs fehlt ein offenes WLAN.",
        )
        make.survey(here, title="Digital im Alltag")
        discussion = make.comment_round(here, title="Leitlinie für Sensoren")
        make.comment(discussion, discussion.passages[0], text="Das ist mir zu dehnbar.")
        site.session.commit()
        yield base


def test_a_survey_with_questions_of_every_kind(base: str, phone_without_javascript: Page) -> None:
    page = phone_without_javascript
    page.goto(base + "/")
    page.get_by_role("link", name=re.compile("^Umfrage starten")).click()
    page.get_by_role("checkbox", name="Termine").check()
    page.get_by_label("Was sollte die Stadt als Erstes ändern?").fill("Mehr Bänke, bitte.")
    page.get_by_role("button", name="Antworten prüfen").click()
    expect(page.get_by_text("Bitte beantworten Sie diese Frage.").first).to_be_visible()
    expect(page.get_by_role("checkbox", name="Termine")).to_be_checked()
    expect(page.locator("main textarea")).to_have_value("Mehr Bänke, bitte.")
    assert axe(page) == []
    page.get_by_role("radio", name="am Telefon").check()
    page.get_by_text("4", exact=True).click()
    page.get_by_role("button", name="Antworten prüfen").click()
    assert axe(page) == []
    page.get_by_role("button", name="Antworten absenden").click()
    expect(page.get_by_role("heading", name="Danke, Ihre Antworten sind")).to_be_visible()
    expect(page.get_by_role("button", name="Code kopieren")).to_be_hidden()
    assert axe(page) == []
    look_up_receipt(page, base)
    expect(page.get_by_role("heading", name="Ihr Antwortbogen zählt")).to_be_visible()
    expect(page.get_by_text("Mehr Bänke, bitte.")).to_be_visible()
    page.get_by_role("button", name="Antwortbogen zurückziehen").click()
    page.get_by_role("button", name="zurückziehen").first.click()
    expect(page.get_by_text("zurückgezogen").first).to_be_visible()


def test_an_idea_that_resembles_another(base: str, phone_without_javascript: Page) -> None:
    page = phone_without_javascript
    page.goto(base + "/")
    page.get_by_role("link", name=re.compile("^Ideen ansehen")).click()
    page.get_by_role("button", name="Unterstützen").click()
    expect(page.get_by_text("Unterstützt").first).to_be_visible()
    page.get_by_role("link", name="Idee einreichen").click()
    page.get_by_label("Titel Ihrer Idee").fill("WLAN im Wartebereich am Bahnhof")
    page.get_by_label("Was schlagen Sie vor?").fill("Am Bahnhof fehlt ein offenes WLAN.")
    page.get_by_role("button", name="Idee absenden").click()
    expect(page.get_by_role("heading", name="Eine ähnliche Idee gibt es schon")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Trotzdem senden").click()
    expect(page.get_by_role("heading", name="Danke, Ihre Idee ist angekommen")).to_be_visible()
    look_up_receipt(page, base)
    expect(page.get_by_role("heading", name="Ihr Beitrag wird geprüft")).to_be_visible()


def test_a_comment_and_a_vote(base: str, phone_without_javascript: Page) -> None:
    page = phone_without_javascript
    page.goto(base + "/")
    page.get_by_role("link", name=re.compile("^Entwurf lesen")).click()
    page.get_by_role("checkbox", name="Das ist mir wichtig").check()
    page.get_by_role("button", name="Zustimmen").click()
    expect(page.get_by_text("Ihre Stimme ist gezählt").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Zu diesem Abschnitt schreiben")).nth(1).click()
    page.get_by_role("radio", name="anderer Wortlaut").check()
    page.get_by_label("Ihre Aussage").fill("Kürzer ist besser.")
    page.locator("textarea[name=rewording]").fill("Die Stadt filmt niemanden.")
    page.get_by_role("button", name="Kommentar absenden").click()
    expect(page.get_by_role("heading", name=re.compile("^Danke"))).to_be_visible()
    look_up_receipt(page, base)
    expect(page.get_by_role("heading", name="Ihr Beitrag wird geprüft")).to_be_visible()
    assert axe(page) == []


def look_up_receipt(page: Page, base: str) -> None:
    code = page.locator(".bt-receipt").first.inner_text()
    page.goto(base + "/")
    page.get_by_label("Beleg").first.fill(code)
    page.get_by_role("button", name="Prüfen").first.click()
