"""Signing in and out, and forms whose session ended meanwhile."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts import sessions
from participation.accounts.models import Account, AccountSession, Role
from participation.maintenance.demo import people as demo_people
from tests.account_pages import fields_of, is_signed_in, sign_in
from tests.conftest import NOON
from tests.factories import PASSWORD
from tests.site import Site


@pytest.fixture
def mara(site: Site) -> Account:
    account = site.make.account(name="Mara Muster", email="mara@example.org")
    site.session.commit()
    return account


def test_signing_in_leads_to_where_one_wanted_to_go(site: Site, mara: Account):
    browser = site.visitor()
    assert browser.get("/konto/").location == "/konto/anmelden?next=/konto/"
    page = sign_in(browser, "MARA@example.org ", next="/konto/")
    assert (page.status_code, page.location) == (303, "/konto/")
    assert "Mara Muster" in browser.get("/konto/").text


def test_the_demo_says_who_can_sign_in(site: Site):
    page = site.visitor().get("/konto/anmelden").text
    assert demo_people.PASSWORD not in page
    site.municipality.is_demo = True
    page = site.visitor().get("/konto/anmelden").text
    assert demo_people.PASSWORD in page
    for person in demo_people.PEOPLE:
        assert person.email in page


def test_a_demo_that_other_machines_reach_keeps_its_sign_ins_to_itself(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    site.municipality.is_demo = True
    monkeypatch.setitem(site.app.config, "ON_LOOPBACK", False)
    assert demo_people.PASSWORD not in site.visitor().get("/konto/anmelden").text


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_leads_nowhere_else(site: Site, mara: Account, target: str):
    page = sign_in(site.visitor(), "mara@example.org", next=target)
    assert page.location == "/"


def test_staff_begin_at_their_overview(site: Site):
    member = site.make.member(Role.ANALYST, municipality=site.municipality)
    site.session.commit()
    assert sign_in(site.visitor(), member.email).location == "/ueberblick"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(site: Site, mara: Account):
    wrong = sign_in(site.visitor(), "mara@example.org", "falsches Passwort")
    unknown = sign_in(site.visitor(), "mora@example.org", "falsches Passwort")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("mara@", "mora@") == unknown.text
    assert "falsches Passwort" not in wrong.text


def test_a_password_is_checked_also_where_there_is_no_account(
    site: Site, mara: Account, monkeypatch: pytest.MonkeyPatch
):
    checked: list[str | None] = []
    passwords = site.app.extensions["passwords"]
    fits = passwords.fits

    def note(password: str, stored: str | None) -> bool:
        checked.append(stored)
        return bool(fits(password, stored))

    monkeypatch.setattr(passwords, "fits", note)
    sign_in(site.visitor(), "mora@example.org")
    sign_in(site.visitor(), "mara@example.org")
    assert checked == [None, mara.password_hash]


def test_no_write_lock_is_held_while_a_password_is_checked(
    site: Site, mara: Account, monkeypatch: pytest.MonkeyPatch
):
    passwords = site.app.extensions["passwords"]
    fits = passwords.fits

    def fits_while_others_write(password: str, stored: str | None) -> bool:
        # On SQLite this would wait until it fails if the request held the lock.
        site.session.execute(sa.text("UPDATE account SET single_keys = single_keys"))
        site.session.commit()
        return bool(fits(password, stored))

    monkeypatch.setattr(passwords, "fits", fits_while_others_write)
    assert sign_in(site.visitor(), "mara@example.org").status_code == 303


def test_a_hash_of_another_cost_is_renewed_when_its_owner_signs_in(site: Site, mara: Account):
    costly = type(site.app.extensions["passwords"])(memory=16, time=1)
    site.app.extensions["passwords"] = costly
    before = mara.password_hash
    assert sign_in(site.visitor(), "mara@example.org").status_code == 303
    site.session.refresh(mara)
    assert mara.password_hash != before
    assert not costly.is_outdated(mara.password_hash)


def test_who_is_suspended_cannot_sign_in_and_is_signed_out(site: Site, mara: Account):
    browser = site.signed_in(mara)
    sessions.suspend(site.session, account=mara, actor=None, at=NOON)
    site.session.commit()
    assert not is_signed_in(browser)
    page = sign_in(browser, "mara@example.org")
    assert page.status_code == 422
    assert "gesperrt" in page.text
    assert "gesperrt" not in sign_in(browser, "mara@example.org", "falsches Passwort").text


def test_guessing_is_stopped_where_it_comes_from_and_the_owner_gets_in(site: Site, mara: Account):
    stranger, owner = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.2"}
    data = {"email": "mara@example.org", "password": "geraten"}
    for _round in range(10):
        page = site.visitor().post("/konto/anmelden", data=data, environ_overrides=stranger)
        assert page.status_code == 422
    data["password"] = PASSWORD
    page = site.visitor().post("/konto/anmelden", data=data, environ_overrides=stranger)
    assert page.status_code == 429
    assert "zu viele Versuche" in page.text
    page = site.visitor().post("/konto/anmelden", data=data, environ_overrides=owner)
    assert page.status_code == 303


def test_guessing_over_many_accounts_is_stopped_as_well(site: Site, mara: Account):
    for number in range(60):
        page = sign_in(site.visitor(), f"person{number}@example.org", "geraten")
        assert page.status_code == 422
    assert sign_in(site.visitor(), "mara@example.org").status_code == 429


def test_signing_out_ends_the_session_and_not_only_the_cookie(site: Site, mara: Account):
    browser = site.visitor()
    sign_in(browser, "mara@example.org")
    stolen = browser.get_cookie("session")
    assert stolen is not None
    assert browser.post("/konto/abmelden").status_code == 303
    thief = site.visitor()
    thief.set_cookie("session", stolen.value)
    assert not is_signed_in(thief)
    assert browser.get("/konto/abmelden").status_code == 405


def test_signing_in_gives_a_session_of_its_own(site: Site, mara: Account):
    """Whoever has put a session into somebody's browser before gets nothing from it."""
    browser = site.visitor()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "put in by somebody else"
        cookie["left"] = "over"
    sign_in(browser, "mara@example.org")
    with browser.session_transaction() as cookie:
        assert cookie["_user_id"] != "put in by somebody else"
        assert "left" not in cookie
    token_hashes = site.session.scalars(sa.select(AccountSession.token_hash)).all()
    assert len(token_hashes) == 1


