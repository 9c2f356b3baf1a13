"""A form is taken from our own pages only, and from nobody's browser but one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from participation.accounts.models import Account, Role
from participation.contributions.operations import follow
from participation.engagements.marks import subscription_token
from participation.engagements.operations import confirm_subscription
from participation.foundation import clock
from participation.jobs.models import Job
from tests.conftest import NOON
from tests.factories import PASSWORD
from tests.site import Site

FORM = {"email": "mara@example.org", "submission": "0" * 32}


@pytest.fixture
def strict(app: Flask) -> Iterator[Site]:
    """A site whose visitors send no token by themselves."""
    with Site.opened(app, at=NOON) as site:
        app.extensions["sends_tokens"] = False
        yield site


def post(browser: FlaskClient, path: str = "/konto/passwort", **headers: str) -> TestResponse:
    """Send a form with no header about where it comes from, but for those given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.post(path, data=FORM, headers=named | {"No-Origin": "1"})


def was_taken(site: Site) -> bool:
    return bool(site.session.scalar(sa.select(sa.func.count(Job.id))))


def fields_of(page: TestResponse) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return {unescape(name): unescape(value) for name, value in found}


def test_nobody_is_asked_to_confirm_what_leads_nowhere(strict: Site):
    browser = strict.visitor()
    assert browser.open("/", method="TRACE", headers={"No-Origin": "1"}).status_code == 405
    assert browser.open("/", method="BREW", headers={"No-Origin": "1"}).status_code == 405
    assert post(browser, "/gibt-es-nicht").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1"},
    ],
)
def test_a_form_of_our_own_page_is_taken(strict: Site, headers: dict[str, str]):
    assert "Sehen Sie in Ihr Postfach" in post(strict.visitor(), **headers).text
    assert was_taken(strict)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": ""},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:port"},
        {"Origin": "http://[::1"},
        {"Origin": "https://evil.example", "Host": "evil.example"},
        {"Origin": "https://evil.example", "X_Forwarded_Host": "evil.example"},
    ],
)
def test_a_form_of_another_site_is_refused(strict: Site, headers: dict[str, str]):
    page = post(strict.visitor(), **headers)
    assert page.status_code == 403
    assert "kam nicht von dieser Seite" in page.text
    assert not was_taken(strict)


def test_a_browser_that_says_nothing_is_asked_and_keeps_its_fields(strict: Site):
    browser = strict.visitor()
    page = post(browser, "/konto/passwort?a=1")
    assert page.status_code == 200
    assert "Bitte bestätigen Sie das Absenden" in page.text
    assert 'action="/konto/passwort?a=1"' in page.text
    assert not was_taken(strict)
    fields = fields_of(page)
    assert FORM.items() <= fields.items()
    page = browser.post("/konto/passwort?a=1", data=fields, headers={"No-Origin": "1"})
    assert "Sehen Sie in Ihr Postfach" in page.text
    assert was_taken(strict)


def test_what_one_browser_confirmed_cannot_be_pressed_by_another(strict: Site):
    """An attacker can ask for a confirmation of his own, and knows what is in it."""
    fields = fields_of(post(strict.visitor()))
    victim = strict.visitor()
    page = victim.post("/konto/passwort", data=fields, headers={"No-Origin": "1"})
    assert "Bitte bestätigen Sie das Absenden" in page.text
    post(victim)
    page = victim.post("/konto/passwort", data=fields, headers={"No-Origin": "1"})
    assert "Bitte bestätigen Sie das Absenden" in page.text
    assert not was_taken(strict)


def test_a_confirmation_holds_for_its_page_and_for_a_while(strict: Site):
    browser = strict.visitor()
    fields = fields_of(post(browser))
    elsewhere = browser.post("/konto/neu", data=fields, headers={"No-Origin": "1"})
    assert "Bitte bestätigen Sie das Absenden" in elsewhere.text
    browser = strict.visitor()
    fields = fields_of(post(browser))
    with clock.standing_at(NOON.replace(hour=23)):
        late = browser.post("/konto/passwort", data=fields, headers={"No-Origin": "1"})
    assert "Bitte bestätigen Sie das Absenden" in late.text


@pytest.mark.parametrize("confirmed", ["", ".", "1.x", "9" * 40 + ".x", "²³.x", "-1.x", "x.ü"])
def test_a_confirmation_that_was_made_up_is_none(strict: Site, confirmed: str):
    browser = strict.visitor()
    post(browser)
    data = FORM | {"_confirmed": confirmed}
    page = browser.post("/konto/passwort", data=data, headers={"No-Origin": "1"})
    assert "Bitte bestätigen Sie das Absenden" in page.text


