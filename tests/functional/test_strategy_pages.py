"""The public pages of the strategy: what they show of the version in force and the earlier ones."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from participation.strategy import operations
from participation.strategy.content import Financing
from participation.strategy.labels import LABELS
from participation.strategy.models import ElementKind, FundingSource, ProgressState
from participation.strategy.words import FUNDING_SOURCES, KINDS, PRIORITIES


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


def test_without_a_strategy_the_page_says_what_will_be_here(client):
    page = client.get("/strategie/")
    assert page.status_code == 200
    assert "Hier steht bald die Strategie" in page.text


def test_the_strategy_shows_vision_fields_measures_and_its_resolution(client, strategy):
    page = client.get("/strategie/")
    for text in (
        "Digitalstrategie Lindenow 2030",
        "Wege werden kürzer.",
        "Fassung 1",
        "beschlossen am 7. Mai 2026",
        "nächste Überprüfung November 2028",
        "HF-1",
        "Verwaltung",
        "M-01",
        "Bürgerservice ohne Termin",
        "Fahrplan 2026 bis 2028",
    ):
        assert text in page.text


def test_a_field_shows_how_many_measures_are_done_and_their_mean_progress(site, client, strategy):
    make = site.make
    today = make.at.date()
    for code, state, percent in (
        ("M-01", ProgressState.DONE, 100),
        ("M-02", ProgressState.RUNNING, 40),
    ):
        operations.report_progress(
            site.session,
            element=site.make.known(strategy, code),
            state=state,
            percent=percent,
            on=today,
        )
    make_indicator = make.indicator(site.make.known(strategy, "HF-2"), unit="%", name="Gigabit")
    for years, value in ((1, 50), (0, 61)):
        operations.record_measurement(
            site.session,
            indicator=make_indicator,
            value=Decimal(value),
            on=today - timedelta(days=365 * years),
        )
    site.session.commit()
    page = client.get("/strategie/").text
    assert "1 von 1 fertig" in page
    assert "0 von 1 fertig" in page
    assert "61\N{NO-BREAK SPACE}%" in page
    assert "mittleren Fortschritt" in page


def test_a_stopped_measure_does_not_count_for_its_field(site, client, strategy):
    operations.report_progress(
        site.session,
        element=site.make.known(strategy, "M-01"),
        state=ProgressState.STOPPED,
        percent=30,
        reason="Kein Geld",
        on=site.make.at.date(),
    )
    site.session.commit()
    assert "keine Maßnahme" in client.get("/strategie/").text


def test_a_measure_shows_its_profile_milestones_and_indicators(site, client):
    make, session = site.make, site.session
    strategy = make.strategy(site.municipality)
    goal = make.goal(strategy, title="Leistungen ohne Hürden")
    measure = make.measure(
        strategy,
        title="Bürgerservice ohne Termin",
        text="Das Bürgerbüro öffnet.",
        field="HF-1",
        goals=(goal.code,),
        lead="Bürgeramt",
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 12, 31),
        financing=(Financing(2026, FundingSource.OWN, 184_000),),
    )
    make.adopted(strategy)
    operations.add_milestone(
        session,
        element=measure,
        title="Offener Dienstag",
        planned_on=date(2026, 6, 1),
        reached_on=date(2026, 6, 2),
    )
    operations.add_milestone(
        session, element=measure, title="Abend bis 19 Uhr", planned_on=date(2026, 10, 1)
    )
    indicator = make.indicator(
        measure, target=Decimal(15), target_on=date(2028, 12, 31), baseline=Decimal(41)
    )
    operations.record_measurement(
        session, indicator=indicator, value=Decimal("22.5"), on=date(2026, 4, 1)
    )
    session.commit()
    page = client.get("/strategie/M-01").text
    for text in (
        "Bürgerservice ohne Termin",
        "Das Bürgerbüro öffnet.",
        "HF-1 Verwaltung",
        "Z-01 Leistungen ohne Hürden",
        "184.000 € eigene Mittel",
        "2. Quartal 2026 bis 4. Quartal 2027",
        "erreicht am 2. Juni 2026",
        "geplant bis 1. Oktober 2026",
        "Zuletzt gemessen: 22,5 Minuten. Bis zum Ziel fehlen noch 7,5 Minuten.",
        "Ziel 2028",
        "Zurzeit läuft hierzu keine Beteiligung.",
    ):
        assert text in page, text


def test_a_goal_shows_its_criteria_and_the_measures_that_serve_it(client, strategy):
    page = client.get("/strategie/Z-01").text
    assert "Wartezeit: 15 Minuten bis 31. Dezember 2028" in page
    assert "M-01" in page
    assert "M-02" in page


def test_a_field_shows_its_goals_and_measures(client, strategy):
    page = client.get("/strategie/HF-1").text
    assert "Z-01" in page
    assert "M-01" in page
    assert "M-02" not in page


@pytest.mark.parametrize("typed", ["m-01", "M-1", "m1", "M01"])
def test_another_spelling_of_a_code_leads_to_the_permanent_address(client, strategy, typed):
    answer = client.get(f"/strategie/{typed}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/strategie/M-01"


@pytest.mark.parametrize(
    "path",
    [
        "/strategie/M-99",
        "/strategie/unsinn",
        "/strategie/fassungen/2",
        "/strategie/fassungen/0",
        "/strategie/fassungen/1/entwurf/1",
        "/strategie/fassungen/1/entwurf/0",
    ],
)
def test_what_does_not_exist_is_not_found(client, strategy, path):
    # An adopted version is no draft of itself, so its number with "entwurf/0" may not answer.
    assert client.get(path).status_code == 404


def test_an_open_engagement_about_an_element_invites_to_take_part(site, client, strategy):
    site.make.idea_call(
        site.municipality, title="Digitale Orte", elements=(site.make.known(strategy, "M-01"),)
    )
    site.make.idea_call(
        site.municipality,
        title="Geheimer Entwurf",
        published=False,
        elements=(site.make.known(strategy, "M-01"),),
    )
    site.session.commit()
    page = client.get("/strategie/M-01").text
    assert "Digitale Orte" in page
    assert "noch 10 Tage" in page
    assert "Geheimer Entwurf" not in page
    assert "Digitale Orte" not in client.get("/strategie/M-02").text


def test_a_version_is_one_readable_text_with_all_elements(client, strategy):
    page = client.get("/strategie/fassungen/1").text
    for text in ('id="L-1"', 'id="HF-1"', 'id="Z-01"', 'id="M-01"', "Stadtverordnetenversammlung"):
        assert text in page
    assert "Was sich gegenüber" not in page


def test_two_versions_are_compared_word_by_word(site, client, strategy):
    make = site.make
    new = operations.mint_element(
        site.session, strategy=strategy, kind=ElementKind.MEASURE, at=make.at
    )
    make.next_version(
        strategy,
        M_01={"text": "Das Bürgerbüro öffnet an vier Tagen ohne Termin."},
        M_03={"title": "Digitallotsen", "goals": ("Z-01",)},
    )
    site.session.commit()
    page = client.get("/strategie/fassungen/2?vergleich=1").text
    changed = page.partition('id="M-01"')[2].partition("</article>")[0]
    assert re.search(r"<del>.*drei.*</del>\s*<ins>.*vier.*</ins>", changed)
    assert new.code in page
    assert "neu" in page
    assert "M-02" not in page
    whole = client.get("/strategie/fassungen/2").text
    assert "an vier Tagen" in whole
    assert "vergleich=1" in whole
    assert "an drei Tagen" in client.get("/strategie/fassungen/1").text


def test_a_retired_element_keeps_its_address_and_says_where_it_stood_last(site, client, strategy):
    kept = site.make.contents(site.make.in_force(strategy))
    del kept["M-02"]
    operations.publish_version(
        site.session,
        strategy=strategy,
        contents=kept,
        resolution=site.make.resolution(),
        actor=None,
        at=site.make.at,
    )
    site.session.commit()
    page = client.get("/strategie/M-02")
    assert page.status_code == 200
    assert "Nicht mehr Teil der Strategie" in page.text
    assert "zuletzt in Fassung 1" in page.text
    assert "entfällt" in client.get("/strategie/fassungen/2?vergleich=1").text


def test_the_words_of_the_record_are_the_words_of_the_pages(app):
    with app.test_request_context():
        for words in (KINDS, PRIORITIES, FUNDING_SOURCES):
            for member, word in words.items():
                assert str(LABELS[member]) == word
