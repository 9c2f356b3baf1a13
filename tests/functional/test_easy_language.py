"""Easy language: one text for an engagement of any kind, flagged when the original has changed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.engagements.models import EngagementText
from participation.engagements.wordings import EASY
from tests.pages import pressed

KINDS = ("idea_call", "comment_round")
EASY_WORDS = "Sie haben eine Idee. Schreiben Sie uns."


@pytest.fixture(params=KINDS)
def engagement(site, request):
    found = getattr(site.make, request.param)(
        site.municipality, title="Orte", summary="Wo fehlt etwas?", scope_open="Die Reihenfolge."
    )
    site.session.commit()
    return found


@pytest.fixture
def path(engagement):
    return f"/verwaltung/beteiligungen/{engagement.slug}"


@pytest.fixture
def clerk(site):
    return site.staff(Role.STRATEGIST)


def written(clerk, path, **words):
    page = clerk.get(f"{path}/leichte-sprache").text
    action, fields = pressed(page, "Speichern", **words)
    return clerk.post(action or f"{path}/leichte-sprache", data=fields)


def test_a_clerk_says_an_engagement_in_easy_language_beside_the_original(
    site, clerk, engagement, path, client
):
    page = clerk.get(f"{path}/leichte-sprache").text
    assert "Wo fehlt etwas?" in page
    assert written(clerk, path, summary=EASY_WORDS, scope_open="Das ist offen.").status_code == 303
    public = client.get(f"/beteiligung/{engagement.slug}").text
    assert f'lang="{EASY}"' in public
    assert EASY_WORDS in public
    assert "Das ist offen." in public
    assert "älter als der Text oben" not in public
    assert "Leichte Sprache prüfen" not in clerk.get("/verwaltung/beteiligungen").text


def test_when_the_original_changes_staff_and_citizens_are_told_until_somebody_confirms(
    site, clerk, engagement, path, client
):
    written(clerk, path, summary=EASY_WORDS)
    engagement.summary = "Wo fehlt eine Bank?"
    site.session.commit()
    assert "älter als der Text oben" in client.get(f"/beteiligung/{engagement.slug}").text
    assert "Leichte Sprache prüfen" in clerk.get("/verwaltung/beteiligungen").text
    assert "Original hat sich geändert" in clerk.get(path).text
    assert "Das Original hat sich geändert" in clerk.get(f"{path}/leichte-sprache").text
    written(clerk, path, summary=EASY_WORDS)
    assert "älter als der Text oben" not in client.get(f"/beteiligung/{engagement.slug}").text
    assert "Leichte Sprache prüfen" not in clerk.get("/verwaltung/beteiligungen").text


def test_a_text_that_is_too_long_is_refused_and_kept_in_the_form(site, clerk, engagement, path):
    refused = written(clerk, path, summary="x" * 2001)
    assert refused.status_code == 422
    assert "x" * 2001 in refused.text
    assert site.session.scalars(sa.select(EngagementText)).all() == []


def test_without_words_nothing_stays(site, clerk, engagement, path, client):
    written(clerk, path, title="Orte, leicht", summary=EASY_WORDS)
    written(clerk, path, title="", summary="")
    assert site.session.scalars(sa.select(EngagementText)).all() == []
    assert "In Leichter Sprache" not in client.get(f"/beteiligung/{engagement.slug}").text


def test_a_survey_says_its_questions_in_easy_language_too(site, clerk, client):
    survey = site.make.survey(site.municipality, title="Umfrage", summary="Wie geht es Ihnen?")
    site.session.commit()
    leads_on = clerk.get(f"/verwaltung/beteiligungen/{survey.slug}/leichte-sprache")
    assert leads_on.status_code == 303
    assert leads_on.location.endswith(f"/sprachen/{EASY}")
    clerk.post(
        leads_on.location,
        data={"survey.title": "Umfrage", "survey.summary": EASY_WORDS, "F1.text": "Wie?"},
    )
    page = client.get(f"/beteiligung/{survey.slug}").text
    assert EASY_WORDS in page
    assert f"/beteiligung/{survey.slug}/teilnehmen?sprache={EASY}" in page


def test_the_page_of_an_engagement_speaks_the_language_of_its_reader_where_it_can(site, client):
    survey = site.make.survey(site.municipality, title="Umfrage", summary="Wie geht es Ihnen?")
    site.session.add(
        EngagementText(
            engagement_id=survey.id, language="en", title="Survey", summary="How are you?"
        )
    )
    site.session.commit()
    client.set_cookie("language", "en")
    page = client.get(f"/beteiligung/{survey.slug}").text
    assert '<h1 class="kern-heading-large" lang="en">Survey</h1>' in page
    assert "How are you?" in page
    # What nobody translated stays German, and says so.
    assert f'lang="de"><p>{survey.scope_open}</p>' in page
