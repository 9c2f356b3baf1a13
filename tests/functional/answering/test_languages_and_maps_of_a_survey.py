"""A survey in another language, and the map of a place."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from participation.engagements.models import EngagementText
from participation.surveys.answers import PlaceAnswer
from participation.surveys.models import QuestionText
from tests.citizen import PAGE_1, PAGE_2, Citizen


@pytest.fixture
def in_english(site, survey):
    first = survey.versions[-1].questions[0]
    site.session.add_all(
        [
            QuestionText(question_id=first.id, language="en", text="How do you get into town?"),
            EngagementText(engagement_id=survey.id, language="en", title="Digital every day"),
            EngagementText(engagement_id=survey.id, language="de-x-leicht", title="Leicht gesagt"),
        ]
    )
    site.session.commit()


# Languages -------------------------------------------------------------------------------------


def test_another_language_is_marked_and_what_is_missing_says_so(site, survey, in_english):
    citizen = Citizen(site, survey, "?sprache=en")
    # The page itself is English then; what is missing is marked as German.
    assert '<html lang="en"' in citizen.page
    assert '<h1 class="kern-heading-large">Digital every day</h1>' in citizen.page
    assert not re.search(r'data-code="F1"[^>]* lang=', citizen.page)
    assert citizen.said.count("This question is only available in German.") == 2
    easy = Citizen(site, survey, "?sprache=de-x-leicht")
    assert "Leicht gesagt" in easy.said


def test_changing_the_language_loses_nothing(site, survey, in_english):
    citizen = Citizen(site, survey)
    _, fields = citizen.fields("Weiter", **(PAGE_1 | {"worte_F3": "ein Fest"}))
    fields["tun"] = "sprache"
    answer = citizen.browser.post(f"{citizen.path}/schritt?sprache=en", data=fields)
    assert answer.status_code == 200
    assert "How do you get into town?" in answer.text
    assert "ein Fest" in answer.text
    citizen.answer = answer
    assert citizen.fields("Next")[0].endswith("sprache=en")


def test_what_is_no_language_is_german(site, survey, in_english):
    for tag in ("xx", "%00", "en'--", "a" * 3000, "DE"):
        answer = site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen?sprache={tag}")
        assert answer.status_code in {200, 400}
        if answer.status_code == 200:
            assert "Wie kommen Sie meist in die Stadt?" in answer.text


# Maps ------------------------------------------------------------------------------------------


def test_without_a_tile_server_a_place_is_typed_and_no_picture_comes_from_elsewhere(site, survey):
    page = site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen?ansicht=seite")
    assert "data-map" not in page.text
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]


def test_with_a_tile_server_only_the_page_of_a_place_may_show_its_pictures(site, survey, citizen):
    site.fetch_maps_from("https://tiles.example/{z}/{x}/{y}.png")
    first = citizen.browser.get(citizen.path)
    assert "tiles.example" not in first.headers["Content-Security-Policy"]
    page = citizen.browser.get(f"{citizen.path}?ansicht=seite")
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example;" in policy
    assert "script-src 'self'" in policy
    # Nothing is fetched before somebody opens the map.
    assert "data-tiles=" in page.text
    assert not re.search(r'(?:src|href)="[^"]*(?:tiles\.example|leaflet)', page.text)
    citizen.answer = page
    citizen.press("Antworten prüfen", **(PAGE_1 | PAGE_2 | {"punkt_F11": "51.337,12.373"}))
    assert "Punkt auf der Karte" in citizen.said
    assert citizen.press("Antworten absenden") == 200
    place = site.session.scalars(sa.select(PlaceAnswer)).one()
    assert (place.north, place.east) == (5134, 1237)


def test_the_privacy_notice_names_who_sends_the_maps(site):
    notice = site.visitor().get("/datenschutz").text
    assert "Die Bilder der Karte kommen von" not in notice
    site.fetch_maps_from("https://tiles.example/{z}/{x}/{y}.png")
    assert (
        "Die Bilder der Karte kommen von tiles.example." in site.visitor().get("/datenschutz").text
    )
    assert "tiles.example" not in site.visitor().get("/regeln").text
