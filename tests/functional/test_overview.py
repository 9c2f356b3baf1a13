"""The first page of whoever works here: what waits, for each the part they can do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from participation.accounts.models import DutyText, Role
from participation.accounts.operations import put_duty_text
from tests.conftest import NOON
from tests.site import Site


def test_a_new_town_has_nothing_to_do_and_says_so(site: Site):
    site.make.strategy(site.municipality)
    page = site.staff(Role.ADMINISTRATOR, Role.STRATEGIST, Role.MODERATOR).get("/ueberblick").text
    assert "Alles geprüft" in page
    assert "Keine Erkenntnis wartet" in page
    assert "Gerade läuft keine Beteiligung" in page
    assert "Pflichttext fehlt" not in page
    assert "Niemand kann als zweite Person unterschreiben" in page


@pytest.mark.parametrize(
    ("role", "said", "way_on"),
    [
        (
            Role.STRATEGIST,
            "Am Anfang genügen die Handlungsfelder",
            "/werkstatt/strategie/einrichten",
        ),
        (Role.ADMINISTRATOR, "Das Strategie-Team legt sie an", "/verwaltung/personen"),
        (Role.MODERATOR, "Das Strategie-Team legt sie an", None),
    ],
)
def test_a_town_without_a_strategy_reads_what_comes_first(
    site: Site, role: Role, said: str, way_on: str | None
):
    browser = site.staff(role)
    page = browser.get("/ueberblick").text
    assert said in page
    assert "/werkstatt/antworten/" not in page
    if way_on:
        assert f'href="{way_on}"' in page
        assert browser.get(way_on).status_code == 200


def test_what_waits_is_counted(site: Site):
    long_ago = NOON - timedelta(days=9)
    call = site.make.idea_call(site.municipality, title="Digitale Orte", opens_at=long_ago)
    for _number in range(3):
        site.make.submitted_idea(call)
    site.make.submitted_idea(call, at=long_ago)
    site.make.idea(call)
    page = site.staff(Role.MODERATOR).get("/ueberblick").text
    assert "4</b>" in page
    assert "Beiträge warten auf Prüfung" in page
    assert "davon über der Frist" in page
    assert "Digitale Orte" in page
    page = site.staff(Role.STRATEGIST).get("/ueberblick").text
    assert "warten auf Prüfung" not in page


def test_answers_are_counted_by_what_they_wait_for(site: Site):
    loop = site.make.loop(site.municipality, adopted=False)
    idea = site.make.idea(loop.call, elements=(loop.measure,))
    findings = [
        site.make.finding(
            loop.strategy, f"Satz {n}.", elements=(loop.measure,), contributions=(idea,)
        )
        for n in range(4)
    ]
    site.make.answer(findings[0])
    site.make.signed(site.make.answer(findings[1]), (loop.lead,))
    page = site.staff(Role.STRATEGIST).get("/ueberblick").text
    assert "Erkenntnisse ohne Antwort" in page
    assert "Antwort im Entwurf" in page
    assert "Antwort wartet auf die zweite Unterschrift" in page


def test_what_has_ended_without_a_release_is_named(site: Site):
    site.make.idea_call(
        site.municipality,
        title="Vorbei",
        opens_at=NOON - timedelta(days=9),
        closes_at=NOON - timedelta(days=1),
    )
    page = site.staff(Role.STRATEGIST).get("/ueberblick").text
    assert "Vorbei" in page
    assert 'href="/werkstatt/auswertungen"' in page
    assert "Vorbei" not in site.staff(Role.MODERATOR).get("/ueberblick").text


def test_what_ends_within_a_week_says_so(site: Site):
    site.make.idea_call(site.municipality, title="Bald", closes_at=NOON + timedelta(days=6))
    assert "endet bald" in site.staff(Role.ANALYST).get("/ueberblick").text


def test_missing_texts_are_the_administrators_business(site: Site):
    put_duty_text(
        site.session,
        municipality=site.municipality,
        kind=DutyText.PRIVACY,
        source="[…]",
        completed=False,
        actor=None,
        at=NOON,
    )
    assert (
        "Pflichttext fehlt: Datenschutz" in site.staff(Role.ADMINISTRATOR).get("/ueberblick").text
    )
    assert "Pflichttext fehlt" not in site.staff(Role.STRATEGIST).get("/ueberblick").text


@pytest.mark.parametrize("role", Role)
def test_every_link_of_the_overview_leads_where_one_may(site: Site, role: Role):
    site.make.loop(site.municipality, adopted=False)
    browser = site.staff(role)
    page = browser.get("/ueberblick").text
    for path in set(re.findall(r'<a[^>]*href="(/[^"]*)"', page)):
        assert browser.get(path, follow_redirects=True).status_code == 200, path
