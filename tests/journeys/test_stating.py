"""An organisation's statement on a phone, from the invitation's mail to the public page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from participation.accounts.models import Role
from tests.conftest import NOON
from tests.journeys.hands import Hands
from tests.pdf_files import a_pdf
from tests.servers.axe import axe
from tests.servers.site import served
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


@dataclass
class Asked:
    """A round on which a chamber was asked for its statement, by mail."""

    site: Site
    base: str
    slug: str
    link: str

    def publish(self) -> None:
        """Let moderation decide about the statement that waits."""
        staff = self.site.staff(Role.MODERATOR)
        queue = staff.get("/moderation/?art=stellungnahmen").text
        (item,) = set(re.findall(r'action="(/moderation/[0-9a-f-]{36})\?', queue))
        assert staff.post(item, data={"action": "publish"}).status_code == 303


@pytest.fixture
def asked(app: Flask) -> Iterator[Asked]:
    with Site.opened(app, at=NOON) as site, served(app, at=NOON) as base:
        opened = site.make.comment_round(site.municipality, title="Leitlinie")
        site.session.commit()
        path = f"/verwaltung/beteiligungen/{opened.slug}/organisationen"
        said = {"name": "Handwerkskammer", "kind": "chamber", "email": "post@hwk.example.org"}
        assert site.staff(Role.STRATEGIST).post(path, data=said).status_code == 200
        site.work()
        (mail,) = site.mails()
        (link,) = re.findall(r"http\S+(/stellungnahme/\S+)", mail.get_content())
        yield Asked(site, base, opened.slug, base + link)


def test_a_statement_goes_from_the_mail_to_its_public_page(
    asked: Asked, hands: Hands, tmp_path: Path
) -> None:
    page = hands.page
    file = tmp_path / "stellungnahme.pdf"
    file.write_bytes(a_pdf("Seite eins", "Seite zwei"))
    page.goto(asked.link)
    hands.fill(page.get_by_label("Ihre Stellungnahme im Ganzen"), "Wir tragen die Leitlinie mit.")
    hands.hand_in(page.get_by_label("Ein PDF"), file)
    hands.tick(page.get_by_label("Das PDF darf jede und jeder herunterladen"))
    hands.open(page.locator("summary", has_text="Keine Bilder von Menschen"))
    place = page.locator("#abschnitt-2")
    hands.choose(place.get_by_label("Wie stehen Sie dazu?"), "anderer Wortlaut")
    hands.fill(place.get_by_label("Ihr Kommentar"), "Bitte verbindlich.")
    wording = place.get_by_label("So sollte der Abschnitt heißen")
    hands.fill(wording, wording.input_value().replace("möglich ist", "erlaubt ist"))
    hands.follow(page.get_by_role("button", name="Speichern und später weitermachen"))
    expect(page.get_by_text("Ihr PDF ist gespeichert: 2 Seiten")).to_be_visible()
    page.goto(asked.link)
    hands.follow(page.get_by_role("button", name="Stellungnahme abgeben"))
    expect(page.get_by_role("heading", name="Bitte prüfen Sie")).to_be_visible()
    assert axe(page) == []
    hands.fill(page.get_by_label("Wer unterschreibt?"), "Vera Muster")
    hands.fill(page.get_by_label("In welcher Aufgabe?"), "Geschäftsführerin")
    hands.tick(page.get_by_label("Ich darf für die Organisation sprechen"))
    hands.follow(page.get_by_role("button", name="Stellungnahme abgeben"))
    expect(page.get_by_role("heading", name="Danke")).to_be_visible()
    asked.publish()
    page.goto(f"{asked.base}/beteiligung/{asked.slug}/kommentare")
    expect(page.get_by_text("0 Kommentare")).to_be_visible()
    hands.follow(page.get_by_role("link", name="Handwerkskammer", exact=True))
    expect(page.get_by_role("heading", name="Stellungnahme: Handwerkskammer")).to_be_visible()
    expect(page.locator("ins")).to_contain_text("erlaubt")
    expect(page.get_by_text("Vera Muster")).to_have_count(0)
    assert axe(page) == []
    download = hands.download(page.get_by_role("link", name="Original herunterladen"))
    assert Path(download.path()).read_bytes() == file.read_bytes()
