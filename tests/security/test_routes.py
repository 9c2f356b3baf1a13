"""Every address × everybody who might ask for it, against the reviewed table in routes.toml."""

from __future__ import annotations

import re
import tomllib
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from participation.accounts.access import rule_of
from participation.contributions.models import Contribution
from tests.security.world import LOOKERS, SIGNED_OUT, World

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "routes.toml").read_text(encoding="utf-8")
)
TAKEN = {200, 303, 400, 404, 409, 410, 422}


def may(entry: dict[str, Any], who: str) -> bool:
    if entry["may"] == "everyone":
        return True
    if who in SIGNED_OUT:
        return False
    return entry["may"] == "signed in" or who in entry["may"]


def methods_of(rule: Rule) -> set[str]:
    return set(rule.methods or ()) - {"OPTIONS", "HEAD"}


def path_of(rule: Rule) -> str:
    return re.sub(r"<\w+(?:\([^)]*\))?:", "<", rule.rule)


def rules(world: World) -> dict[str, Rule]:
    return {rule.endpoint: rule for rule in world.site.app.url_map.iter_rules()}


def address(world: World, endpoint: str) -> str:
    """Return a sample address in the town that the lookers belong to."""
    if endpoint == "static":
        return "/static/css/base.css"
    rule = rules(world)[endpoint]
    arguments = world.arguments(endpoint, set(rule.arguments))
    missing = set(rule.arguments) - set(arguments)
    assert not missing, f"tests/security/world.py needs a sample of {missing} for {endpoint}"
    with world.site.app.test_request_context(base_url="http://localhost/lindenow"):
        return url_for(endpoint, **arguments)


def ask(world: World, who: str, method: str, endpoint: str) -> TestResponse:
    path = address(world, endpoint)
    return world.look(who).open(path, method=method, buffered=True)


def assert_refused(answer: TestResponse, who: str, method: str, endpoint: str) -> None:
    asked = f"{who} {method} {endpoint}"
    if who not in SIGNED_OUT:
        assert answer.status_code == 403, asked
    elif method == "GET":
        assert answer.status_code == 303, asked
        assert (answer.location or "").startswith("/lindenow/konto/anmelden?next="), asked
    else:
        assert answer.status_code == 401, asked
        assert 'action="/lindenow/konto/anmelden"' in answer.text, asked


def test_every_address_is_in_the_reviewed_table(world: World):
    found = {
        endpoint: (path_of(rule), sorted(methods_of(rule)))
        for endpoint, rule in rules(world).items()
    }
    reviewed = {name: (entry["path"], entry["methods"]) for name, entry in TABLE.items()}
    assert found == reviewed, "review tests/security/routes.toml"


def test_no_endpoint_has_two_addresses(world: World):
    endpoints = [rule.endpoint for rule in world.site.app.url_map.iter_rules()]
    assert len(endpoints) == len(set(endpoints))


def test_every_view_has_an_access_rule(world: World):
    views = world.site.app.view_functions
    bare = [name for name, view in views.items() if rule_of(view) is None and name != "static"]
    assert bare == []


def test_no_view_is_open_by_its_rule_and_closed_in_the_table(world: World):
    views = world.site.app.view_functions
    for name, entry in TABLE.items():
        if name != "static":
            is_open = rule_of(views[name]) == "public"
            assert is_open is (entry["may"] == "everyone"), name


def test_every_role_of_the_table_is_one(world: World):
    for entry in TABLE.values():
        if not isinstance(entry["may"], str):
            assert set(entry["may"]) <= set(LOOKERS[2:6])
            assert entry["may"]
        else:
            assert entry["may"] in {"everyone", "signed in"}


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if "GET" in e["methods"]])
def test_reading_is_as_the_table_says(world: World, endpoint: str):
    entry = TABLE[endpoint]
    for who in LOOKERS:
        answer = ask(world, who, "GET", endpoint)
        if not may(entry, who):
            assert_refused(answer, who, "GET", endpoint)
            continue
        expected = _answer_to(endpoint, who, entry.get("get", 200))
        assert answer.status_code == expected, f"{who} GET {endpoint} {answer.location}"


def _answer_to(endpoint: str, who: str, usual: int) -> int:
    """Who is signed in is led on from the pages that one signs in on."""
    leads_on = endpoint in {"accounts.sign_in", "accounts.sign_up"} and who not in SIGNED_OUT
    return 303 if leads_on else usual


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if "POST" in e["methods"]])
def test_who_may_not_cannot_write(world: World, endpoint: str):
    for who in LOOKERS:
        if not may(TABLE[endpoint], who):
            assert_refused(ask(world, who, "POST", endpoint), who, "POST", endpoint)


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if "POST" in e["methods"]])
def test_who_may_can_send_an_empty_form_and_nothing_breaks(world: World, endpoint: str):
    """Last, because some of these need no fields and change something."""
    entry = TABLE[endpoint]
    who = next(who for who in LOOKERS if may(entry, who))
    answer = ask(world, who, "POST", endpoint)
    assert answer.status_code in TAKEN, f"{who} POST {endpoint} {answer.status_code}"
    assert (answer.location or "").find("/konto/anmelden?next=") == -1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_everywhere(world: World, method: str):
    for endpoint in TABLE:
        answer = ask(world, "administrator", method, endpoint)
        assert answer.status_code == 405, endpoint


# What counts by itself, or does nothing that is worth doing often.
UNLIMITED = {
    "accounts.enter_code": "counts wrong codes for each account and network",
    "accounts.sign_in": "counts wrong passwords for each account and network",
    "accounts.sign_out": "ends one's own session",
    "engagements.confirm": "needs a token from a mail",
    "engagements.leave": "needs a token from a mail",
    "engagements.mailbox": "needs a token from a mail",
    "engagements.unsubscribe": "needs a token from a mail",
}


def test_every_form_that_anybody_may_send_is_limited(world: World):
    views = world.site.app.view_functions
    open_forms = {n for n, e in TABLE.items() if "POST" in e["methods"] and e["may"] == "everyone"}
    limited = {name for name in open_forms if getattr(views[name], "rate_limit", None)}
    assert open_forms - limited == set(UNLIMITED)


@pytest.mark.parametrize("endpoint", [n for n, e in TABLE.items() if e["may"] == "everyone"])
def test_what_programs_fill_in_is_refused_by_every_open_form(world: World, endpoint: str):
    """A form with the trap in it takes nothing from whoever fills the trap in."""
    entry = TABLE[endpoint]
    if set(entry["methods"]) != {"GET", "POST"}:
        return
    browser = world.look("anonymous")
    page = browser.get(address(world, endpoint), buffered=True)
    if 'name="website"' not in page.text:
        return
    fields = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', page.text)
    }
    filled = fields | {"website": "https://spam.example", "title": "Spam", "text": "Spam Spam"}
    filled |= {"email": "spam@example.org", "stance": "concern"}
    answer = browser.post(address(world, endpoint), data=filled, buffered=True)
    assert answer.status_code == 422, endpoint
    said = sa.select(sa.func.count()).select_from(Contribution)
    spam = said.where(Contribution.text == "Spam Spam")
    assert world.site.session.scalar(spam) == 0
