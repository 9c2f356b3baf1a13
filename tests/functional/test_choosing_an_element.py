"""One element out of hundreds is found by its field, its code or a word of its title."""

from __future__ import annotations

import re

import pytest

from participation.accounts.models import Role
from participation.revisions.listing import by_field
from participation.revisions.queries import DraftedLine, drafted_lines, open_revision_of
from participation.strategy.models import ElementKind
from tests.presence import there
from tests.statements import queries_of

PATH = "/werkstatt/aenderungen/"


@pytest.fixture
def strategy(site):
    strategy = site.make.adopted_strategy(site.municipality)
    revision = site.make.revision(strategy)
    site.make.amended(revision, "M-02", title="Rufbus", because=[site.make.stated()])
    site.session.commit()
    return strategy


def codes(page: str) -> list[str]:
    return re.findall(r'<span class="bt-code">([A-Z]+-\d+)</span>', page)


def test_elements_stand_in_their_fields_with_their_drafted_titles(site, strategy):
    page = site.staff(Role.ANALYST).get(PATH).text
    assert codes(page) == ["L-1", "HF-1", "Z-01", "M-01", "HF-2", "M-02"]
    assert 'href="#feld-HF-2"' in page
    assert ">Rufbus</a>" in page
    assert "M-01/streichen" in page
    assert "M-02/streichen" not in page
    assert "L-1/streichen" not in page


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("m-01", ["M-01"]), ("RUF", ["M-02"]), ("ohne termin", ["M-01"]), ("nirgends", [])],
)
def test_a_search_narrows_the_list(wanted, found, site, strategy):
    page = site.staff(Role.STRATEGIST).get(PATH, query_string={"suche": wanted}).text
    assert codes(page) == found
    assert ("Nichts gefunden" in page) is (not found)


def test_what_leaves_the_strategy_is_no_longer_offered_and_leaves_nothing_homeless(site, strategy):
    lead = site.staff(Role.STRATEGIST)
    lead.post("/werkstatt/aenderungen/HF-2/streichen", data={"stated": "law", "stated_text": "x"})
    assert codes(lead.get(PATH).text) == ["L-1", "M-02", "HF-1", "Z-01", "M-01"]


def test_the_lines_say_what_the_whole_draft_says(site, strategy):
    revision = there(open_revision_of(site.session, strategy.id))
    lines = drafted_lines(site.session, revision)
    assert [(one.code, one.title, one.field) for one in lines.values()][-2:] == [
        ("M-01", "Bürgerservice ohne Termin", "HF-1"),
        ("M-02", "Rufbus", "HF-2"),
    ]


def test_a_field_without_a_match_is_left_out():
    lines = {
        "HF-1": DraftedLine("HF-1", ElementKind.ACTION_FIELD, "Verwaltung", None),
        "M-01": DraftedLine("M-01", ElementKind.MEASURE, "Bürgeramt", "HF-1"),
        "HF-2": DraftedLine("HF-2", ElementKind.ACTION_FIELD, "Mobilität", None),
    }
    assert [
        (group.field.code if group.field else None, [line.code for line in group.lines])
        for group in by_field(lines, "bürger")
    ] == [("HF-1", ["M-01"])]


def test_choosing_takes_as_many_queries_whatever_there_is(site, strategy):
    lead = site.staff(Role.STRATEGIST)
    before = queries_of(site, lead, PATH), queries_of(site, lead, "/werkstatt/aenderungen/M-01")
    revision = there(open_revision_of(site.session, strategy.id))
    for code in ("Z-01", "HF-1", "M-01"):
        site.make.amended(revision, code, title=f"Neu {code}", because=[site.make.stated()])
    site.session.commit()
    after = queries_of(site, lead, PATH), queries_of(site, lead, "/werkstatt/aenderungen/M-01")
    assert max(after) <= 20
    assert after[0] == before[0]