def test_a_form_whose_session_ended_goes_on_after_signing_in(site: Site):
    boss = site.make.member(Role.ADMINISTRATOR, municipality=site.municipality)
    browser = site.signed_in(boss)
    sessions.end_all_sessions(site.session, account=boss)
    site.session.commit()
    typed = {"name": "Lindenow „neu“ <b>", "kind": "town", "postal_line": "Markt 1\u00a0a"}
    page = browser.post("/verwaltung/kommune?a=1&b=2", data=typed)
    assert page.status_code == 401
    assert "Ihre Anmeldung ist abgelaufen" in page.text
    data = fields_of(page) | {"email": boss.email, "password": "vertippt"}
    page = browser.post("/konto/anmelden", data=data)
    assert page.status_code == 422
    page = browser.post("/konto/anmelden", data=fields_of(page) | data | {"password": PASSWORD})
    assert page.status_code == 200
    assert 'action="/verwaltung/kommune?a=1&amp;b=2"' in page.text
    fields = fields_of(page)
    assert {name: fields[name] for name in typed} == typed
    page = browser.post("/verwaltung/kommune?a=1&b=2", data=fields)
    assert page.status_code == 303
    site.session.refresh(site.municipality)
    assert site.municipality.name == "Lindenow „neu“ <b>"


@pytest.mark.parametrize("kept", ["x", "{}", "[1]", '[["a"]]', '[["a", 1]]', "null", '"x"'])
def test_what_cannot_have_been_kept_is_left_out(site: Site, mara: Account, kept: str):
    page = sign_in(site.visitor(), "mara@example.org", next="/konto/", kept=kept)
    assert page.status_code == 303
