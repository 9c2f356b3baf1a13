"""What nobody would type: foreign ids, wrong types, signs that no text has. All are answered."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import url_for

from tests.security.test_routes import TABLE, rules
from tests.security.world import World

ODD: dict[str, list[Any]] = {
    "slug": ["gibt-es-nicht", "ä", "%", "' OR 1=1 --", "a" * 3000, "<script>", "x\x00y", "\ud7ff"],
    "code": ["M-99", "m-01", "E-0", "X", "M-" + "9" * 30, "-", "M-01'", "M-0\x001", "١"],
    "number": [0, 2**31 - 1, 2**31, 2**63, 2**64, 10**40],
    "consultation": [99, 2**31 - 1, 10**40],
    "token": ["x", "a" * 3000, "ä", "x\x00", "%2e%2e", "1-a", "9" * 40 + "-a"],
    "contribution_id": [uuid.UUID(int=0), uuid.uuid4()],
    "image_id": [uuid.UUID(int=0), uuid.uuid4()],
    "size": ["king"],
    "field_id": [0, 2**31 - 1, 10**40],
    "direction": ["king"],
    "decision_id": [0, 2**31 - 1, 10**40],
    "answer_id": [0, 2**31 - 1, 10**40],
    "group_id": [0, 2**31 - 1, 10**40],
    "account_id": [0, 2**31 - 1, 10**40],
    "invitation_id": [0, 2**31 - 1, 10**40],
    "value": [0, 2**31 - 1, 10**40],
    "role_name": ["king", "", "x\x00"],
    "kind": ["king"],
    "page": ["king"],
    "table": ["king"],
    "language": ["de", "xx-yy-zz", "EN", "' OR 1=1", "x\x00", "a" * 3000],
    "filename": ["../../pyproject.toml", "css/../../../pyproject.toml", "x\x00"],
}
BODIES: list[dict[str, Any]] = [
    {},
    {"csrf_token": "x", "submission": "x", "opened": "x", "website": ""},
    {"title": "x\x00y", "text": "\x00"},
    {"title": "x" * 200_000, "text": "x" * 200_000, "name": "x" * 200_000},
    {"title": ["a", "b"], "text": ["a", "b"], "elements": ["M-01", "M-01", "X-1", ""]},
    {"submission": "0" * 32, "opened": "²³.x", "text": "\ud7ff", "title": "\u202e"},
    {"choice": "9" * 40, "number": "1e999", "percent": "-1", "value": "NaN", "on": "2026-02-30"},
    {"read": "9" * 40, "version": "-1", "after": "x", "intent": "x", "action": "x", "ground": "x"},
]
QUERIES = [
    "?seite=x",
    "?vor=x",
    "?vor=" + "9" * 40,
    "?nach=%00",
    "?element=%00",
    "?haltung=x",
    "?feld=%FF",
]
# On SQLite only what it takes otherwise: numbers that are too large for it, and text that ends
# where C thinks it does. How a page reads an address does not depend on the database.
OTHERWISE_ON_SQLITE = [2**31 - 1, 2**63, 10**40]
# Somebody with every role gets past every access rule.
WHO = "everything"
CALM = {200, 301, 303, 308, 400, 401, 403, 404, 405, 409, 410, 413, 422, 429}

pytestmark = pytest.mark.timeout(600)


def odd_values(world: World, name: str) -> list[Any]:
    """Return what to try for an argument on this world's database."""
    return [odd for odd in ODD[name] if world.is_on_postgresql or is_otherwise_on_sqlite(odd)]


def is_otherwise_on_sqlite(odd: Any) -> bool:
    """Tell whether something may be told apart by what SQLite takes."""
    signs = re.search(r"\\x00|%00|9{40}|1e999", repr(odd))
    return odd in OTHERWISE_ON_SQLITE or signs is not None


