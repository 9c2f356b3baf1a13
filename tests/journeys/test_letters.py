"""A letter's code on its way from the town's table to the receipt of whoever answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.engagements.models import Audience
from participation.foundation.orm import tune_engine
from tests.factories import Make
from tests.journeys.conftest import Town
from tests.journeys.test_answering import looks_right
from tests.pdf_text import pages_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

TABLE = """Anrede;Vorname;Nachname;Straße;Hausnr.;PLZ;Ort
Frau;Erika;Noack;Hauptstraße;1;15344;Lindenow
Herr;Mato;Krüger;Am Markt;2a;15344;Lindenow
"""
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}")


def test_a_code_leads_from_the_letter_to_the_receipt(
    town: Town,
    tmp_path: Path,
    phone: Page,
    phone_without_javascript: Page,
    open_page: Callable[..., Page],
):
    invite_to_a_survey(tmp_path)
    clerk = open_page(accept_downloads=True)
    town.join(clerk, "paul@lindenow.example", "Paul Noack", "strategist")
    first, second = letters_for(clerk, town)
    by_the_qr_code(phone, town, first)
    by_typing_without_a_script(phone_without_javascript, town, second)
    a_spent_code_is_of_no_use(open_page(), town, first)


def invite_to_a_survey(folder: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{folder / 'participation.sqlite'}")
    tune_engine(engine)
    with Session(engine) as session:
        municipality = session.scalars(sa.select(Municipality)).one()
        make = Make(session, at=datetime.now(UTC))
        survey = make.survey(municipality, title="Auswahl", audience=Audience.CODE, published=False)
        survey.published_at = survey.opens_at
        session.commit()
    engine.dispose()


def letters_for(page: Page, town: Town) -> list[str]:
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


def by_the_qr_code(page: Page, town: Town, code: str) -> None:
    """The script puts the code into the field and takes it out of the address."""
    page.goto(f"{town.address}/beteiligung/auswahl/code#{code.replace('-', '')}")
    expect(page.get_by_label("Code aus dem Brief")).to_have_value(code.replace("-", ""))
    assert "#" not in page.url
    looks_right(page)
    page.get_by_role("button", name="Weiter").click()
    answer(page)
    assert code.replace("-", "") not in town.log()


def by_typing_without_a_script(page: Page, town: Town, code: str) -> None:
    page.goto(town.address + "/beteiligung/auswahl")
    page.get_by_role("link", name="Mit Code mitmachen").click()
    field = page.get_by_label("Code aus dem Brief")
    field.fill(code[:-1])
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("stimmt ein Zeichen nicht").first).to_be_visible()
    expect(field).to_have_value(code[:-1])
    looks_right(page)
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


def a_spent_code_is_of_no_use(page: Page, town: Town, code: str) -> None:
    page.goto(town.address + "/beteiligung/auswahl/code")
    page.get_by_label("Code aus dem Brief").fill(code)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_text("Sie haben schon geantwortet").first).to_be_visible()
