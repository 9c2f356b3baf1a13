"""An idea with a place and an image on its way: sent, published, changed, answered, adopted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from participation.engagements.models import ModerationMode
from participation.ideas.models import Idea
from participation.insights.models import Finding
from participation.revisions.operations import Reason
from participation.strategy.queries import get_element
from tests.conftest import NOON
from tests.journeys.hands import Hands
from tests.photographs import photograph
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

TITLE, TEXT = "Bürgerbüro am Busbahnhof", "Dort steigen alle um. Ein Tresen ohne Termin genügt."
TOP = "part => part.getBoundingClientRect().top"


@dataclass
class Town:
    """A town with a strategy in force and a call about its first measure."""

    base: str
    site: Site
    call: Any
    strategy: Any
    measure: Any

    @property
    def ideas(self) -> str:
        """The address of the list of ideas."""
        return f"{self.base}/beteiligung/{self.call.slug}/ideen"

    def idea(self) -> Idea:
        """The idea that was sent."""
        return self.site.session.scalars(sa.select(Idea)).one()

    def publish(self) -> None:
        """Let moderation say yes."""
        self.site.make.decision(self.idea(), actor=self.site.make.account())
        self.site.session.commit()

    def decide(self) -> None:
        """Draw a conclusion, answer it with two signatures and change the strategy for it."""
        make: Any = self.site.make
        found: Finding = make.finding(
            self.strategy,
            "Am Busbahnhof kommen alle vorbei.",
            elements=(self.measure,),
            contributions=(self.idea(),),
        )
        revision = make.revision(self.strategy)
        because = (Reason(finding=found), make.stated())
        text = "Das Bürgerbüro öffnet auch am Busbahnhof ohne Termin."
        make.amended(revision, "M-01", text=text, because=because)
        make.signed(make.answer(found), make.two_people(self.site.municipality))
        make.adopt(revision)
        self.site.session.commit()


@pytest.fixture
def town(app: Flask) -> Iterator[Town]:
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        strategy = site.make.adopted_strategy(site.municipality)
        measure = get_element(site.session, strategy.id, "M-01")
        call = site.make.idea_call(
            site.municipality,
            title="Orte",
            elements=(measure,),
            moderation_mode=ModerationMode.BEFORE,
        )
        site.session.commit()
        yield Town(base, site, call, strategy, measure)


def send(hands: Hands, town: Town, picture: Path) -> str:
    """Fill in the form, with a place and a picture, and return the code of the receipt."""
    page = hands.page
    page.goto(town.ideas)
    hands.follow(page.get_by_role("link", name="Idee einreichen").first)
    hands.fill(page.get_by_label("Titel Ihrer Idee"), TITLE)
    hands.fill(page.get_by_label("Was schlagen Sie vor?"), TEXT)
    hands.tick(page.get_by_role("checkbox", name="Bürgerservice ohne Termin"))
    hands.hand_in(page.get_by_label("Bild 1"), picture)
    hands.fill(page.get_by_label("Was ist darauf zu sehen?").first, "Ein leerer Platz")
    hands.open(page.locator("#ort-angaben > summary"))
    hands.fill(page.get_by_label("Adresse oder Beschreibung"), "Busbahnhof")
    hands.follow(page.get_by_role("button", name="Idee absenden"))
    expect(page.get_by_role("heading", name="Danke, Ihre Idee ist angekommen")).to_be_visible()
    assert axe(page) == []
    return page.locator(".bt-receipt").first.inner_text()


def write_an_idea_that_fits(town: Town, phone: Page) -> list[Route]:
    """Gives the questions for what the idea fits, which wait for their answer."""
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    phone.route("**/passende-teile", hold)
    phone.goto(f"{town.ideas}/neu")
    phone.get_by_label("Titel Ihrer Idee").fill("Bürgerservice ohne Termin")
    with phone.expect_request("**/passende-teile"):
        phone.get_by_label("Was schlagen Sie vor?").fill(f"Bürgerservice ohne Termin. {TEXT}")
    return asked


def wait_until_it_stands(phone: Page, part: Locator) -> float:
    """Wait until nothing scrolls any more; gives how far below the window's top the part is."""
    before = part.evaluate(TOP)
    while True:
        phone.wait_for_timeout(200)
        after = part.evaluate(TOP)
        if after == before:
            return after
        before = after


def test_suggestions_that_come_late_leave_everything_where_it_is(town: Town, phone: Page) -> None:
    questions = write_an_idea_that_fits(town, phone)
    here = phone.get_by_label("Was ist darauf zu sehen?").first
    here.focus()
    before = wait_until_it_stands(phone, here)
    questions[-1].continue_()
    expect(phone.locator("[data-ticks]").first).to_be_attached()
    assert abs(wait_until_it_stands(phone, here) - before) < 2


