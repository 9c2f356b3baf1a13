"""One town at the root, several below their names; old addresses stay good."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from participation.accounts.models import Role
from participation.accounts.operations import RESERVED_SLUGS
from tests.factories import PASSWORD
from tests.site import Site


@pytest.fixture
def two_towns(site: Site) -> Site:
    site.make.municipality("anderswo", "Anderswo")
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    return site


def test_the_only_town_stands_at_the_root(site: Site):
    assert site.visitor().get("/impressum").status_code == 200
    assert site.visitor().get("/lindenow/impressum").status_code == 404


def test_several_towns_stand_below_their_names(two_towns: Site):
    page = two_towns.visitor().get("/anderswo/impressum")
    assert "Anderswo" in page.text
    assert 'href="/anderswo/datenschutz"' in page.text
    assert "Lindenow" not in page.text


def test_every_town_shows_the_beginning_of_its_own_receipts(two_towns: Site):
    for address, prefix in (("/anderswo", "AND"), ("/lindenow", "LIN")):
        for page in ("/", "/beleg"):
            shown = two_towns.visitor().get(address + page).text
            assert set(re.findall(r"([A-Z]{3})-7K4M2", shown)) == {prefix}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/impressum", "/lindenow/impressum"),
        ("/strategie/M-07?a=1&b=%20", "/lindenow/strategie/M-07?a=1&b=%20"),
        ("/beteiligung/b%C3%BCrger", "/lindenow/beteiligung/b%C3%BCrger"),
    ],
)
def test_addresses_from_before_lead_to_the_first_town(two_towns: Site, old: str, new: str):
    page = two_towns.visitor().get(old)
    assert (page.status_code, page.location) == (308, new)


def test_an_old_address_leads_nowhere_else(two_towns: Site):
    for path in ("//evil.example/x", "///evil.example", "/\\evil.example"):
        page = two_towns.visitor().get("/", environ_overrides={"PATH_INFO": path})
        assert (page.location or "").startswith("/lindenow/")


def test_what_belongs_to_no_town_stays_at_the_root(two_towns: Site):
    page = two_towns.visitor().get("/konto/anmelden")
    assert page.status_code == 200
    assert two_towns.visitor().get("/static/css/base.css", buffered=True).status_code == 200
    assert two_towns.visitor().get("/anderswo/konto/anmelden").status_code == 200


def test_a_role_in_one_town_is_none_in_another(two_towns: Site):
    browser = two_towns.staff(Role.ADMINISTRATOR)
    assert browser.get("/lindenow/verwaltung/").status_code == 200
    assert browser.get("/anderswo/verwaltung/").status_code == 403


def test_without_any_town_there_is_a_page_and_no_failure(app: Flask):
    page = app.test_client().get("/impressum")
    assert page.status_code == 404
    assert "Diese Seite gibt es nicht" in page.text
    assert app.test_client().get("/konto/anmelden").status_code == 200


def test_signing_in_outside_of_a_town_leads_to_ones_account(two_towns: Site):
    account = two_towns.make.account()
    page = two_towns.visitor().post(
        "/konto/anmelden", data={"email": account.email, "password": PASSWORD}
    )
    assert page.location == "/konto/"


def test_no_town_can_be_called_like_a_page(app: Flask):
    """A town of that name would hide the page, or the page the town."""
    segments = {rule.rule.split("/")[1].split("<")[0] for rule in app.url_map.iter_rules()}
    segments |= {"impressum", "datenschutz", "barrierefreiheit", "regeln"}
    assert segments - {""} <= RESERVED_SLUGS
