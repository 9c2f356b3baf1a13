"""The pages of the strategy team: who may, what they save, what they refuse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from participation.accounts.models import Role
from participation.strategy import operations, queries
from participation.strategy.content import Criterion, ElementContent, Financing
from participation.strategy.models import (
    ElementKind,
    FundingSource,
    Priority,
    ProgressState,
)
from participation.strategy.words import OFFERED_FIELDS
from tests.strategy_pages import BASE, looking, said


@pytest.fixture
def team(site):
    return site.staff(Role.STRATEGIST)


@pytest.fixture
def strategy(site):
    strategy = site.make.strategy(site.municipality)
    site.session.commit()
    return strategy


READ = [BASE, f"{BASE}/entwurf", f"{BASE}/M-01/stand"]
WRITE = [
    f"{BASE}/angaben",
    f"{BASE}/neu/ziel",
    f"{BASE}/M-01",
    f"{BASE}/M-01/entfernen",
    f"{BASE}/beschluss",
    f"{BASE}/M-01/stand/indikatoren/neu",
]
POST_ONLY = [
    f"{BASE}/stellungnahme",
    f"{BASE}/M-01/stand/fortschritt",
    f"{BASE}/M-01/stand/meilensteine",
]


@pytest.mark.parametrize("path", [*READ, *WRITE, f"{BASE}/einrichten"])
def test_signed_out_people_are_asked_to_sign_in(site, client, strategy, path):
    assert client.get(path).status_code in {302, 303}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_analysts_and_administrators_read_and_change_nothing(site, strategy, role):
    site.make.measure(strategy)
    site.session.commit()
    reader = site.staff(role)
    for path in READ:
        page = reader.get(path)
        assert page.status_code == 200, path
        assert "/entfernen" not in page.text
        assert 'method="post"' not in page.text.partition("<main")[2]
    for path in WRITE:
        assert reader.get(path).status_code == 403, path
    for path in [*WRITE, *POST_ONLY]:
        assert reader.post(path, data={}).status_code == 403, path


def test_a_moderator_does_not_see_the_draft(site, strategy):
    assert site.staff(Role.MODERATOR).get(BASE).status_code == 403


def test_a_strategist_of_another_town_does_not_see_the_draft(site, strategy):
    other = site.make.municipality("seefeld", "Seefeld")
    stranger = site.signed_in(site.make.member(Role.STRATEGIST, municipality=other))
    site.app.extensions["tenancy"].forget()
    assert stranger.get(f"/lindenow{BASE}").status_code == 403
    assert "Noch keine Strategie" in stranger.get(f"/seefeld{BASE}").text


def test_a_strategy_is_set_up_from_the_offered_fields(site, team):
    assert "Strategie anlegen" in team.get(BASE).text
    form = team.get(f"{BASE}/einrichten").text
    for name in OFFERED_FIELDS:
        assert name in form
    answer = team.post(
        f"{BASE}/einrichten",
        data={
            "title": "Lindenow 2030",
            "term": "Digitale Agenda",
            "owner": "Stabsstelle",
            "fields": ["Mobilität", "Verwaltung"],
            "own_fields": "Ehrenamt\n\n  Mobilität \n",
        },
    )
    assert answer.status_code == 303
    with looking(site) as session:
        strategy = queries.get_strategy(session, site.municipality.id)
        titles = queries.titles_of(session, site.make.draft_of(strategy).id)
    assert (strategy.title, strategy.term, strategy.owner) == (
        "Lindenow 2030",
        "Digitale Agenda",
        "Stabsstelle",
    )
    assert list(titles.values()) == ["Leitbild", "Mobilität", "Verwaltung", "Ehrenamt"]
    assert team.post(f"{BASE}/einrichten", data={"title": "Noch eine"}).status_code == 303


def test_a_strategy_without_a_title_is_not_set_up_and_nothing_typed_is_lost(site, team):
    page = team.post(f"{BASE}/einrichten", data={"title": " ", "owner": "Stabsstelle"})
    assert page.status_code == 422
    assert "Bitte geben Sie einen Titel ein." in page.text
    assert "Stabsstelle" in page.text
    assert queries.find_strategy(site.session, site.municipality.id) is None


def test_a_goal_is_added_with_its_criteria(site, team, strategy):
    answer = team.post(
        f"{BASE}/neu/ziel",
        data={
            "title": "Leistungen ohne Hürden",
            "text": "Alle erreichen alles.",
            "field": "HF-1",
            "criteria-0-what": "Wartezeit",
            "criteria-0-target": "15 Minuten",
            "criteria-0-due_on": "2028-12-31",
            "criteria-1-what": "",
            "criteria-1-target": "",
            "criteria-1-due_on": "",
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#Z-01")
    assert said(site, strategy, "Z-01") == ElementContent(
        title="Leistungen ohne Hürden",
        text="Alle erreichen alles.",
        field="HF-1",
        criteria=(Criterion("Wartezeit", "15 Minuten", date(2028, 12, 31)),),
    )


def test_another_row_is_one_click_without_a_script_and_saves_nothing(site, team, strategy):
    data = {
        "title": "Ziel",
        "field": "",
        "criteria-0-what": "Wartezeit",
        "add_criteria": "1",
    }
    page = team.post(f"{BASE}/neu/ziel", data=data)
    assert page.status_code == 200
    assert 'name="criteria-1-what"' in page.text
    assert 'value="Wartezeit"' in page.text
    assert said(site, strategy, "Z-01") is None


def test_a_criterion_that_is_half_filled_is_asked_for(site, team, strategy):
    page = team.post(
        f"{BASE}/neu/ziel",
        data={"title": "Ziel", "field": "", "criteria-0-what": "Wartezeit"},
    )
    assert page.status_code == 422
    assert page.text.count("Bitte füllen Sie auch dieses Feld aus.") >= 2
    assert said(site, strategy, "Z-01") is None


MEASURE = {
    "title": "Bürgerservice ohne Termin",
    "text": "Das Bürgerbüro öffnet.",
    "expected_effect": "Kürzere Wege",
    "goals": ["Z-01"],
    "field": "HF-1",
    "lead": "Bürgeramt",
    "participants": "Ortsbeiräte",
    "priority": "high",
    "starts": "2026-2",
    "ends": "2027-4",
    "financing-0-year": "2026",
    "financing-0-source": "own",
    "financing-0-amount": "184.000 €",
    "financing-1-year": "",
    "financing-1-source": "own",
    "financing-1-amount": "",
    "data_protection": "Keine Namen",
    "external_home": "",
}


def test_a_measure_is_added_with_its_whole_profile(site, team, strategy):
    site.make.goal(strategy)
    site.session.commit()
    assert team.post(f"{BASE}/neu/massnahme", data=MEASURE).status_code == 303
    assert said(site, strategy, "M-01") == ElementContent(
        title="Bürgerservice ohne Termin",
        text="Das Bürgerbüro öffnet.",
        expected_effect="Kürzere Wege",
        goals=("Z-01",),
        field="HF-1",
        lead="Bürgeramt",
        participants="Ortsbeiräte",
        priority=Priority.HIGH,
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 12, 31),
        financing=(Financing(2026, FundingSource.OWN, 184_000),),
        data_protection="Keine Namen",
    )


def test_saving_a_measure_unchanged_changes_nothing(site, team, strategy):
    goal = site.make.goal(strategy)
    site.make.measure(
        strategy,
        title="Rufbus",
        goals=(goal.code,),
        starts_on=date(2026, 4, 15),
        ends_on=date(2027, 11, 3),
        priority=Priority.LOW,
        financing=(Financing(2026, FundingSource.GRANT, 60_000),),
    )
    site.session.commit()
    before = said(site, strategy, "M-01")
    form = team.get(f"{BASE}/M-01").text
    assert 'value="60.000"' in form
    sent = {
        "edited_from": "1",
        "title": "Rufbus",
        "goals": [goal.code],
        "field": "",
        "priority": "low",
        "starts": "2026-2",
        "ends": "2027-4",
        "financing-0-year": "2026",
        "financing-0-source": "grant",
        "financing-0-amount": "60.000",
    }
    assert team.post(f"{BASE}/M-01", data=sent).status_code == 303
    assert said(site, strategy, "M-01") == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "Bitte geben Sie einen Titel ein."),
        ({"title": "x" * 201}, "höchstens 200 Zeichen"),
        ({"ends": "2026-1"}, "Das Ende liegt vor dem Beginn."),
        ({"financing-0-amount": "viel"}, "Bitte geben Sie eine Zahl ein"),
        ({"financing-0-amount": ""}, "Bitte füllen Sie auch dieses Feld aus."),
        ({"financing-0-amount": "-5"}, "Bitte geben Sie eine Zahl ein"),
        ({"financing-0-year": "1999"}, "Ein Jahr zwischen 2000 und 2100."),
        ({"goals": ["Z-99"]}, "Bitte prüfen Sie eine Angabe"),
        ({"field": "M-01"}, "Bitte prüfen Sie eine Angabe"),
        ({"starts": "quatsch"}, "Bitte prüfen Sie"),
    ],
)
def test_a_measure_that_cannot_be_is_refused_at_its_field(site, team, strategy, change, message):
    site.make.goal(strategy)
    site.session.commit()
    page = team.post(f"{BASE}/neu/massnahme", data=MEASURE | change)
    assert page.status_code == 422
    assert message in page.text
    assert "Das Bürgerbüro öffnet." in page.text
    assert said(site, strategy, "M-01") is None


def test_of_two_people_who_edit_at_once_the_second_is_told(site, team, strategy):
    colleague = site.staff(Role.STRATEGIST)
    for browser, status, title in ((team, 303, "Erste"), (colleague, 409, "Zweite")):
        answer = browser.post(
            f"{BASE}/L-1", data={"edited_from": "2", "title": title, "text": "Neu"}
        )
        assert answer.status_code == status
    assert said(site, strategy, "L-1").title == "Erste"


def test_the_draft_says_what_is_missing_and_leads_there(site, team, strategy):
    site.make.element(strategy, ElementKind.GOAL, title="Ohne Kriterium", field="HF-1")
    site.session.commit()
    page = team.get(BASE).text
    assert "Z-01: Es fehlt mindestens ein Erfolgskriterium." in page
    assert f'href="{BASE}/Z-01"' in page
    refused = team.get(f"{BASE}/beschluss").text
    assert "Das geht noch nicht" in refused
    sent = team.post(
        f"{BASE}/beschluss",
        data={
            "resolution_body": "Rat",
            "resolution_on": "2026-05-07",
            "resolution_number": "1",
        },
    )
    assert sent.status_code == 422
    assert queries.adopted_version(site.session, strategy.id) is None


def test_the_draft_is_read_as_one_text(site, team, strategy):
    site.make.measure(strategy, title="Rufbus", field="HF-2")
    site.session.commit()
    page = team.get(f"{BASE}/entwurf").text
    assert "Rufbus" in page
    assert "Nicht öffentlich" in page


def test_a_search_narrows_the_tree_by_code_or_title(site, team, strategy):
    site.make.measure(strategy, title="Rufbus per Telefon", field="HF-1")
    site.make.measure(strategy, title="Gigabit", field="HF-2")
    site.session.commit()
    page = team.get(f"{BASE}?suche=rufbus").text
    assert "Rufbus per Telefon" in page
    assert "HF-1" in page
    assert "Gigabit" not in page
    assert "Kein Element passt" in team.get(f"{BASE}?suche=xyz").text


def test_an_element_is_taken_out_after_asking(site, team, strategy):
    site.make.measure(strategy, title="Rufbus", goals=(site.make.goal(strategy).code,))
    site.session.commit()
    refused = team.post(f"{BASE}/Z-01/entfernen", data={}, follow_redirects=True)
    assert "wird noch gebraucht von M-01" in refused.text
    assert "Rufbus" in team.get(f"{BASE}/M-01/entfernen").text
    assert said(site, strategy, "M-01") is not None
    assert team.post(f"{BASE}/M-01/entfernen", data={}).status_code == 303
    assert said(site, strategy, "M-01") is None
    assert team.get(f"{BASE}/M-01").status_code == 404
    kept = team.post(f"{BASE}/L-1/entfernen", data={}, follow_redirects=True)
    assert "gehört zu jeder Strategie" in kept.text


def test_the_details_of_the_strategy_are_changed(site, team, strategy):
    data = {
        "title": "Lindenow 2035",
        "term": "Agenda",
        "owner": "Stabsstelle",
        "deputy": "Hauptamt",
        "measuring_interval": "6",
        "review_interval": "24",
    }
    assert team.post(f"{BASE}/angaben", data=data).status_code == 303
    with looking(site):
        seen = (strategy.title, strategy.deputy, strategy.review_interval)
    assert seen == ("Lindenow 2035", "Hauptamt", 24)
    page = team.post(f"{BASE}/angaben", data=data | {"review_interval": "60"})
    assert page.status_code == 422
    assert "24 bis 36 Monate" in page.text


def test_the_tree_stays_quick_with_many_measures(site, team, strategy):
    goal = site.make.goal(strategy)
    version = site.make.draft_of(strategy)
    for _ in range(120):
        new = operations.mint_element(
            site.session, strategy=strategy, kind=ElementKind.MEASURE, at=site.make.at
        )
        operations.put_wording(
            site.session,
            version=version,
            element=new,
            content=ElementContent(title=new.code, goals=(goal.code,), field="HF-1"),
        )
    operations.report_progress(
        site.session,
        element=new,
        state=ProgressState.RUNNING,
        percent=5,
        on=site.make.at.date() - timedelta(days=1),
    )
    site.session.commit()
    page = team.get(BASE).text
    assert "M-120" in page
    assert '<details class="kern-accordion bt-group" id="feld-HF-1">' in page
