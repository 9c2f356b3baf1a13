"""The public pages of engagements and ideas: what they show, what they never show, how quick."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.wordings import put_easy_text
from participation.foundation import clock
from participation.moderation.models import Action
from participation.strategy.models import ElementKind, ProgressState
from participation.strategy.operations import report_progress
from participation.strategy.queries import get_element
from tests.conftest import NOON
from tests.statements import queries_of

HOUR = timedelta(hours=1)
S = ContributionStatus


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


def test_the_home_page_shows_what_is_open_soonest_ending_first(site, strategy, client):
    element = get_element(site.session, strategy.id, "M-01")
    site.make.idea_call(
        site.municipality, title="Bald", closes_at=NOON + timedelta(days=4), elements=(element,)
    )
    call = site.make.idea_call(site.municipality, title="Später", elements=(element,))
    site.make.idea_call(site.municipality, title="Vorbei", closes_at=NOON)
    site.make.idea_call(site.municipality, title="Entwurf", published=False)
    site.make.idea(call, supports=3)
    site.session.commit()
    page = client.get("/").text
    assert page.index("Bald") < page.index("Später")
    for words in ("noch 4 Tage", "1 Idee, 3 Unterstützungen", "Verwaltung", "Fassung 1"):
        assert words in page
    for words in ("Vorbei", "Entwurf"):
        assert words not in page


def test_the_home_page_of_a_town_without_anything_says_what_will_be_there(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "Gerade ist keine Beteiligung offen" in page.text


def test_a_call_without_ideas_asks_for_the_first(site, client):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    page = client.get("/").text
    assert 'href="/beteiligung/digitale-orte/ideen/neu"' in page
    assert "noch keine Ideen" in page
    site.make.idea(call)
    page = client.get("/").text
    assert 'href="/beteiligung/digitale-orte/ideen"' in page
    assert "noch keine Ideen" not in page


def test_the_home_page_counts_measures_by_their_latest_report(site, strategy, client):
    element = get_element(site.session, strategy.id, "M-01")
    for state, percent, day in (
        (ProgressState.RUNNING, 40, NOON - timedelta(days=9)),
        (ProgressState.DONE, 100, NOON - timedelta(days=2)),
    ):
        report_progress(
            site.session,
            element=element,
            state=state,
            percent=percent,
            reason="x",
            on=day.date(),
        )
    site.session.commit()
    page = re.sub(r"\s+", " ", client.get("/").text)
    assert "1 von 2 Maßnahmen sind abgeschlossen" in page
    assert "1 von 1 fertig" in page
    assert "0 von 1 fertig" in page


def test_engagements_stand_under_what_they_are(site, client):
    site.make.idea_call(site.municipality, title="Offenes")
    site.make.idea_call(site.municipality, title="Geplantes", opens_at=NOON + HOUR)
    site.make.idea_call(site.municipality, title="Beendetes", closes_at=NOON)
    site.make.idea_call(site.municipality, title="Entworfenes", published=False)
    site.session.commit()
    page = client.get("/beteiligung/").text
    places = [
        page.index(words)
        for words in ("Jetzt offen", "Offenes", "Demnächst", "Geplantes", "Beendetes")
    ]
    assert places == sorted(places)
    assert "Entworfenes" not in page


def test_ended_engagements_are_paged_by_key(site, client):
    for number in range(27):
        site.make.idea_call(
            site.municipality,
            title=f"Nummer {number:02}",
            closes_at=NOON - timedelta(minutes=number // 2),
        )
    site.session.commit()
    seen, paths = [], ["/beteiligung/"]
    while paths:
        page = client.get(paths[0].replace("&amp;", "&")).text
        seen += re.findall(r"Nummer (\d\d)</a>", page)
        paths = re.findall(r'href="([^"]+)" rel="next"', page)
    assert len(seen) == len(set(seen)) == 27


@pytest.mark.parametrize("key", ["x", "nan-1", "1e400-1", "1-x", "-", "1"])
def test_a_broken_key_is_not_found(client, key):
    assert client.get("/beteiligung/", query_string={"vor": key}).status_code == 404


def test_an_engagement_says_what_can_be_decided_and_what_not(site, strategy, client):
    element = get_element(site.session, strategy.id, "M-01")
    call = site.make.idea_call(
        site.municipality,
        title="Orte",
        elements=(element,),
        scope_open="Die Reihenfolge.",
        scope_closed="Das Budget.",
    )
    put_easy_text(
        site.session, engagement=call, words={"summary": "Leicht gesagt."}, actor=None, at=NOON
    )
    site.session.commit()
    page = client.get("/beteiligung/orte").text
    for words in (
        "Was kann hier entschieden werden – und was nicht",
        "Die Reihenfolge.",
        "Das Budget.",
        "Leicht gesagt.",
        "Bürgerservice ohne Termin",
        "/beteiligung/orte/ideen/neu",
        "bis 17. Mai 2026",
    ):
        assert words in page


def test_an_engagement_names_its_elements_as_they_are_counted(site, client):
    draft = site.make.strategy(site.municipality)
    fields = [site.make.element(draft, ElementKind.ACTION_FIELD) for _ in range(9)]
    goal = site.make.goal(draft)
    call = site.make.idea_call(site.municipality, title="Orte", elements=(goal, *fields))
    site.session.commit()
    site.session.expire(call)
    counted = [f"HF-{number}" for number in range(3, 12)] + [goal.code]
    assert [element.code for element in call.elements] == counted
    page = client.get("/beteiligung/orte").text
    places = [page.index(f">{code}<") for code in counted]
    assert places == sorted(places)


def test_before_it_opens_there_is_no_button_and_no_title_of_a_draft_element(site, client):
    strategy = site.make.strategy(site.municipality)
    element = site.make.measure(strategy, title="Kanarienvogel")
    site.make.idea_call(site.municipality, title="Orte", elements=(element,), opens_at=NOON + HOUR)
    site.session.commit()
    for path in ("/", "/beteiligung/", "/beteiligung/orte"):
        assert "Kanarienvogel" not in client.get(path).text
    assert "/ideen/neu" not in client.get("/beteiligung/orte").text
    with clock.standing_at(NOON + HOUR):
        assert "Kanarienvogel" in client.get("/beteiligung/orte").text


def test_before_it_opens_nothing_is_counted_and_no_empty_list_is_offered(site, client):
    site.make.idea_call(site.municipality, title="Bald", opens_at=NOON + HOUR)
    site.session.commit()
    assert "0 Ideen" not in client.get("/beteiligung/bald").text
    early = client.get("/beteiligung/bald/ideen/neu").text
    assert "Ideen nehmen wir ab dem 7. Mai 2026" in early
    assert "Ideen ansehen" not in early
    assert 'href="/beteiligung/bald"' in early


def test_after_it_closed_the_ideas_can_be_read_and_nothing_sent(site, client):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.make.idea(call, title="Bleibt")
    site.session.commit()
    with clock.standing_at(call.closes_at):
        page = client.get("/beteiligung/orte").text
        assert "beendet" in page
        assert "/ideen/neu" not in page
        assert "Bleibt" in client.get("/beteiligung/orte/ideen").text


def test_how_many_took_part_is_said_from_ten_and_rounded(site, client):
    call = site.make.idea_call(site.municipality, title="Orte")
    for participants, words in ((9, None), (10, "rund 10 "), (437, "rund 430 ")):
        call.participants = participants
        site.session.commit()
        page = client.get("/beteiligung/orte").text
        assert not re.search(r"\b437\b", page)
        assert (words in page) if words else ("rund" not in page)


CANARIES = {status: f"Kanarienvogel {status.value}" for status in S if status is not S.PUBLISHED}


def test_what_is_not_published_stands_on_no_page(site, strategy):
    element = get_element(site.session, strategy.id, "M-01")
    call = site.make.idea_call(site.municipality, title="Orte", elements=(element,))
    shown = site.make.idea(call, title="Wellensittich", elements=(element,))
    for status, canary in CANARIES.items():
        site.make.idea(call, status=status, title=canary, text=canary, elements=(element,))
    undone = site.make.submitted_idea(call, title="Kanarienvogel zurückgenommen").idea
    moderator = site.make.member(Role.MODERATOR, municipality=site.municipality)
    decision = site.make.decision(undone, Action.PUBLISH, actor=moderator)
    decision.undone_at = NOON
    undone.take_back_to(S.PENDING, published_at=None)
    site.session.commit()
    paths = [
        "/",
        "/beteiligung/",
        "/beteiligung/orte",
        "/beteiligung/orte/ideen",
        "/beteiligung/orte/ideen?sortierung=unterstuetzt",
        "/beteiligung/orte/ideen?element=M-01",
        "/beteiligung/orte/ideen?suche=Wellensittich&sortierung=besprochen&stand=offen",
        "/beteiligung/orte/ideen?sortierung=zufall&ab=0",
        "/beteiligung/orte/ideen.csv?suche=Wellensittich",
        "/beteiligung/orte/ideen.csv",
        "/beteiligung/orte/ideen/neu",
        f"/beteiligung/orte/ideen/{shown.number}",
        *(f"/beteiligung/orte/ideen/{number}" for number in range(2, 8)),
        "/strategie/M-01",
        "/was-daraus-wurde",
    ]
    seen = 0
    for browser in (site.visitor(), site.staff(Role.STRATEGIST), site.staff(Role.MODERATOR)):
        for path in paths:
            page = browser.get(path).text
            assert "Kanarienvogel" not in page, path
            seen += "Wellensittich" in page
        searched = browser.get("/beteiligung/orte/ideen?suche=Kanarienvogel").text
        assert "Dazu gibt es keine Idee" in searched
        similar = browser.post(
            "/beteiligung/orte/ideen/aehnliche",
            data={"title": "Kanarienvogel Wellensittich"},
        ).text
        assert "Kanarienvogel" not in similar
        assert "Wellensittich" in similar
    # A site that shows nothing at all would pass too.
    assert seen >= 12


def fill(site, strategy, engagements, ideas):
    elements = [get_element(site.session, strategy.id, code) for code in ("HF-1", "M-01", "M-02")]
    for number in range(engagements):
        for times in (
            {},
            {"opens_at": NOON + HOUR},
            {"closes_at": NOON + 2 * HOUR},
        ):
            call = site.make.idea_call(
                site.municipality, title=f"Aufruf {number}", elements=tuple(elements), **times
            )
            if number == 0 and not times:
                for count in range(ideas):
                    site.make.idea(call, elements=(elements[count % 3],), supports=count % 3)
    site.session.commit()


PATHS = (
    "/",
    "/beteiligung/",
    "/beteiligung/aufruf-0",
    "/beteiligung/aufruf-0/ideen",
    "/beteiligung/aufruf-0/ideen?sortierung=unterstuetzt&element=M-01",
    "/beteiligung/aufruf-0/ideen?sortierung=besprochen&stand=offen&suche=Idee+Ort",
    "/beteiligung/aufruf-0/ideen?sortierung=zufall&ab=0&stand=strategie",
    "/beteiligung/aufruf-0/ideen/1",
    "/beteiligung/aufruf-0/ideen/neu",
)


def test_a_public_page_takes_ten_queries_at_most_whatever_there_is(site, strategy):
    fill(site, strategy, engagements=1, ideas=1)
    browser = site.visitor()
    few = {path: queries_of(site, browser, path) for path in PATHS}
    fill(site, strategy, engagements=8, ideas=45)
    browser.post("/beteiligung/aufruf-0/ideen/1/unterstuetzen")
    many = {path: queries_of(site, browser, path) for path in PATHS}
    assert max(many.values()) <= 10, many
    # One more than before: whether this browser supports what is shown.
    assert all(many[path] <= few[path] + 1 for path in PATHS), (few, many)


def test_an_idea_that_changed_the_strategy_shows_its_way_in_ten_queries(site):
    loop = site.make.loop(site.municipality)
    other = site.make.idea(loop.call)
    for _ in range(3):
        site.make.comment(None, anchor=loop.idea, text="Wellensittich")
    site.session.commit()
    visitor = site.visitor()
    path = f"/beteiligung/{loop.call.slug}/ideen"
    page = visitor.get(f"{path}/{loop.idea.number}").text
    for words in ("übernommen", "in Fassung 2", "Antwort der Stadt", "Wellensittich"):
        assert words in page
    shown = visitor.get(path).text
    assert "übernommen" in shown
    assert "Schritt 5 von 6" in shown
    assert queries_of(site, visitor, f"{path}/{loop.idea.number}") <= 10
    assert queries_of(site, visitor, path) <= 10
    assert "Antwort der Stadt" not in visitor.get(f"{path}/{other.number}").text


def test_a_staff_page_takes_twenty_queries_at_most_whatever_there_is(site, strategy):
    paths = ("/moderation/", "/moderation/entschieden", "/verwaltung/beteiligungen")
    browser = site.staff(Role.MODERATOR, Role.STRATEGIST)
    fill(site, strategy, engagements=1, ideas=0)
    call = site.make.idea_call(site.municipality, title="Warteschlange")
    moderator = site.make.member(Role.MODERATOR, municipality=site.municipality)

    def more(number):
        for _ in range(number):
            site.make.submitted_idea(call)
            site.make.decision(site.make.submitted_idea(call).idea, actor=moderator)
        site.session.commit()

    more(1)
    few = {path: queries_of(site, browser, path) for path in paths}
    fill(site, strategy, engagements=8, ideas=0)
    more(30)
    many = {path: queries_of(site, browser, path) for path in paths}
    assert max(many.values()) <= 20, many
    assert few == many


@pytest.mark.parametrize(
    "path", ["/beteiligung/gibt-es-nicht", "/beteiligung/%00", "/beteiligung/a/b"]
)
def test_an_unknown_engagement_is_not_found(client, path):
    assert client.get(path).status_code == 404
