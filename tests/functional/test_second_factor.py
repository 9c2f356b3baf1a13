"""The second factor: set up before one works here, asked for when signing in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from participation.accounts import second_factor
from participation.accounts.models import Account, Role
from participation.foundation import clock
from tests.account_pages import fields_of, is_signed_in, sign_in
from tests.conftest import NOON
from tests.site import Site


@pytest.fixture
def strict(app: Flask) -> Iterator[Site]:
    """A site as it is in earnest: staff need the second factor."""
    app.config["SECOND_FACTOR"] = "required"
    with Site.opened(app, at=NOON) as site:
        yield site


def test_staff_set_the_second_factor_up_before_they_work(strict: Site):
    member = strict.make.member(Role.MODERATOR, municipality=strict.municipality)
    browser = strict.signed_in(member)
    page = browser.get("/ueberblick")
    assert page.location == "/konto/zweiter-faktor?next=/ueberblick"
    page = browser.get(page.location)
    form, secret = fields_of(page), secret_on(page)
    page = browser.post("/konto/zweiter-faktor", data=form | {"code": "000000"})
    assert page.status_code == 422
    assert secret_on(page) == secret
    code = pyotp.TOTP(secret).at(NOON)
    page = browser.post("/konto/zweiter-faktor", data=form | {"code": code})
    assert (page.status_code, page.location) == (303, "/ueberblick")
    assert browser.get("/ueberblick").status_code == 200
    assert "Eingerichtet am" in browser.get("/konto/zweiter-faktor").text


def test_with_the_second_factor_a_password_is_not_enough(strict: Site):
    member, secret = with_second_factor(strict)
    browser = strict.visitor()
    page = sign_in(browser, member.email, next="/konto/")
    assert page.status_code == 200
    assert not is_signed_in(browser)
    form = fields_of(page)
    page = browser.post("/konto/anmelden/code", data=form | {"code": "000000"})
    assert page.status_code == 422
    assert not is_signed_in(browser)
    later = 60
    with clock.standing_at(at_seconds(later)):
        code = pyotp.TOTP(secret).at(clock.now())
        page = browser.post("/konto/anmelden/code", data=form | {"code": code})
        assert (page.status_code, page.location) == (303, "/konto/")
        assert is_signed_in(browser)
        again = strict.visitor().post("/konto/anmelden/code", data=form | {"code": code})
        assert again.status_code == 422, "a code is good for one use"


def test_codes_cannot_be_guessed_for_long(strict: Site):
    member, secret = with_second_factor(strict)
    browser = strict.visitor()
    form = fields_of(sign_in(browser, member.email))
    for number in range(10):
        browser.post("/konto/anmelden/code", data=form | {"code": f"{number:06}"})
    with clock.standing_at(at_seconds(60)):
        code = pyotp.TOTP(secret).at(clock.now())
        page = browser.post("/konto/anmelden/code", data=form | {"code": code})
    assert page.status_code == 422


@pytest.mark.parametrize("proof", ["", "x", "WzEsMl0.x.y"])
def test_a_code_without_the_password_leads_back_to_the_beginning(strict: Site, proof: str):
    page = strict.visitor().post("/konto/anmelden/code", data={"code": "000000", "proof": proof})
    assert page.location == "/konto/anmelden"


def test_a_proof_of_the_old_password_is_worth_nothing_after_a_change(strict: Site):
    member, secret = with_second_factor(strict)
    browser = strict.visitor()
    form = fields_of(sign_in(browser, member.email))
    member.password_hash = "changed"
    strict.session.commit()
    with clock.standing_at(at_seconds(60)):
        code = pyotp.TOTP(secret).at(clock.now())
        page = browser.post("/konto/anmelden/code", data=form | {"code": code})
    assert page.location == "/konto/anmelden"


def test_a_demo_on_loopback_does_without_and_says_so(strict: Site):
    strict.municipality.is_demo = True
    member = strict.make.member(Role.MODERATOR, municipality=strict.municipality)
    strict.session.commit()
    browser = strict.signed_in(member)
    assert browser.get("/ueberblick").status_code == 200
    assert "In dieser Vorführung ist er nicht nötig" in browser.get("/konto/").text
    strict.app.config["ON_LOOPBACK"] = False
    assert browser.get("/ueberblick").status_code == 303


def test_the_second_factor_is_removed_with_a_code_only(strict: Site):
    member, secret = with_second_factor(strict)
    browser = strict.signed_in(member)
    browser.post("/konto/zweiter-faktor/entfernen", data={"code": "000000"})
    strict.session.refresh(member)
    assert member.totp_since is not None
    with clock.standing_at(at_seconds(60)):
        code = pyotp.TOTP(secret).at(clock.now())
        browser.post("/konto/zweiter-faktor/entfernen", data={"code": code})
    strict.session.refresh(member)
    assert member.totp_since is None


def with_second_factor(site: Site) -> tuple[Account, str]:
    member = site.make.member(Role.MODERATOR, municipality=site.municipality)
    key, salt = site.app.config["HASHING_KEY"], second_factor.new_salt()
    secret = second_factor.secret_of(key, member.id, salt)
    second_factor.set_up(
        site.session,
        account=member,
        salt=salt,
        code=pyotp.TOTP(secret).at(NOON),
        key=key,
        at=NOON,
    )
    site.session.commit()
    return member, secret


def secret_on(page: TestResponse) -> str:
    found = re.search(r'bt-receipt--s">([A-Z2-7 ]+)<', page.text)
    assert found, page.text
    return found.group(1).replace(" ", "")


def at_seconds(after: int) -> datetime:
    return NOON + timedelta(seconds=after)