def test_suggestions_do_not_stop_the_page_on_its_way_to_the_next_field(
    town: Town, phone: Page
) -> None:
    questions = write_an_idea_that_fits(town, phone)
    here = phone.get_by_label("Was ist darauf zu sehen?").first
    here.focus()
    questions[-1].continue_()
    expect(phone.locator("[data-ticks]").first).to_be_attached()
    wait_until_it_stands(phone, here)
    expect(here).to_be_in_viewport(ratio=1)


def test_a_suggested_element_ticks_its_box_and_is_asked_about_no_more(
    town: Town, phone: Page
) -> None:
    phone.goto(f"{town.ideas}/neu")
    phone.get_by_label("Titel Ihrer Idee").fill("Bürgerservice ohne Termin")
    phone.get_by_label("Was schlagen Sie vor?").fill(f"Bürgerservice ohne Termin. {TEXT}")
    suggestion = phone.get_by_role("button", name="Bürgerservice ohne Termin")
    box = phone.get_by_role("checkbox", name="Bürgerservice ohne Termin")
    suggestion.click()
    expect(suggestion).to_have_attribute("aria-pressed", "true")
    expect(box).to_be_checked()
    suggestion.click()
    expect(suggestion).to_have_attribute("aria-pressed", "false")
    expect(box).not_to_be_checked()
    box.check()
    expect(suggestion).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="Idee absenden").click()
    expect(phone.get_by_role("heading", name="Danke, Ihre Idee ist angekommen")).to_be_visible()
    assert [element.code for element in town.idea().elements] == ["M-01"]


def look_up(hands: Hands, town: Town, code: str) -> None:
    page = hands.page
    page.goto(town.base + "/beleg")
    hands.fill(page.get_by_label("Beleg").first, code)
    hands.follow(page.get_by_role("button", name="Prüfen").first)


def test_an_idea_with_place_and_image_goes_to_its_fate(
    hands: Hands, town: Town, tmp_path: Path
) -> None:
    page = hands.page
    picture = tmp_path / "platz.jpg"
    picture.write_bytes(photograph(size=(900, 600)))
    code = send(hands, town, picture)
    look_up(hands, town, code)
    expect(page.get_by_role("heading", name="Ihr Beitrag wird geprüft")).to_be_visible()
    expect(page.get_by_role("img", name="Ein leerer Platz")).to_be_visible()
    town.publish()
    page.goto(town.ideas)
    expect(page.get_by_role("img", name="Ein leerer Platz")).to_be_visible()
    hands.follow(page.get_by_role("link", name=TITLE))
    expect(page.get_by_text("Busbahnhof", exact=True)).to_be_visible()
    town.decide()
    look_up(hands, town, code)
    expect(page.get_by_text("Fassung 2").first).to_be_visible()
    assert axe(page) == []
    page.goto(f"{town.ideas}/1")
    expect(page.get_by_text("teilweise übernommen").first).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("Busbahnhof")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_an_idea_that_somebody_supports_is_changed_for_everybody_to_see(
    hands: Hands, town: Town, tmp_path: Path
) -> None:
    page = hands.page
    page.goto(town.ideas)
    picture = tmp_path / "platz.jpg"
    picture.write_bytes(photograph())
    code = send(hands, town, picture)
    town.publish()
    page.goto(town.ideas)
    hands.follow(page.get_by_role("button", name="Unterstützen"))
    look_up(hands, town, code)
    hands.follow(page.get_by_role("button", name="Idee bearbeiten"))
    hands.fill(page.get_by_label("Was schlagen Sie vor?"), TEXT + " Auch am Abend.")
    hands.fill(page.get_by_label("Adresse oder Beschreibung"), "Busbahnhof, Steig 3")
    hands.tick(page.get_by_role("checkbox", name="Dieses Bild weglassen"))
    assert axe(page) == []
    hands.follow(page.get_by_role("button", name="Änderung speichern"))
    expect(page.get_by_text("Wir prüfen Ihre Änderung")).to_be_visible()
    page.goto(f"{town.ideas}/1")
    expect(page.get_by_text("Auch am Abend.")).to_have_count(0)
    expect(page.get_by_role("img", name="Ein leerer Platz")).to_be_visible()
    town.publish()
    page.goto(f"{town.ideas}/1")
    expect(page.get_by_text("Busbahnhof, Steig 3")).to_be_visible()
    expect(page.get_by_role("img", name="Ein leerer Platz")).to_have_count(0)
    hands.follow(page.get_by_role("link", name="frühere Fassung ansehen"))
    expect(page.locator("ins")).to_contain_text("Auch am Abend.")
    expect(page.get_by_text("Auch geändert: Ort, Bilder")).to_be_visible()
    assert axe(page) == []
    hands.follow(page.get_by_role("link", name="Zur Idee"))
    expect(page.get_by_text("1 Unterstützung")).to_be_visible()
