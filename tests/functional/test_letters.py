"""Staff makes letters: a table or a number in, a PDF out, and nothing kept."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.engagements import codes, printing
from participation.engagements.models import Audience, InvitationCode, LetterBatch
from participation.engagements.plans import LONGEST_TITLE
from participation.foundation.orm import metadata
from tests.factories import a_logo
from tests.pages import pressed
from tests.pdf_text import pages_of
from tests.statements import queries_of

PATH = "/verwaltung/beteiligungen/auswahl/briefe"
TABLE = "Vorname;Nachname;Straße;PLZ;Ort\nErika;Noack;Hauptstraße 1;15344;Lindenow\n"
WORDS = {
    "way": "table",
    "sender": "Stadt Lindenow · Markt 1 · 15344 Lindenow",
    "subject": "Machen Sie mit",
    "text": "Guten Tag,\n\n#strong[kein] *Markup* $x$",
    "closing": "Ines Lehmann",
}


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, audience=Audience.CODE, title="Auswahl")
    site.municipality.logo, site.municipality.logo_type = a_logo(), "image/webp"
    site.session.commit()
    return survey


@pytest.fixture
def strategist(site):
    return site.staff(Role.STRATEGIST)


def hand_in(browser, table: str | bytes = TABLE, name="liste.csv", **more):
    content = table.encode() if isinstance(table, str) else table
    return browser.post(PATH, data=WORDS | more | {"table": (io.BytesIO(content), name)})


def made(browser, page, **more):
    action, fields = pressed(page.text, "Briefe herunterladen", **more)
    return browser.post(action, data=columns_of(page.text) | fields)


def columns_of(page: str) -> dict[str, str]:
    """What is chosen in the selects, which `pressed` does not read."""
    selects = re.findall(r'<select[^>]*name="(column_\d+)"(.*?)</select>', page, re.S)
    return {
        name: "".join(re.findall(r'<option selected value="([^"]*)"', body))
        for name, body in selects
    }


def key_on(page: str) -> str:
    (key,) = re.findall(r"data-list-key>([0-9A-Z-]+)<", page)
    return str(key)


def code_on(text: str) -> str:
    (written,) = re.findall(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}", text)
    code = codes.read_written(written)
    assert code is not None
    return code


def test_a_table_becomes_letters_whose_code_lets_in(site, survey, strategist):
    assert strategist.get(PATH).status_code == 200
    page = hand_in(strategist)
    assert page.status_code == 200
    assert "1 Brief" in page.text
    for cell in ("Noack", "Hauptstraße 1"):
        assert cell in page.text
    answer = made(strategist, page)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    (letter,) = pages_of(answer.data)
    for words in ("Erika Noack", "15344 Lindenow", "Machen Sie mit", "#strong[kein] *Markup* $x$"):
        assert words in letter
    let_in = site.visitor().post("/beteiligung/auswahl/code", data={"_code": code_on(letter)})
    assert let_in.status_code == 303


def test_the_letters_are_tagged_for_screen_readers(survey, strategist):
    content = made(strategist, hand_in(strategist)).data
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid" in content
    assert b"/Lang" in content


def test_neither_addresses_nor_letters_are_stored(site, survey, strategist):
    page = hand_in(strategist, TABLE.replace("Noack", "Kanarienvogel"))
    code = code_on(pages_of(made(strategist, page).data)[0])
    site.session.expire_all()
    connection = site.session.connection()
    for table in metadata.sorted_tables:
        rows = repr(connection.execute(sa.select(table)).all())
        for secret in ("Kanarienvogel", code, key_on(page.text).replace("-", "")):
            assert secret not in rows, table.name
    # What travels in the form is sealed.
    (order,) = re.findall(r'name="order"[^>]*value="([^"]+)"', page.text)
    assert "Kanarienvogel" not in order


def test_a_reminder_prints_the_same_codes(survey, strategist):
    first = hand_in(strategist)
    code = code_on(pages_of(made(strategist, first).data)[0])
    again = hand_in(strategist, is_reminder="y", list_key=key_on(first.text).lower())
    assert "Alle auf der Liste bekommen denselben Code" in again.text
    assert code_on(pages_of(made(strategist, again).data)[0]) == code
    assert "Erinnerung" in strategist.get(PATH).text


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "Geben Sie den Schlüssel der Liste an"),
        ("12345-12345-12345-12345", "Geben Sie den Schlüssel der Liste an"),
        (codes.new_list_key(), "Diesen Schlüssel kennen wir"),
    ],
    ids=["nothing", "misread", "unknown"],
)
def test_a_wrong_key_is_refused_and_nothing_typed_is_lost(survey, strategist, key, message):
    page = hand_in(strategist, is_reminder="y", list_key=key, subject="Zweiter Versuch")
    assert page.status_code == 422
    assert message in page.text
    assert 'value="Zweiter Versuch"' in page.text


def test_letters_without_addresses_are_numbered(site, survey, strategist):
    page = strategist.post(PATH, data=WORDS | {"way": "number", "number": "3"})
    letters = pages_of(made(strategist, page).data)
    assert len({code_on(letter) for letter in letters}) == 3
    assert site.session.scalar(sa.select(LetterBatch.letters)) == 3


def test_a_list_for_several_files_comes_as_one_archive(survey, strategist, monkeypatch):
    monkeypatch.setattr(printing, "LETTERS_IN_A_FILE", 2)
    page = strategist.post(PATH, data=WORDS | {"way": "number", "number": "3"})
    answer = made(strategist, page)
    assert answer.mimetype == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    lengths = [len(pages_of(archive.read(name))) for name in archive.namelist()]
    assert lengths == [2, 1]


def test_the_same_form_twice_gives_the_same_letters(site, survey, strategist):
    page = hand_in(strategist)
    first, second = made(strategist, page), made(strategist, page)
    assert code_on(pages_of(first.data)[0]) == code_on(pages_of(second.data)[0])
    count = sa.select(sa.func.count()).select_from
    assert site.session.scalar(count(LetterBatch)) == 1
    assert site.session.scalar(count(InvitationCode)) == 1


def test_faults_are_named_with_their_lines_and_nothing_is_stored(site, survey, strategist):
    broken = TABLE + "Mato;;Am Markt 2;15344;\n;;;;\nAnna;Muster;;15344;Lindenow\n"
    page = hand_in(strategist, broken)
    answer = made(strategist, page)
    assert answer.status_code == 422
    assert "Zeile 3: Postleitzahl oder Ort fehlt." in answer.text
    assert "Zeile 5: Die Straße fehlt." in answer.text
    assert site.session.scalar(sa.select(InvitationCode.code_hash)) is None
    # The page goes on with the same table and the same key.
    assert key_on(answer.text) == key_on(page.text)


def test_a_column_that_was_guessed_wrongly_can_be_chosen(survey, strategist):
    page = hand_in(strategist, TABLE.replace("Straße", "Wo").replace("PLZ", "Zahl"))
    answer = made(strategist, page)
    assert "Wählen Sie die Spalte für die Straße" in answer.text
    chosen = columns_of(answer.text) | {"column_2": "street", "column_3": "town"}
    action, fields = pressed(answer.text, "Briefe herunterladen")
    answer = strategist.post(action, data=fields | chosen)
    assert "15344 Lindenow" in pages_of(answer.data)[0]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "liste.csv", "Die Datei ist leer"),
        (b"MZ\x00\x01", "liste.xlsx", "keine Excel-Datei"),
        (b'Name;Ort\n"x;y\n', "liste.csv", "Zeile 2"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_the_words_stay(
    survey, strategist, content, name, message
):
    page = hand_in(strategist, content, name, subject="Mein Betreff")
    assert page.status_code == 422
    assert message in page.text
    assert 'value="Mein Betreff"' in page.text


def test_an_order_that_is_not_ours_or_too_old_is_refused(site, survey, strategist):
    other = site.make.survey(site.municipality, audience=Audience.CODE, title="Andere")
    site.session.commit()
    _, fields = pressed(hand_in(strategist).text, "Briefe herunterladen")
    for path, order in (
        (PATH, "kaputt"),
        (PATH.replace("auswahl", other.slug), fields["order"]),
    ):
        answer = strategist.post(f"{path}/erstellen", data=fields | {"order": order})
        assert answer.status_code == 422
    assert site.session.scalar(sa.select(InvitationCode.code_hash)) is None


def test_a_sample_can_be_looked_at_and_lets_nobody_in(site, survey, strategist):
    answer = strategist.post(PATH, data=WORDS | {"sample": "1"})
    (letter,) = pages_of(answer.data)
    assert "Erika Mustermann" in letter
    assert "BEISP" in letter
    assert site.session.scalar(sa.select(LetterBatch.id)) is None


def test_letters_are_for_staff_of_surveys_by_code(site, survey, strategist):
    site.make.survey(site.municipality, title="Offen")
    site.session.commit()
    assert strategist.get(PATH.replace("auswahl", "offen")).status_code == 409
    assert site.staff(Role.ANALYST).get(PATH).status_code == 403
    assert site.staff(Role.MODERATOR).get(PATH).status_code == 403


def test_a_poster_says_what_until_when_and_where(site, survey, strategist):
    answer = strategist.get("/verwaltung/beteiligungen/auswahl/plakat")
    assert answer.mimetype == "application/pdf"
    (page,) = pages_of(answer.data)
    for words in ("Auswahl", "17. Mai 2026", "localhost/", "Umfrage", "Lindenow"):
        assert words in page.replace("\u200b", "")


@pytest.mark.parametrize("word", ["W", "Verordnung ", "Wir bauen\n"])
def test_a_poster_is_one_page_however_much_it_says(site, survey, strategist, word):
    survey.title = (word * LONGEST_TITLE)[:LONGEST_TITLE]
    survey.summary = (word * 600)[:600]
    site.session.commit()
    answer = strategist.get("/verwaltung/beteiligungen/auswahl/plakat")
    (page,) = pages_of(answer.data)
    assert "localhost/" in page.replace("\u200b", "")


def test_the_page_of_letters_takes_few_queries(site, survey, strategist):
    for path in (PATH, "/verwaltung/beteiligungen/auswahl/plakat"):
        assert queries_of(site, strategist, path) <= 20


def test_letters_are_withdrawn_with_a_button_and_an_open_door_closes(site, survey, strategist):
    letter = pages_of(made(strategist, hand_in(strategist)).data)[0]
    citizen = site.visitor()
    assert citizen.post("/beteiligung/auswahl/code", data={"_code": code_on(letter)}).location
    assert citizen.get("/beteiligung/auswahl/teilnehmen").status_code == 200
    (address,) = re.findall(r'href="([^"]+/zurueckziehen)"', strategist.get(PATH).text)
    asked = strategist.get(address)
    assert "Der Code dieses Briefs gilt danach nicht mehr." in asked.text
    action, fields = pressed(asked.text, "Codes ungültig machen")
    answer = strategist.post(action or address, data=fields, follow_redirects=True)
    assert "zurückgezogen am" in answer.text
    assert "/zurueckziehen" not in answer.text
    assert "Code" in citizen.get("/beteiligung/auswahl/teilnehmen").text
    assert 'name="_code"' in citizen.get("/beteiligung/auswahl/teilnehmen").text
    again = strategist.post(address, data=fields, follow_redirects=True)
    assert "lassen sich nicht (mehr) zurückziehen" in again.text
    assert strategist.get(f"{PATH}/999/zurueckziehen").status_code == 404
