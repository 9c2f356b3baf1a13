"""A workshop's pinboards become twenty ideas: template, a faulty line, preview, list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from participation.accounts.models import Role
from participation.foundation.workbooks import Sheet, write_workbook
from participation.ideas.models import Idea
from tests.journeys.conftest import Served
from tests.servers.axe import axe

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

TITLE = "Werkstatt am Markt"
CARDS = [(f"Karte {number}", f"Wunsch Nummer {number} von der Pinnwand") for number in range(1, 21)]


def test_a_workshop_table_becomes_twenty_ideas_after_a_faulty_line(
    lindenow: Served, phone_without_javascript: Page, tmp_path: Path
):
    with lindenow.arranging() as (make, municipality):
        call = make.idea_call(municipality, title=TITLE)
        slug = call.slug
    page = phone_without_javascript
    lindenow.sign_in(page, Role.STRATEGIST, Role.MODERATOR, name="Ines Lehmann")
    page.goto(f"{lindenow.address}/verwaltung/beteiligungen")
    page.get_by_role("link", name=re.compile(f"^Tabelle.*{TITLE}")).click()
    headings = the_template(page, tmp_path)
    faulty = [*CARDS[:12], ("Ohne Idee", ""), *CARDS[13:]]
    hand_in(page, a_table(tmp_path / "pinnwand.xlsx", headings, faulty))
    expect(page.get_by_role("heading", name="Eine Stelle stimmt noch nicht")).to_be_visible()
    expect(
        page.get_by_role("row", name=re.compile("Zeile 14.*B .Idee.*Hier fehlt"))
    ).to_be_visible()
    assert axe(page) == []
    expect(page.get_by_label("Woher genau?")).to_have_value("Werkstatt im Bürgerhaus")
    hand_in(page, a_table(tmp_path / "neu.xlsx", headings, CARDS))
    expect(page.get_by_role("heading", name="20 Ideen, noch nicht gespeichert")).to_be_visible()
    assert axe(page) == []
    assert lindenow.count(Idea.title.like("Karte %"), of=Idea) == 0
    page.get_by_role("button", name="20 Ideen übernehmen").click()
    expect(page.get_by_text("20 Ideen sind übernommen und veröffentlicht.")).to_be_visible()
    expect(page.get_by_role("button", name="Zurücknehmen und 20 Ideen löschen")).to_be_visible()
    page.goto(f"{lindenow.address}/beteiligung/{slug}/ideen")
    expect(page.get_by_text("20 Ideen").first).to_be_visible()
    page.get_by_role("link", name="Karte 20", exact=True).click()
    expect(page.get_by_text("in einer Werkstatt: Werkstatt im Bürgerhaus")).to_be_visible()


def the_template(page: Page, folder: Path) -> list[str]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel (XLSX)").click()
    path = folder / "vorlage.xlsx"
    download.value.save_as(path)
    (headings,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [str(heading) for heading in headings]


def a_table(path: Path, headings: list[str], cards: list[tuple[str, str]]) -> Path:
    write_workbook(path, [Sheet("Ideen", [headings, *cards])])
    return path


def hand_in(page: Page, path: Path) -> None:
    page.get_by_label("Tabelle mit Ideen").set_input_files(path)
    page.get_by_label("Woher genau?").fill("Werkstatt im Bürgerhaus")
    page.get_by_label("Gleich veröffentlichen: Ich habe sie geprüft").check()
    page.get_by_role("button", name="Hochladen und ansehen").click()
