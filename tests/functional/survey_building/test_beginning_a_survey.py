"""A survey is begun from a template or from an earlier one."""

from __future__ import annotations

import sqlalchemy as sa

from participation.surveys.models import Survey
from tests.building_pages import asked
from tests.pages import text_of

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
