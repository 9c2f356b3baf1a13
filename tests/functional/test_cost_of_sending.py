"""What one sending asks of the database, beside the counting of requests."""

from __future__ import annotations

import pytest

from participation.strategy.queries import get_element
from tests.pages import pressed
from tests.statements import noted_statements

CALL, ROUND = "/beteiligung/orte", "/beteiligung/leitlinie"
COMMENT = {"text": "Das Netz im Wartehaus ist schwach."}
IDEA = COMMENT | {"title": "WLAN am Bahnhof"}
# A savepoint asks the database nothing.
APART = ("SAVEPOINT", "RELEASE")


@pytest.fixture
def town(site):
    """A town with an open call and a round, about elements, with something to vote on."""
    strategy = site.make.adopted_strategy(site.municipality)
    elements = [get_element(site.session, strategy.id, code) for code in ("HF-1", "M-01")]
    call = site.make.idea_call(site.municipality, title="Orte", elements=elements)
    site.make.idea(call, title="Bank am Teich", elements=elements)
    text = site.make.comment_round(site.municipality, title="Leitlinie", elements=elements)
    site.make.comment(text, text.passages[0])
    site.session.commit()
    return site


def send(town, path, button, **typed):
    """Press a button of a page and return the statements of the sending."""
    visitor = town.visitor()
    target, fields = pressed(visitor.get(path).text, button, **typed)
    with noted_statements(town) as statements:
        answer = visitor.post((target or path).partition("#")[0], data=fields)
    assert answer.status_code in (200, 303)
    return [one for one in statements if "rate_count" not in one and not one.startswith(APART)]


SENDINGS = [
    (f"{CALL}/ideen/neu", "Idee absenden", IDEA),
    (f"{CALL}/ideen/1/kommentare", "Kommentar absenden", COMMENT),
    (f"{ROUND}/kommentare/neu", "Kommentar absenden", COMMENT | {"stance": "concern"}),
    (f"{ROUND}/kommentare/abstimmen", "Zustimmen", {}),
    (f"{CALL}/ideen/1", "Unterstützen: Bank am Teich", {}),
]


@pytest.mark.parametrize(("path", "button", "typed"), SENDINGS)
def test_sending_takes_at_most_fifteen_statements(town, path, button, typed):
    if button == "Idee absenden":
        typed = typed | {"anyway": "1"}
    statements = send(town, path, button, **typed)
    assert any(one.startswith("INSERT") for one in statements)
    assert len(statements) <= 15, statements
