"""How many statements the pages of accounts and settings take, whatever is in them."""

from __future__ import annotations

import pytest

from participation.accounts import operations
from participation.accounts.models import Role
from tests.conftest import NOON
from tests.site import Site
from tests.statements import queries_of

PAGES = [
    "/ueberblick",
    "/konto/",
    "/konto/zweiter-faktor",
    "/verwaltung/",
    "/verwaltung/kommune",
    "/verwaltung/aussehen",
    "/verwaltung/texte",
    "/verwaltung/texte/impressum",
    "/verwaltung/personen",
    "/verwaltung/protokoll",
]


def fill(site: Site, *, first: int) -> None:
    for number in range(first, first + 5):
        site.make.member(Role.MODERATOR, Role.ANALYST, municipality=site.municipality)
        call = site.make.idea_call(site.municipality, title=f"Aufruf {number}")
        site.make.submitted_idea(call)
        operations.invite(
            site.session,
            municipality=site.municipality,
            email=f"neu{number}@example.org",
            role=Role.ANALYST,
            key=b"key",
            actor=None,
            at=NOON,
        )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_staff_takes_few_statements_whatever_is_in_it(site: Site, path: str):
    browser = site.staff(*Role)
    fill(site, first=0)
    few = queries_of(site, browser, path)
    fill(site, first=5)
    assert few <= 20
    assert queries_of(site, browser, path) == few


@pytest.mark.parametrize("path", ["/konto/anmelden", "/konto/neu", "/impressum", "/farbe.css"])
def test_a_public_page_takes_next_to_none(site: Site, path: str):
    assert queries_of(site, site.visitor(), path) <= 3
