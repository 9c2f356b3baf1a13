"""Answers are saved for later behind a link, and deleted."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from participation.foundation import clock
from participation.surveys.answers import SavedSheet
from tests.citizen import NOTHING, PAGE_1, PAGE_2, PAGE_3, PAGE_4, Citizen, stored
from tests.pages import pressed


def link_in(page):
    (link,) = re.findall(r'data-copy="([^"]+)"', page)
    return urlsplit(html.unescape(link)).path


def test_a_saved_sheet_is_sealed_comes_back_with_a_button_and_is_deleted_on_sending(
    site, survey, citizen
):
    citizen.press("Weiter", **PAGE_1)
    citizen.press("Weiter", **PAGE_2)
    assert citizen.save(**(PAGE_3 | {"frage_F9": "viele"})) == 200
    assert "Ihre Antworten warten auf Sie" in citizen.said
    link = link_in(citizen.page)
    row = site.session.scalars(sa.select(SavedSheet)).one()
    assert link.rpartition("/")[2] not in row.name
    assert b"viele" not in row.sealed
    assert stored(site) == NOTHING

    elsewhere = site.visitor()
    for _ in range(2):
        shown = elsewhere.get(link)
        assert shown.status_code == 200
        assert "viele" not in shown.text
    target, fields = pressed(shown.text, "Weitermachen")
    citizen.browser = elsewhere
    citizen.answer = elsewhere.post(target, data=fields)
    assert "Schritt 3 von 4" in citizen.said
    assert 'value="viele"' in citizen.page

    # Saved again it keeps its link.
    assert citizen.save(frage_F9="7") == 200
    assert link_in(citizen.page) == link
    assert site.session.scalar(sa.select(sa.func.count()).select_from(SavedSheet)) == 1
    citizen.answer = elsewhere.post(link)
    citizen.press("Weiter")
    citizen.press("Antworten prüfen", **PAGE_4)
    assert "7 km" in citizen.said
    assert citizen.press("Antworten absenden") == 200
    site.session.rollback()
    assert site.session.scalars(sa.select(SavedSheet)).all() == []
    assert elsewhere.get(link).status_code == 404


def test_a_saved_sheet_is_deleted_by_its_link_and_after_thirty_days(site, survey, citizen):
    citizen.save(**PAGE_1)
    link = link_in(citizen.page)
    target, fields = pressed(citizen.browser.get(link).text, "Angefangene Antworten löschen")
    assert "gelöscht" in citizen.browser.post(target, data=fields).text
    assert citizen.browser.get(link).status_code == 404
    other = Citizen(site, survey)
    other.save(**PAGE_1)
    survey.closes_at += timedelta(days=90)
    site.session.commit()
    with clock.standing_at(clock.now() + timedelta(days=31)):
        assert other.browser.get(link_in(other.page)).status_code == 404
        site.work()
    site.session.rollback()
    assert site.session.scalars(sa.select(SavedSheet)).all() == []


@pytest.mark.parametrize("token", ["x", "a" * 3000, "%2e%2e", "ä"])
def test_a_link_that_holds_nothing_says_so(site, survey, token):
    answer = site.visitor().get(f"/beteiligung/{survey.slug}/weiter/{token}")
    assert answer.status_code == 404


def test_a_link_of_another_survey_opens_nothing(site, survey, citizen):
    citizen.save(**PAGE_1)
    other = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.session.commit()
    link = link_in(citizen.page).replace(survey.slug, other.slug)
    assert citizen.browser.get(link).status_code == 404


def test_the_link_is_mailed_without_storing_the_address(site, survey, citizen):
    citizen.save(**PAGE_1)
    link = link_in(citizen.page)
    target, fields = pressed(citizen.page, "Link schicken", email="nina@example.org")
    sent = citizen.browser.post(target, data=fields)
    assert sent.status_code == 200
    assert "Der Link ist unterwegs" in sent.text
    (mail,) = site.mails()
    assert mail["To"] == "nina@example.org"
    assert link in mail.get_content()
    assert "nina" not in _whole_database(site)
    wrong = citizen.browser.post(target, data=fields | {"email": "nina"})
    assert wrong.status_code == 422
    assert link in wrong.text
    assert len(site.mails()) == 1


def _whole_database(site):
    site.session.rollback()
    connection = site.session.connection()
    tables = sa.inspect(connection).get_table_names()
    return " ".join(
        str(connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()) for name in tables
    )


def test_a_saved_sheet_of_a_survey_that_changed_explains_itself(site, survey, citizen):
    citizen.press("Weiter", **PAGE_1)
    citizen.save(**PAGE_2)
    survey.versions[-1].questions[0].texts[0].text = "Wie kommen Sie her?"
    site.session.commit()
    answer = citizen.browser.post(link_in(citizen.page))
    assert answer.status_code == 409
    assert "Die Umfrage wurde geändert" in answer.text
    assert re.search(r'<input checked[^>]*id="frage_F1-1"', answer.text)
