"""An idea with a place on a phone: drawn by tapping, and typed where no script runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from participation.engagements.models import ModerationMode
from participation.maintenance.demo.mapping import show_map
from tests.conftest import NOON
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

# One grey pixel, stretched over each square of the map.
PICTURE = bytes.fromhex(
    "47494638396101000100800000cccccc00000021f90400000000002c00000000010001000002024401003b"
)


@pytest.fixture
def ideas(app: Flask) -> Iterator[str]:
    """The address of a list of ideas in a town with maps."""
    # Answered by the test itself, so that no request leaves this machine.
    app.config["TILE_SERVER"] = "http://127.0.0.1:9/karte/{z}/{x}/{y}.gif"
    app.config["MAP_START"] = (53.63, 12.41, 12)
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        call = site.make.idea_call(
            site.municipality, title="Orte", moderation_mode=ModerationMode.AFTER
        )
        site.session.commit()
        yield f"{base}/beteiligung/{call.slug}/ideen"


def begin(page: Page, ideas: str) -> None:
    page.goto(ideas + "/neu")
    page.get_by_label("Titel Ihrer Idee").fill("Schatten am Teich")
    page.get_by_label("Was schlagen Sie vor?").fill("Am Ufer fehlen Bäume.")
    page.locator("#ort-angaben > summary").click()


def test_a_place_is_drawn_by_tapping_and_seen_on_the_map_of_the_list(
    ideas: str, phone: Page
) -> None:
    page = phone
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PICTURE, content_type="image/gif")

    page.context.route(re.compile(r"127\.0\.0\.1:9/karte/"), answer)
    begin(page, ideas)
    assert asked == []
    page.get_by_role("button", name="Auf der Karte zeigen").click()
    page.get_by_role("button", name="Fläche", exact=True).click()
    drawing = page.locator("[data-map-place]")
    expect(drawing.locator(".leaflet-control-zoom")).to_be_visible()
    for x, y in ((80, 80), (220, 90), (150, 150), (200, 220)):
        drawing.click(position={"x": x, "y": y})
        if x == 150:
            page.get_by_role("button", name="Letzten Punkt zurücknehmen").click()
    expect(page.get_by_text("Fläche mit 3 Ecken.")).to_be_visible()
    assert asked
    assert axe(page) == []
    page.get_by_role("button", name="Idee absenden").click()
    expect(page.get_by_text("Fläche auf der Karte")).to_be_visible()

    page.goto(ideas)
    page.get_by_role("button", name="Karte öffnen").click()
    pin = page.locator(".bt-pin")
    expect(pin).to_have_count(1)
    # By keyboard too.
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator("path.leaflet-interactive")).to_have_count(1)
    assert axe(page) == []
    page.locator(".leaflet-popup a", has_text="Schatten am Teich").click()
    expect(page.get_by_role("heading", name="Schatten am Teich")).to_be_visible()
    page.get_by_role("link", name="Andere Ideen in der Nähe").click()
    expect(page.get_by_text("10 m entfernt")).to_be_visible()


def test_a_place_is_typed_where_no_script_runs(ideas: str, phone_without_javascript: Page) -> None:
    page = phone_without_javascript
    begin(page, ideas)
    page.get_by_label("Adresse oder Beschreibung").fill("Uferweg")
    page.get_by_text("Koordinaten eingeben").click()
    page.get_by_label("Koordinaten", exact=False).fill("0, 0")
    page.get_by_role("button", name="Idee absenden").click()
    expect(page.get_by_text("Der Ort liegt weit außerhalb.").first).to_be_visible()
    expect(page.get_by_label("Adresse oder Beschreibung")).to_have_value("Uferweg")
    assert axe(page) == []
    page.get_by_label("Koordinaten", exact=False).fill("53,631 12,415")
    page.get_by_role("button", name="Idee absenden").click()
    expect(page.get_by_text("Uferweg")).to_be_visible()
    page.goto(ideas + "?sortierung=nah")
    page.get_by_label("In der Nähe von welchem Ort?").fill("53.63, 12.41")
    page.get_by_role("button", name="Sortieren").click()
    expect(page.get_by_role("link", name="Schatten am Teich")).to_be_visible()
    expect(page.get_by_text("350 m entfernt")).to_be_visible()
    assert axe(page) == []


def test_the_map_of_a_made_up_town_shows_sections_of_one_drawing(
    ideas: str, app: Flask, phone: Page
) -> None:
    app.config["TILE_SERVER"] = ""
    show_map(app)
    phone.goto(ideas + "/neu")
    phone.locator("#ort-angaben > summary").click()
    phone.get_by_role("button", name="Auf der Karte zeigen").click()
    squares = phone.locator("img.leaflet-tile-loaded")
    expect(squares.nth(3)).to_be_attached()
    seen = squares.evaluate_all("all => all.map((one) => [one.src, one.naturalWidth])")
    assert all(width > 0 for _, width in seen)
    assert len({source for source, _ in seen}) == len(seen)