def boss_of(site: Site) -> Account:
    account = site.make.member(Role.ADMINISTRATOR, municipality=site.municipality)
    site.session.commit()
    return account


def name_of(site: Site) -> str:
    site.session.refresh(site.municipality)
    return site.municipality.name


def test_who_is_signed_in_needs_the_token_of_the_form(strict: Site):
    browser = strict.signed_in(boss_of(strict))
    form = fields_of(browser.get("/konto/"))
    assert form["csrf_token"]
    typed = {"name": "Neuer Name", "kind": "town"}
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": "x.y.z"}):
        page = browser.post("/verwaltung/kommune", data=typed | token)
        assert page.status_code == 400
        assert name_of(strict) == "Lindenow"
    page = browser.post("/verwaltung/kommune", data=typed | {"csrf_token": form["csrf_token"]})
    assert page.status_code == 303
    assert name_of(strict) == "Neuer Name"


def test_the_token_of_somebody_else_is_worth_nothing(strict: Site):
    boss = boss_of(strict)
    token = fields_of(strict.signed_in(boss).get("/konto/"))["csrf_token"]
    data = {"name": "Neuer Name", "kind": "town", "csrf_token": token}
    assert strict.signed_in(boss).post("/verwaltung/kommune", data=data).status_code == 400
    assert name_of(strict) == "Lindenow"


def test_a_token_does_not_make_up_for_a_foreign_origin(strict: Site):
    browser = strict.signed_in(boss_of(strict))
    token = fields_of(browser.get("/konto/"))["csrf_token"]
    data = {"name": "Neuer Name", "kind": "town", "csrf_token": token}
    page = browser.post("/verwaltung/kommune", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert name_of(strict) == "Lindenow"


def test_a_form_that_is_older_than_the_sign_in_can_be_sent_again(strict: Site):
    browser = strict.signed_in(boss_of(strict))
    typed = {"name": "Neuer Name", "kind": "town", "postal_line": 'Markt "1" <b>'}
    page = browser.post("/verwaltung/kommune?x=1", data=typed | {"csrf_token": "old"})
    assert page.status_code == 400
    assert "Das Formular ist abgelaufen" in page.text
    fields = fields_of(page)
    assert typed.items() <= fields.items()
    assert browser.post("/verwaltung/kommune?x=1", data=fields).status_code == 303
    assert name_of(strict) == "Neuer Name"


def test_nobody_is_signed_out_by_a_picture_on_another_site(strict: Site):
    browser = strict.signed_in(boss_of(strict))
    assert browser.get("/konto/abmelden").status_code == 405
    page = browser.post("/konto/abmelden", headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert browser.get("/konto/").status_code == 200


def test_the_address_stays_the_municipalitys_when_a_form_is_confirmed(strict: Site):
    strict.make.municipality("anderswo", "Anderswo")
    strict.session.commit()
    strict.app.extensions["tenancy"].forget()
    page = post(strict.visitor(), "/anderswo/konto/passwort")
    assert 'action="/anderswo/konto/passwort"' in page.text


def test_signing_in_from_another_site_is_refused(strict: Site):
    """Else somebody could be made to write under an account that a stranger reads."""
    boss = boss_of(strict)
    data = {"email": boss.email, "password": PASSWORD}
    page = strict.visitor().post(
        "/konto/anmelden", data=data, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert page.status_code == 403


def test_the_button_of_a_mail_program_unsubscribes(strict: Site):
    """RFC 8058: it sends no header about where it comes from and cannot press another button."""
    call = strict.make.idea_call(strict.municipality)
    idea = strict.make.idea(call)
    subscription = follow(strict.session, contribution=idea, address="a@example.org", at=NOON)
    confirm_subscription(strict.session, subscription=subscription, at=NOON)
    token = subscription_token(strict.app.config["HASHING_KEY"], subscription.id)
    path = f"/beteiligung/benachrichtigung/{token}/abmelden"
    for body in ({}, {"List-Unsubscribe": "Two-Clicks"}):
        page = strict.visitor().post(path, data=body, headers={"No-Origin": "1"})
        assert "Bitte bestätigen Sie das Absenden" in page.text
    body = {"List-Unsubscribe": "One-Click"}
    page = strict.visitor().post(path, data=body, headers={"No-Origin": "1"})
    assert page.status_code == 200
    strict.session.refresh(subscription)
    assert subscription.ended_at is not None
    elsewhere = strict.visitor().post("/konto/passwort", data=body, headers={"No-Origin": "1"})
    assert "Bitte bestätigen Sie das Absenden" in elsewhere.text
