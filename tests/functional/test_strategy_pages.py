"""The public pages of the strategy: what they show, and what of a draft they never show."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from participation.engagements.operations import publish_engagement
from participation.revisions.models import ChangeOperation
from participation.revisions.operations import propose_change
from participation.strategy import operations, queries
from participation.strategy.content import Criterion, ElementContent, Financing
from participation.strategy.labels import LABELS
from participation.strategy.models import ElementKind, FundingSource, ProgressState
from participation.strategy.words import FUNDING_SOURCES, KINDS, PRIORITIES
from participation.web.extensions import db

CANARY = "Kanarienvogel-Text"


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


def element(site, strategy, code):
    return queries.get_element(site.session, strategy.id, code)


def public_paths(site, strategy):
    """Every public address that the strategy could have."""
    codes = [code for code, _ in queries.choices_of_elements(site.session, strategy.id)]
    yield from ("/", "/strategie/", "/was-daraus-wurde", "/beteiligung/")
    yield from (f"/strategie/{code}" for code in codes)
    yield from (f"/strategie/fassungen/{number}" for number in (1, 2, 3))
    yield from (f"/strategie/fassungen/{number}?vergleich=1" for number in (1, 2, 3))
    yield from (f"/strategie/fassungen/{number}/entwurf/{k}" for number in (1, 2) for k in (0, 1))


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
            element=element(site, strategy, code),
            state=state,
            percent=percent,
            on=today,
        )
    make_indicator = make.indicator(element(site, strategy, "HF-2"), unit="%", name="Gigabit")
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
    assert "61 %" in page
    assert "mittleren Fortschritt" in page


def test_a_stopped_measure_does_not_count_for_its_field(site, client, strategy):
    operations.report_progress(
        site.session,
        element=element(site, strategy, "M-01"),
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
        site.municipality, title="Digitale Orte", elements=(element(site, strategy, "M-01"),)
    )
    site.make.idea_call(
        site.municipality,
        title="Geheimer Entwurf",
        published=False,
        elements=(element(site, strategy, "M-01"),),
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
    assert re.search(r"<del>.*drei.*</del><ins>.*vier.*</ins>", changed)
    assert new.code in page
    assert "neu" in page
    assert "M-02" not in page
    whole = client.get("/strategie/fassungen/2").text
    assert "an vier Tagen" in whole
    assert "vergleich=1" in whole
    assert "an drei Tagen" in client.get("/strategie/fassungen/1").text


def test_each_change_is_shown_with_what_caused_it(site, client):
    loop = site.make.loop(site.municipality)
    site.session.commit()
    page = client.get("/strategie/fassungen/2?vergleich=1").text
    assert loop.finding.code in page
    assert "Haushalt 2027" in page
    assert count_queries(site, client, "/strategie/fassungen/2?vergleich=1") <= 10
    for code in ("M-01", "HF-1", "Z-01"):
        assert count_queries(site, client, f"/strategie/{code}") <= 10


def test_what_an_open_revision_adds_is_not_public_before_people_are_asked(site, client, strategy):
    make = site.make
    content = ElementContent(title=f"Neu {CANARY}", text=CANARY, goals=("Z-01",))
    change = propose_change(
        site.session,
        revision=make.revision(strategy),
        kind=ElementKind.MEASURE,
        operation=ChangeOperation.ADD,
        content=content,
        because=(make.stated(),),
        actor=None,
        at=make.at,
    )
    site.session.commit()
    assert change is not None
    assert client.get("/strategie/M-03").status_code == 404
    for path in public_paths(site, strategy):
        assert CANARY not in client.get(path).text, path
    make.idea_call(site.municipality, elements=(change.element,))
    site.session.commit()
    page = client.get("/strategie/M-03").text
    assert f"Neu {CANARY}" in page
    assert page.count(CANARY) == 2  # In the title of the page and in its heading, nowhere else.


def test_a_retired_element_keeps_its_address_and_says_where_it_stood_last(site, client, strategy):
    current = queries.adopted_version(site.session, strategy.id)
    kept = {code: said for code, (_, said) in queries.contents_of(site.session, current.id).items()}
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


@pytest.fixture
def drafted(site):
    """A strategy that is only a draft; every word of it carries the canary."""
    make = site.make
    strategy = make.strategy(site.municipality, title="Lindenow 2030")
    make.worded(strategy, "L-1", title="Leitbild", text=CANARY)
    make.worded(strategy, "HF-1", title=f"Feld {CANARY}", text=CANARY)
    goal = make.goal(
        strategy,
        title=f"Ziel {CANARY}",
        criteria=(Criterion(CANARY, CANARY, date(2028, 1, 1)),),
    )
    make.measure(
        strategy,
        title="Maßnahme mit offenem Titel",
        text=CANARY,
        lead=CANARY,
        expected_effect=CANARY,
        goals=(goal.code,),
        field="HF-1",
    )
    site.session.commit()
    return strategy


def test_no_public_page_shows_a_word_of_a_draft(site, client, drafted):
    statuses = set()
    for path in public_paths(site, drafted):
        page = client.get(path)
        statuses.add(page.status_code)
        assert CANARY not in page.text, path
    assert statuses == {200, 404}
    assert client.get("/strategie/M-01").status_code == 404


def test_opening_an_engagement_makes_code_and_title_public_and_nothing_else(site, client, drafted):
    measure = element(site, drafted, "M-01")
    call = site.make.idea_call(site.municipality, elements=(measure,), published=False)
    site.session.commit()
    assert client.get("/strategie/M-01").status_code == 404
    publish_engagement(
        site.session, engagement=call, actor=None, at=site.make.at - timedelta(days=2)
    )
    site.session.commit()
    page = client.get("/strategie/M-01")
    assert page.status_code == 200
    assert "Maßnahme mit offenem Titel" in page.text
    assert "Noch nicht beschlossen" in page.text
    assert "Maßnahme mit offenem Titel" in client.get("/strategie/").text
    for path in public_paths(site, drafted):
        assert CANARY not in client.get(path).text, path


def test_a_planned_engagement_opens_no_draft(site, client, drafted):
    at = site.make.at
    site.make.idea_call(
        site.municipality,
        elements=(element(site, drafted, "M-01"),),
        opens_at=at + timedelta(days=1),
        closes_at=at + timedelta(days=9),
    )
    site.session.commit()
    assert client.get("/strategie/M-01").status_code == 404


def test_a_draft_in_consultation_is_public_as_it_was_frozen(site, client, drafted):
    version = queries.draft_version(site.session, drafted.id)
    said = {code: it for code, (_, it) in queries.contents_of(site.session, version.id).items()}
    operations.freeze_for_consultation(
        site.session, strategy=drafted, contents=said, actor=None, at=site.make.at
    )
    site.make.worded(drafted, "L-1", title="Leitbild", text="Später geändert")
    site.session.commit()
    page = client.get("/strategie/fassungen/1/entwurf/1")
    assert page.status_code == 200
    assert CANARY in page.text
    assert "Das ist ein Entwurf" in page.text
    assert "/strategie/fassungen/1/entwurf/1" in client.get("/strategie/").text
    assert "Den Entwurf lesen" in client.get("/strategie/M-01").text
    assert client.get("/strategie/fassungen/1").status_code == 404
    for path in public_paths(site, drafted):
        assert "Später geändert" not in client.get(path).text


def test_another_towns_strategy_is_told_apart(site, strategy):
    other = site.make.municipality("seefeld", "Seefeld")
    theirs = site.make.adopted_strategy(other)
    site.make.next_version(theirs, M_01={"title": "Nur in Seefeld"})
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    client = site.visitor()
    assert "Nur in Seefeld" not in client.get("/lindenow/strategie/M-01").text
    assert "Nur in Seefeld" in client.get("/seefeld/strategie/M-01").text
    assert client.get("/lindenow/strategie/fassungen/2").status_code == 404


def count_queries(site, client, path):
    """Return how many statements a page reads with, after it was warmed up."""
    client.get(path)
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    with site.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    # The list of municipalities is read every other second, whoever asks for which page.
    apart = ("BEGIN", "COMMIT", "ROLLBACK", "SELECT municipality.slug \n")
    return len([statement for statement in statements if not statement.startswith(apart)])


PATHS = [
    "/strategie/",
    "/strategie/?feld=HF-1",
    "/strategie/M-01",
    "/strategie/HF-1",
    "/strategie/Z-01",
    "/strategie/L-1",
    "/strategie/fassungen/1",
    "/strategie/fassungen/2?vergleich=1",
]


def test_public_pages_read_with_few_queries_whatever_the_number_of_rows(site, client):
    make, session = site.make, site.session
    strategy = make.strategy(site.municipality)
    goal = make.goal(strategy, field="HF-1")

    def grow(number):
        for count in range(number):
            measure = make.measure(
                strategy,
                title=f"Maßnahme {count}",
                goals=(goal.code,),
                field="HF-1",
                starts_on=date(2026, 1, 1),
                financing=(Financing(2026, FundingSource.OWN, 1),),
            )
            operations.report_progress(
                session,
                element=measure,
                state=ProgressState.RUNNING,
                percent=10,
                on=make.at.date(),
            )
            operations.add_milestone(
                session, element=measure, title="Start", planned_on=date(2026, 2, 1)
            )

    grow(10)
    field = element(site, strategy, "HF-1")
    for owner in (field, element(site, strategy, "M-01")):
        indicator = make.indicator(owner)
        for year in (2024, 2025):
            operations.record_measurement(
                session, indicator=indicator, value=Decimal(year), on=date(year, 1, 1)
            )
    make.adopted(strategy)
    make.next_version(strategy, M_01={"text": "anders"})
    session.commit()
    small = {path: count_queries(site, client, path) for path in PATHS}
    assert max(small.values()) <= 10, small
    add_measures(site, strategy, 290)
    long_paths = ("/strategie/fassungen/4?vergleich=1", "/strategie/fassungen/4")
    large = {path: count_queries(site, client, path) for path in (*PATHS, *long_paths)}
    assert max(large.values()) <= 10, large
    assert {path: large[path] for path in PATHS} == small


def add_measures(site, strategy, number):
    """Adopt two more versions, with that many more measures."""
    make, session = site.make, site.session
    contents = {
        code: said
        for code, (_, said) in queries.contents_of(
            session, queries.adopted_version(session, strategy.id).id
        ).items()
    }
    for count in range(number):
        new = operations.mint_element(
            session, strategy=strategy, kind=ElementKind.MEASURE, at=make.at
        )
        contents[new.code] = contents["M-02"]
        if count % 10 == 0:
            make.indicator(new)
    for _ in range(2):
        operations.publish_version(
            session,
            strategy=strategy,
            contents=contents,
            resolution=make.resolution(),
            actor=None,
            at=make.at,
        )
    session.commit()


def test_the_words_of_the_record_are_the_words_of_the_pages(app):
    with app.test_request_context():
        for words in (KINDS, PRIORITIES, FUNDING_SOURCES):
            for member, word in words.items():
                assert str(LABELS[member]) == word
