"""A survey is begun from a template or from an earlier one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.engagements.models import Audience
from participation.surveys.models import Survey
from tests.building_pages import asked
from tests.conftest import NOON
from tests.pages import pressed, text_of

PLAN = {
    "title": "Was ist Ihnen wichtig?",
    "scope_open": "Die Reihenfolge",
    "scope_closed": "Das Geld",
    "opens_on": "2026-05-07",
    "opens_time": "08:00",
    "closes_on": "2026-06-07",
    "closes_time": "20:00",
    "audience": "open",
    "moderation_mode": "before",
    "results_mode": "at_closing",
}


def test_a_template_needs_a_title_dates_and_elements_and_is_ready(site, clerk):
    site.make.adopted_strategy(site.municipality)
    chooser = clerk.get("/beteiligung/neu/umfrage").text
    assert "Maßnahmen gewichten" in chooser
    assert "vorlage=priorities" in chooser
    form = clerk.get("/beteiligung/neu/umfrage?vorlage=priorities")
    assert "Was ist Ihnen wichtig?" in form.text
    refused = clerk.post(
        "/beteiligung/neu/umfrage?vorlage=priorities", data=PLAN | {"elements": ["M-01"]}
    )
    assert refused.status_code == 422
    assert "mindestens zwei" in text_of(refused.text)
    begun = clerk.post(
        "/beteiligung/neu/umfrage?vorlage=priorities", data=PLAN | {"elements": ["M-01", "M-02"]}
    )
    assert begun.status_code == 303
    page = text_of(clerk.get(begun.location).text)
    assert "Alle Fragen sind schon da." in page
    assert "M-01 Bürgerservice ohne Termin" in page
    assert "Nichts gefunden, was stört." in page
    assert clerk.get("/beteiligung/neu/umfrage?vorlage=unbekannt").status_code == 404


def test_an_ended_survey_is_asked_again(site, clerk, survey):
    survey.published_at = survey.opens_at
    survey.closes_at = survey.opens_at.replace(day=survey.opens_at.day + 1)
    site.session.commit()
    chooser = clerk.get("/beteiligung/neu/umfrage")
    assert f"wieder={survey.slug}" in chooser.text
    again = f"/beteiligung/neu/umfrage?wieder={survey.slug}"
    assert survey.title in clerk.get(again).text
    begun = clerk.post(again, data=PLAN | {"elements": ["M-01"]})
    assert begun.status_code == 303
    series = [one.series for one in asked(site, survey).questions]
    later = site.session.scalars(sa.select(Survey).where(Survey.id != survey.id)).one()
    assert [one.series for one in asked(site, later).questions] == series
    assert clerk.get("/beteiligung/neu/umfrage?wieder=gibt-es-nicht").status_code == 404


@pytest.mark.parametrize(
    ("way", "button"),
    [
        ("vorlage=priorities", "Umfrage anlegen"),
        ("vorlage=leer", "Weiter zu den Fragen"),
        ("wieder=vorbei", "Umfrage anlegen"),
    ],
)
def test_a_new_survey_leaves_a_day_to_check_everything(site, clerk, way, button):
    site.make.adopted_strategy(site.municipality)
    site.make.survey(
        site.municipality,
        title="Vorbei",
        audience=Audience.MAIL,
        opens_at=NOON - timedelta(days=9),
        closes_at=NOON - timedelta(days=1),
    )
    site.session.commit()
    page = clerk.get(f"/beteiligung/neu/umfrage?{way}").text
    _action, fields = pressed(page, button)
    tomorrow = (NOON + timedelta(days=1)).date()
    assert (fields["opens_on"], fields["opens_time"]) == ([tomorrow.isoformat()], ["08:00"])
    # One that is asked again is asked of the same people.
    assert fields["audience"] == (["mail"] if way.startswith("wieder") else ["open"])


def test_a_template_is_read_in_english_by_looking_through_and_saving(site, clerk):
    site.make.adopted_strategy(site.municipality)
    begun = clerk.post("/beteiligung/neu/umfrage?vorlage=needs", data=PLAN | {"elements": ["M-01"]})
    assert begun.status_code == 303
    path = begun.location.partition("#")[0].removesuffix("/fragen")
    for language, is_ready in (("fr", False), ("en", True)):
        page = clerk.get(f"{path}/sprachen/{language}").text
        assert ("Einiges ist schon übersetzt" in page) is is_ready
        assert ("What do you use to go online?" in page) is is_ready
    # Nothing is in English before somebody has read it.
    assert "What do you use" not in clerk.get(f"{path}/fragen/vorschau/formular?sprache=en").text
    _action, fields = pressed(page, "Speichern")
    own = {"title": "What matters to you?", "scope_open": "The order", "scope_closed": "The money"}
    fields |= {f"survey.{part}": [words] for part, words in own.items()}
    assert clerk.post(f"{path}/sprachen/en", data=fields).status_code == 303
    assert "vollständig" in text_of(clerk.get(f"{path}/sprachen").text).partition("Englisch")[2]
    assert "What do you use" in clerk.get(f"{path}/fragen/vorschau/formular?sprache=en").text
    assert "Einiges ist schon übersetzt" not in clerk.get(f"{path}/sprachen/en").text


def test_the_page_of_an_open_survey_leads_to_everything_that_belongs_to_it(site, clerk, survey):
    path = f"/verwaltung/beteiligungen/{survey.slug}"
    ways = ("plakat", "zettel", "tage")
    assert not any(f'{path}/{way}"' in clerk.get(f"{path}/fragen").text for way in ways)
    survey.published_at = survey.opens_at
    site.session.commit()
    page = clerk.get(f"{path}/fragen").text
    for way in ways:
        assert f'href="{path}/{way}"' in page
        assert clerk.get(f"{path}/{way}").status_code == 200
    assert f'href="{path}/briefe"' not in page