def addresses(world: World, endpoint: str) -> list[str]:
    """Return addresses that each have one odd argument, built as somebody would who tries."""
    rule = rules(world)[endpoint]
    sample = world.arguments(endpoint, set(rule.arguments))
    found = []
    with world.site.app.test_request_context(base_url="http://localhost/lindenow"):
        for name in rule.arguments:
            for odd in odd_values(world, name):
                path = "/lindenow" + _filled(rule.rule, sample | {name: odd})
                found.append(path)
        if not rule.arguments:
            found.append(url_for(endpoint))
    return found


def _filled(rule: str, values: dict[str, Any]) -> str:
    """Put values into a rule without asking its converters."""
    return re.sub(
        r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda found: str(values.get(found.group(1), "x")), rule
    )


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if n != "static"])
def test_no_address_whatever_leads_to_a_failure(world_on_both: World, endpoint: str):
    browser = world_on_both.look(WHO)
    for path in addresses(world_on_both, endpoint):
        for method in TABLE[endpoint]["methods"]:
            answer = browser.open(path, method=method, buffered=True)
            assert answer.status_code in CALM, f"{method} {path} {answer.status_code}"


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if "GET" in e["methods"]])
def test_no_query_whatever_leads_to_a_failure(world_on_both: World, endpoint: str):
    if endpoint == "static":
        return
    rule = rules(world_on_both)[endpoint]
    with world_on_both.site.app.test_request_context(base_url="http://localhost/lindenow"):
        path = url_for(endpoint, **world_on_both.arguments(endpoint, set(rule.arguments)))
    browser = world_on_both.look(WHO)
    for query in QUERIES:
        if not world_on_both.is_on_postgresql and not is_otherwise_on_sqlite(query):
            continue
        answer = browser.get(path + query, buffered=True)
        assert answer.status_code in CALM, f"{path}{query} {answer.status_code}"


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if "POST" in e["methods"]])
def test_no_form_whatever_leads_to_a_failure(world_on_both: World, endpoint: str):
    rule = rules(world_on_both)[endpoint]
    with world_on_both.site.app.test_request_context(base_url="http://localhost/lindenow"):
        path = url_for(endpoint, **world_on_both.arguments(endpoint, set(rule.arguments)))
    for body in BODIES:
        if not world_on_both.is_on_postgresql and not is_otherwise_on_sqlite(body.values()):
            continue
        # What was sent before may have signed them out.
        answer = world_on_both.look(WHO).post(path, data=body, buffered=True)
        assert answer.status_code in CALM, f"{path} {list(body)} {answer.status_code}"


def test_a_body_that_no_form_makes_is_not_read_as_one(world: World):
    """The library of the forms would read JSON, whose numbers and lists are no texts."""
    browser = world.look(WHO)
    for path in ("/lindenow/beleg", "/lindenow/konto/passwort", "/lindenow/konto/anmelden"):
        for body in ('{"code": 5, "email": [1]}', "[1, 2]", '"\\u0000"', "[" * 100_000):
            answer = browser.post(path, data=body, content_type="application/json")
            assert answer.status_code == 400, f"{path} {body[:20]}"


FOREIGN = {
    "slug",
    "contribution_id",
    "decision_id",
    "answer_id",
    "account_id",
    "invitation_id",
    "value",
}


@pytest.mark.parametrize("endpoint", TABLE)
def test_what_belongs_to_another_town_does_not_exist_here(world: World, endpoint: str):
    """Somebody with every role here asks with ids from there."""
    rule = rules(world)[endpoint]
    numbered = "indikatoren" in rule.rule or "meilensteine" in rule.rule
    names = set(rule.arguments) & (FOREIGN | ({"number"} if numbered else set()))
    if not names:
        return
    theirs = world.arguments(endpoint, set(rule.arguments), of="anderswo")
    with world.site.app.test_request_context(base_url="http://localhost/lindenow"):
        path = url_for(endpoint, **theirs)
    browser = world.look("everything")
    for method in TABLE[endpoint]["methods"]:
        answer = browser.open(path, method=method, buffered=True)
        assert answer.status_code == 404, f"{method} {path} {answer.status_code}"
