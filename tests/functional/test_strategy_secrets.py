"""What of a draft no public page ever shows, and what opening an engagement shows of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from participation.engagements.operations import publish_engagement
from participation.revisions.models import ChangeOperation
from participation.revisions.operations import propose_change
from participation.strategy import operations, queries
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.models import ElementKind


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    site.session.commit()
    return strategy


CANARY = "Kanarienvogel-Text"


def public_paths(site, strategy):
    """Every public address that the strategy could have."""
    codes = [code for code, _ in queries.choices_of_elements(site.session, strategy.id)]
    yield from ("/", "/strategie/", "/was-daraus-wurde", "/beteiligung/")
    yield from (f"/strategie/{code}" for code in codes)
    yield from (f"/strategie/fassungen/{number}" for number in (1, 2, 3))
    yield from (f"/strategie/fassungen/{number}?vergleich=1" for number in (1, 2, 3))
    yield from (f"/strategie/fassungen/{number}/entwurf/{k}" for number in (1, 2) for k in (0, 1))


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
    measure = site.make.known(drafted, "M-01")
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
        elements=(site.make.known(drafted, "M-01"),),
        opens_at=at + timedelta(days=1),
        closes_at=at + timedelta(days=9),
    )
    site.session.commit()
    assert client.get("/strategie/M-01").status_code == 404


def test_a_draft_in_consultation_is_public_as_it_was_frozen(site, client, drafted):
    said = site.make.contents(site.make.draft_of(drafted))
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
