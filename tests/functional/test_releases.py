"""The list of engagements whose results can be released."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from participation.accounts.models import Role
from participation.insights.queries import PAGE
from tests.statements import queries_of

PATH = "/werkstatt/auswertungen"


@pytest.fixture
def calls(site):
    """One engagement more than a page shows, and drafts and planned ones between them."""
    make, town = site.make, site.municipality
    make.adopted_strategy(town)
    calls = []
    for number in range(PAGE + 1):
        calls.append(make.idea_call(town, title=f"Aufruf {number:02}"))
        make.idea_call(town, published=False, title=f"Entwurf {number:02}")
    make.idea_call(town, opens_at=make.at + timedelta(days=3), title="Noch nicht offen")
    site.session.commit()
    return calls


def titles(page: str) -> list[str]:
    return re.findall(r">(Aufruf \d\d)</a>", page)


def test_the_list_goes_on_where_the_page_ended(site, calls):
    analyst = site.staff(Role.ANALYST)
    first = analyst.get(PATH).text
    assert titles(first) == [f"Aufruf {number:02}" for number in range(PAGE, 0, -1)]
    following = re.search(r'href="([^"]*vor=[^"]*)"', first)
    assert following
    second = analyst.get(unescape(following.group(1))).text
    assert titles(second) == ["Aufruf 00"]
    assert "vor=" not in second


def test_only_what_has_opened_can_be_released(site, calls):
    page = site.staff(Role.ANALYST).get(PATH).text
    assert "Entwurf 0" not in page
    assert "Noch nicht offen" not in page


def test_the_list_takes_few_queries_whatever_there_is(site, calls):
    assert queries_of(site, site.staff(Role.STRATEGIST), PATH) <= 8
