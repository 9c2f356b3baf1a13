"""Clerks enter slips; the pages work without a script, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import Channel
from participation.engagements.models import Audience
from participation.foundation import clock
from participation.surveys.answers import SurveyResponse
from tests.pages import pressed
from tests.pdf_text import pages_of
from tests.statements import queries_of

PATH = "/verwaltung/beteiligungen/papier/zettel"
SAVE = "Speichern, nächster Zettel"


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, audience=Audience.ACCOUNT, title="Papier")
    site.session.commit()
    return survey


@pytest.fixture
def clerk(site):
    return site.staff(Role.MODERATOR)


def send(browser, page, button=SAVE, **typed):
    _, fields = pressed(page.text, button)
    return browser.post(PATH, data=fields | typed)


def stored(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(SurveyResponse.channel)).all()
    site.session.commit()
    return found


def test_slips_are_entered_one_after_the_other(site, survey, clerk):
    page = clerk.get(PATH)
    for number, typed in enumerate(({"frage_F1": "2"}, {"frage_F1": "1", "frage_F2": "1 3"}), 1):
        page = send(clerk, page, **typed)
        assert page.status_code == 200
        assert f"{number} Zettel gespeichert" in page.text
        # The next form is empty and begins at the top.
        first = re.search(r"<input[^>]*autofocus[^>]*>", page.text)
        assert first is not None
        assert 'name="frage_F1"' in first.group()
        assert 'value=""' in first.group()
    assert stored(site) == [Channel.PAPER] * 2


def test_what_was_told_in_person_gets_a_receipt(site, survey, clerk):
    page = send(clerk, clerk.get(PATH), frage_F1="1", channel="on_behalf")
    assert "Beleg für die Person" in page.text
    assert stored(site) == [Channel.ON_BEHALF]
    # The way stays chosen for the next one; a slip on paper has no receipt.
    assert re.search(r'value="on_behalf"[^>]*checked|checked[^>]*value="on_behalf"', page.text)
    page = send(clerk, page, frage_F1="2", channel="paper")
    assert "Beleg für die Person" not in page.text


def test_without_a_script_enter_shows_what_was_understood_and_stores_nothing(site, survey, clerk):
    page = clerk.get(PATH)
    first_button = re.search(r'<form[^>]*data-slip>.*?<button[^>]*name="(\w+)"', page.text, re.S)
    assert first_button is not None
    assert first_button.group(1) == "check"
    page = send(clerk, page, "Nur prüfen", frage_F1="2")
    assert page.status_code == 200
    assert "So haben wir es verstanden" in page.text
    assert 'value="2"' in page.text
    assert stored(site) == []


def test_a_wrong_number_is_named_and_everything_typed_stays(site, survey, clerk):
    page = send(clerk, clerk.get(PATH), frage_F1="7", frage_F2="1 3", frage_F4="Mehr Bänke")
    assert page.status_code == 422
    assert "„7“ steht hier nicht zur Wahl. Möglich sind: 1, 2, 3, 4." in page.text
    for kept in ('value="7"', 'value="1 3"', "Mehr Bänke</textarea>"):
        assert kept in page.text
    page = send(clerk, page, frage_F1="", frage_F2="1 2 3")
    assert "Bitte wählen Sie höchstens 2 Antworten." in page.text
    page = send(clerk, page, frage_F1="", frage_F2="", frage_F4="")
    assert "Leere Zettel zählen nicht" in page.text
    assert stored(site) == []


def test_the_same_slip_again_is_asked_about(site, survey, clerk):
    page = send(clerk, clerk.get(PATH), frage_F1="2")
    page = send(clerk, page, frage_F1="2")
    assert page.status_code == 409
    assert "Derselbe Zettel noch einmal?" in page.text
    assert len(stored(site)) == 1
    page = send(clerk, page, is_another="y")
    assert page.status_code == 200
    assert len(stored(site)) == 2


def test_a_double_click_stores_one_slip(site, survey, clerk):
    page = clerk.get(PATH)
    send(clerk, page, frage_F1="2")
    assert send(clerk, page, frage_F1="2").status_code == 200
    assert len(stored(site)) == 1


def test_after_the_end_slips_are_entered_until_the_stated_day(site, survey, clerk):
    strategist = site.staff(Role.STRATEGIST)
    with clock.standing_at(survey.closes_at + timedelta(hours=1)):
        clerk, strategist = site.staff(Role.MODERATOR), site.staff(Role.STRATEGIST)
        assert "werden keine Papierbögen eingegeben" in clerk.get(PATH).text
        answer = strategist.post(f"{PATH}/frist", data={"until": "2026-05-30"})
        assert answer.status_code == 303
        assert "30. Mai 2026, 23:59" in strategist.get(PATH).text
        assert send(clerk, clerk.get(PATH), frage_F1="1").status_code == 200
        strategist.post(f"{PATH}/frist", data={"until": "2026-05-30", "end": "1"})
        assert "werden keine Papierbögen eingegeben" in clerk.get(PATH).text
    assert len(stored(site)) == 1


def test_paper_is_for_staff(site, survey, client, clerk):
    assert client.get(PATH).status_code in {302, 303}
    assert site.staff(Role.ANALYST).get(PATH).status_code == 403
    assert clerk.post(f"{PATH}/frist", data={"until": "2026-05-30"}).status_code == 403


def test_the_printed_form_has_all_questions_their_keys_and_the_way_to_the_screen(survey, clerk):
    answer = clerk.get("/verwaltung/beteiligungen/papier/druckbogen")
    assert answer.mimetype == "application/pdf"
    text = "\n".join(pages_of(answer.data))
    for words in (
        "1. Wie möchten Sie Ihr Anliegen erledigen?",
        "vor Ort ohne Termin",
        "Höchstens 2 Kreuze.",
        "sehr schwer",
        "4. Was sollte die Stadt als Erstes ändern?",
        "Seite 1 von",
        "Fassung 1",
    ):
        assert words in text
    assert b"/StructTreeRoot" in answer.data


def test_days_are_shown_in_fives_with_a_table(site, survey):
    for _ in range(7):
        site.make.response(survey, account=site.make.member(municipality=site.municipality))
    site.session.commit()
    page = site.staff(Role.ANALYST).get("/verwaltung/beteiligungen/papier/tage")
    assert page.status_code == 200
    assert "7. Mai 2026" in page.text
    assert "rund 5" in page.text
    assert "Als Tabelle" in page.text
    assert "online" in page.text


@pytest.mark.parametrize("path", ["zettel", "tage", "druckbogen"])
def test_the_pages_read_no_more_for_more_slips(site, survey, path):
    browser = site.staff(Role.STRATEGIST)
    address = f"/verwaltung/beteiligungen/papier/{path}"
    few = queries_of(site, browser, address)
    for _ in range(15):
        site.make.response(survey, account=site.make.member(municipality=site.municipality))
    site.session.commit()
    assert queries_of(site, browser, address) == few
    assert few <= 20
