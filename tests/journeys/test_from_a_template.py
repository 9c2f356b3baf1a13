"""A clerk opens an idea call and a hearing from their templates with a few clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from participation.accounts.models import Role
from tests.conftest import NOON
from tests.servers.axe import axe
from tests.servers.chromium import OpenPage
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


@pytest.fixture
def clerk(app: Flask, open_page: OpenPage) -> Iterator[Page]:
    """Somebody of the strategy team of a town with an adopted strategy, at all engagements."""
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        site.make.adopted_strategy(site.municipality)
        site.session.commit()
        cookie = site.staff(Role.STRATEGIST).get_cookie("session")
        assert cookie is not None
        page = open_page()
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": base}])
        page.goto(f"{base}/verwaltung/beteiligungen")
        yield page


def test_a_hearing_on_all_measures_is_open_after_a_few_clicks(
    clerk: Page, open_page: OpenPage
) -> None:
    clerk.get_by_role("link", name="Entwurf anhören").click()
    measures = clerk.locator("details", has_text="Maßnahmen (2)")
    every = measures.get_by_role("button", name="Alle wählen")
    clerk.get_by_text("Maßnahmen (2)").click()
    every.click()
    ticked = clerk.locator("[name=elements]:checked")
    expect(ticked).to_have_count(2)
    # What was ticked at once is unticked at once, and one box by hand changes what is offered.
    measures.get_by_role("button", name="Keine wählen").click()
    expect(ticked).to_have_count(0)
    every.click()
    clerk.get_by_label("M-02").uncheck()
    expect(every).to_be_visible()
    every.click()
    assert axe(clerk) == []
    title = open_today(clerk)
    citizen = open_page(viewport={"width": 375, "height": 812}, java_script_enabled=False)
    citizen.goto(clerk.url)
    citizen.get_by_role("link", name="Entwurf lesen und kommentieren").click()
    expect(citizen.get_by_role("heading", level=1)).to_have_text(title)
    for code in ("M-01", "M-02"):
        expect(citizen.get_by_role("heading", name=code)).to_be_visible()


def test_a_call_for_ideas_is_open_after_a_few_clicks(clerk: Page, open_page: OpenPage) -> None:
    clerk.get_by_role("link", name="Ideen sammeln").click()
    expect(clerk.locator("[name=elements]:checked")).to_have_count(2)
    open_today(clerk)
    citizen = open_page(viewport={"width": 375, "height": 812}, java_script_enabled=False)
    citizen.goto(clerk.url)
    citizen.get_by_role("link", name="Idee einreichen").click()
    expect(citizen.get_by_text("Was fehlt heute, oder was ist mühsam?")).to_be_visible()


def open_today(clerk: Page) -> str:
    """Save what the template says, from today on, publish it and go to its page."""
    title = clerk.get_by_label("Titel", exact=True).input_value()
    clerk.get_by_label("Beginnt am").fill("2026-05-07")
    clerk.get_by_role("button", name="Als Entwurf speichern").click()
    clerk.get_by_role("button", name="Veröffentlichen").click()
    clerk.get_by_role("link", name=title, exact=True).click()
    expect(clerk.get_by_text("offen", exact=True)).to_be_visible()
    return title
