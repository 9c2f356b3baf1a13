"""A call with very many ideas: its pages say numbers that were counted within the last minute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.foundation import clock
from participation.ideas import queries
from participation.portal.queries import engagements
from tests.conftest import NOON
from tests.statements import noted_statements

CALL = "/beteiligung/orte"
IDEAS = f"{CALL}/ideen"
SOON, LATER = NOON + timedelta(seconds=20), NOON + timedelta(minutes=1)


def set_many(monkeypatch, number):
    for counting in (queries, engagements):
        monkeypatch.setattr(counting, "MANY", number)


@pytest.fixture
def town(site, monkeypatch):
    """A town whose call is large with five ideas."""
    set_many(monkeypatch, 5)
    call = site.make.idea_call(site.municipality, title="Orte")
    for number in range(5):
        site.make.idea(call, title=f"Bank {number}")
    site.session.commit()
    site.call = call
    return site


def read(town, path, at):
    with clock.standing_at(at), noted_statements(town) as statements:
        return town.visitor().get(path).text, len(statements)


def publish_another(town):
    town.make.idea(town.call, title="Zaun am Teich")
    town.session.commit()


@pytest.mark.parametrize("path", ["/", CALL, IDEAS])
def test_what_was_counted_is_said_for_the_rest_of_the_minute(town, path):
    assert "5 Ideen" in read(town, path, NOON)[0]
    publish_another(town)
    assert "5 Ideen" in read(town, path, SOON)[0]
    assert "6 Ideen" in read(town, path, LATER)[0]


def test_a_new_idea_is_in_the_list_at_once(town):
    read(town, IDEAS, NOON)
    publish_another(town)
    assert "Zaun am Teich" in read(town, IDEAS, SOON)[0]
    assert "Zaun am Teich" in read(town, f"{IDEAS}?suche=Teich", SOON)[0]


@pytest.mark.parametrize("path", ["/", CALL, IDEAS])
def test_the_next_page_of_the_minute_does_not_count_again(town, path):
    _text, first = read(town, path, NOON)
    publish_another(town)
    _text, second = read(town, path, SOON)
    assert second < first


@pytest.mark.parametrize("path", ["/", CALL, IDEAS])
def test_a_small_call_is_counted_for_every_page(town, monkeypatch, path):
    set_many(monkeypatch, 7)
    assert "5 Ideen" in read(town, path, NOON)[0]
    publish_another(town)
    assert "6 Ideen" in read(town, path, SOON)[0]
