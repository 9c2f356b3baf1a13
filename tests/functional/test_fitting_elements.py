"""Elements of the call are suggested from the text of an idea, and only suggested."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from participation.ideas.models import Idea
from participation.strategy.models import ElementKind
from tests.pages import pressed

FORM = "/beteiligung/digitale-orte/ideen/neu"
TYPING = "/beteiligung/digitale-orte/ideen/passende-teile"
WORDS = {"title": "Blinde an der Haltestelle", "text": "Eine sprechende Anzeige für den Bus."}
QUESTION = "Passt Ihre Idee zu einem dieser Teile?"


def opened(site, *, measures=1):
    strategy = site.make.strategy(site.municipality)
    display = site.make.measure(
        strategy,
        title="Abfahrtsanzeigen an Haltestellen",
        text="Eine sprechende Anzeige mit der nächsten Abfahrt.",
        field="HF-2",
    )
    others = [
        site.make.element(strategy, ElementKind.GOAL, title=f"Bäume gießen {number}", field="HF-1")
        for number in range(measures)
    ]
    fields = [site.make.known(strategy, code) for code in ("HF-1", "HF-2")]
    call = site.make.idea_call(
        site.municipality, title="Digitale Orte", elements=(*fields, display, *others)
    )
    site.session.commit()
    return call, display


@pytest.fixture
def display(site):
    return opened(site)[1].code


def stored(site):
    site.session.expire_all()
    ideas = site.session.scalars(sa.select(Idea).options(selectinload(Idea.elements))).all()
    site.session.commit()
    return [[element.code for element in idea.elements] for idea in ideas]


def sent(client, **typed):
    where, fields = pressed(client.get(FORM).text, "Idee absenden", **(WORDS | typed))
    return client.post(where, data=fields)


def test_before_sending_fitting_elements_are_offered_and_none_is_ticked(site, display, client):
    first = sent(client, email="ich@example.org")
    assert QUESTION in first.text
    assert "Abfahrtsanzeigen an Haltestellen" in first.text
    assert stored(site) == []
    assert not re.search(r'type="checkbox"[^>]*checked', first.text)
    where, fields = pressed(first.text, "Idee absenden")
    assert (fields["title"], fields["text"]) == ([WORDS["title"]], [WORDS["text"]])
    assert fields["email"] == ["ich@example.org"]
    assert "elements" not in fields
    assert "Ihr Beleg" in client.post(where, data=fields).text
    assert stored(site) == [[]]


def test_what_is_ticked_there_is_stored(site, display, client):
    where, fields = pressed(sent(client).text, "Idee absenden")
    # In the suggestion and in the list: it is one element all the same.
    answer = client.post(where, data=fields | {"elements": [display, display]})
    assert "Ihr Beleg" in answer.text
    assert stored(site) == [[display]]


def test_whoever_has_chosen_or_writes_of_something_else_is_not_asked(site, display, client):
    where, fields = pressed(client.get(FORM).text, "Idee absenden", **WORDS)
    assert "Ihr Beleg" in client.post(where, data=fields | {"elements": ["HF-1"]}).text
    assert "Ihr Beleg" in sent(client, title="Pizza", text="Mehr Pizza für alle.").text
    assert stored(site) == [["HF-1"], []]


def test_while_typing_a_fragment_shows_them_and_who_saw_them_is_not_asked_again(
    site, display, client
):
    page = client.post(TYPING, data=WORDS)
    assert page.status_code == 200
    assert "Abfahrtsanzeigen an Haltestellen" in page.text
    assert "<html" not in page.text
    assert client.post(TYPING, data={"title": "Pizza"}).text.strip() == ""
    assert client.post(TYPING).text.strip() == ""
    assert client.get(TYPING).status_code == 405
    seen = re.findall(r'name="seen" value="([^"]+)"', page.text)
    where, fields = pressed(client.get(FORM).text, "Idee absenden", **WORDS)
    assert "Ihr Beleg" in client.post(where, data=fields | {"seen": seen}).text
    assert stored(site) == [[]]


def test_the_text_of_a_draft_suggests_nothing_but_titles_of_the_call_do(site, display, client):
    inside = {"title": "Abfahrt", "text": "Wann ist die nächste, sprechend?"}
    assert client.post(TYPING, data=inside).text.count("data-ticks") <= 1
    site.session.commit()
    only_in_text = {"title": "Sprechend", "text": "Sprechende Sachen, die sprechen."}
    assert client.post(TYPING, data=only_in_text).text.strip() == ""


def test_many_elements_stand_under_their_field_and_closed(site, client):
    opened(site, measures=15)
    page = client.get(FORM).text
    groups = re.findall(r"<details([^>]*)data-filter-group>", page)
    assert len(groups) == 2
    assert not any("open" in group for group in groups)
    first, second = page.split("data-filter-group>")[1:]
    assert first.count("Bäume gießen") == 15
    assert "Verwaltung" in first
    assert "Abfahrtsanzeigen" in second
    assert "Mobilität" in second
