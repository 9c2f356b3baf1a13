"""A letter's code on its way from the town's table to the receipt of whoever answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from participation.accounts.models import Role
from participation.engagements.models import Audience
from tests.journeys.conftest import Served
from tests.journeys.test_answering import looks_right
from tests.pdf_text import pages_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

TABLE = """Anrede;Vorname;Nachname;Straße;Hausnr.;PLZ;Ort
Frau;Erika;Noack;Hauptstraße;1;15344;Lindenow
Herr;Mato;Krüger;Am Markt;2a;15344;Lindenow
"""
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}")


def test_a_code_leads_from_the_letter_to_the_receipt(
    lindenow: Served,
    phone: Page,
    phone_without_javascript: Page,
    open_page: Callable[..., Page],
):
    with lindenow.arranging() as (make, municipality):
        make.survey(municipality, title="Auswahl", audience=Audience.CODE)
    clerk = open_page(accept_downloads=True)
    lindenow.sign_in(clerk, Role.STRATEGIST, name="Paul Noack")
    first, second = letters_for(clerk, lindenow)
    by_the_qr_code(phone, lindenow, first)
    by_typing_without_a_script(phone_without_javascript, lindenow, second)
    a_spent_code_is_of_no_use(open_page(), lindenow, first)


def letters_for(page: Page, town: Served) -> list[str]:
    """Hand in the table, look at a sample, check the columns, and read codes from the PDF."""
    page.goto(town.address + "/verwaltung/beteiligungen")
    page.get_by_role("link", name=re.compile("Briefe.*Auswahl")).click()
    looks_right(page)
    page.get_by_label("Tabelle mit Adressen").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_label("Betreff").fill("Machen Sie mit!")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", name="2 Briefe")).to_be_visible()
    expect(page.get_by_label("Hausnr.")).to_have_value("street")
    expect(page.locator("[data-list-key]")).to_have_text(CODE)
    looks_right(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Briefe herunterladen").click()
    letters = pages_of(Path(download.value.path()).read_bytes())
    assert "Frau Erika Noack" in letters[0]
    assert "Am Markt 2a" in letters[1]
    return [CODE.findall(letter)[0] for letter in letters]


def by_the_qr_code(page: Page, town: Served, code: str) -> None:
    """The script puts the code into the field and takes it out of the address."""
    page.goto(f"{town.address}/beteiligung/auswahl/code#{code.replace('-', '')}")
    expect(page.get_by_label("Code aus dem Brief")).to_have_value(code.replace("-", ""))
    assert "#" not in page.url
    looks_right(page)
    page.get_by_role("button", name="Weiter").click()
    answer(page)
    assert code.replace("-", "") not in town.log()


def by_typing_without_a_script(page: Page, town: Served, code: str) -> None:
    page.goto(town.address + "/beteiligung/auswahl")
    page.get_by_role("link", name="Mit Code mitmachen").click()
    field = page.get_by_label("Code aus dem Brief")
    field.fill(code[:-1])
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("stimmt ein Zeichen nicht").first).to_be_visible()
    expect(field).to_have_value(code[:-1])
    looks_right(page)
    # The whole code is seen while it is typed.
    field.fill(code.upper())
    assert field.evaluate("field => field.scrollWidth <= field.clientWidth")
    field.fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Weiter").click()
    answer(page)


def answer(page: Page) -> None:
    page.get_by_label("vor Ort ohne Termin").check()
    page.get_by_role("button", name="Antworten prüfen").click()
    page.get_by_role("button", name="Antworten absenden").click()
    expect(
        page.get_by_role("heading", name="Danke, Ihre Antworten sind gespeichert")
    ).to_be_visible()
    assert page.context.cookies() == []


def a_spent_code_is_of_no_use(page: Page, town: Served, code: str) -> None:
    page.goto(town.address + "/beteiligung/auswahl/code")
    page.get_by_label("Code aus dem Brief").fill(code)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("Sie haben schon geantwortet").first).to_be_visible()
