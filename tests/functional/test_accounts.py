"""Signing in and out, forgetting a password, taking up an invitation, one's own account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from participation.accounts import operations, second_factor, sessions
from participation.accounts.models import Account, AccountSession, Role
from participation.foundation import clock
from participation.notifications.models import OutboxMessage
from tests.conftest import NOON
from tests.factories import PASSWORD
from tests.site import Site

NEW_PASSWORD = "ein ganz neues Passwort"


def sign_in(
    browser: FlaskClient, email: str, password: str = PASSWORD, **more: str
) -> TestResponse:
    return browser.post("/konto/anmelden", data={"email": email, "password": password} | more)


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/konto/").status_code == 200


def mails(site: Site) -> list[EmailMessage]:
    """Return the mails that the worker has put into the folder, the oldest first."""
    site.work()
    folder = site.app.extensions["settings"].mail_folder
    files = sorted(folder.glob("*.eml"), key=lambda file: int(file.name.split("-")[1]))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def path_in(mail: EmailMessage) -> str:
    found = re.search(r"http://localhost(/\S+)", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


def fields_of(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page's last form."""
    form = page.text.rpartition("<form")[2]
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    pairs = {}
    for tag in found:
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        assert name
        pairs[unescape(name.group(1))] = unescape(value.group(1)) if value else ""
    return pairs


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


def test_a_forgotten_password_is_replaced_with_the_link_from_the_mail(site: Site, mara: Account):
    browser, elsewhere = site.visitor(), site.signed_in(mara)
    form = fields_of(browser.get("/konto/passwort"))
    page = browser.post("/konto/passwort", data=form | {"email": "mara@example.org"})
    assert page.status_code == 200
    mail = mails(site)[0]
    assert mail["To"] == "mara@example.org"
    link = path_in(mail)
    for _scan in range(3):
        assert browser.get(link).status_code == 200
    page = browser.post(link, data={"password": "zu kurz"})
    assert page.status_code == 422
    page = browser.post(link, data={"password": NEW_PASSWORD})
    assert page.location == "/konto/anmelden"
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(browser)
    assert sign_in(site.visitor(), "mara@example.org").status_code == 422
    assert sign_in(site.visitor(), "mara@example.org", NEW_PASSWORD).status_code == 303
    assert browser.post(link, data={"password": NEW_PASSWORD}).status_code == 410
    assert [mail["Subject"] for mail in mails(site)][1:] == ["Ihr Passwort wurde geändert"]


def test_whether_an_address_has_an_account_is_not_told(site: Site, mara: Account):
    pages = []
    for path in ("/konto/passwort", "/konto/neu"):
        for email in ("mara@example.org", "mora@example.org"):
            browser = site.visitor()
            form = fields_of(browser.get(path))
            page = browser.post(path, data=form | {"email": email})
            pages.append((page.status_code, page.text.replace("mara@", "mora@")))
    assert pages[0] == pages[1]
    assert pages[2] == pages[3]
    assert [(mail["To"], mail["Subject"]) for mail in mails(site)] == [
        ("mara@example.org", "Neues Passwort wählen"),
        ("mara@example.org", "Sie haben schon ein Konto"),
        ("mora@example.org", "Ihr Konto anlegen"),
    ]


def test_a_citizen_makes_an_account_by_mail_and_goes_on(site: Site):
    browser = site.visitor()
    form = fields_of(browser.get("/konto/neu?next=/regeln"))
    assert form["next"] == "/regeln"
    browser.post("/konto/neu", data=form | {"email": "Neu@example.org"})
    link = path_in(mails(site)[0])
    page = browser.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert not is_signed_in(browser)
    page = browser.post(link, data={"name": "Neue  Bürgerin\nX", "password": NEW_PASSWORD})
    assert (page.status_code, page.location) == (303, "/regeln")
    account = site.session.scalars(
        sa.select(Account).where(Account.email == "neu@example.org")
    ).one()
    assert account.display_name == "Neue Bürgerin X"
    assert is_signed_in(browser)
    assert site.visitor().get(link).status_code == 410


def test_programs_that_fill_in_every_field_get_no_account(site: Site):
    browser = site.visitor()
    for path in ("/konto/neu", "/konto/passwort"):
        form = fields_of(browser.get(path))
        data = form | {"email": "bot@example.org", "website": "https://spam.example"}
        assert browser.post(path, data=data).status_code == 422
    assert mails(site) == []


def test_somebody_new_takes_up_an_invitation(site: Site):
    token = invite(site, "neu@example.org", Role.MODERATOR)
    browser = site.visitor()
    page = browser.get(f"/konto/einladung/{token}")
    assert "neu@example.org" in page.text
    assert "Lindenow" in page.text
    page = browser.post(f"/konto/einladung/{token}", data={"name": "Neu", "password": NEW_PASSWORD})
    assert (page.status_code, page.location) == (303, "/ueberblick")
    assert browser.get("/ueberblick").status_code == 200
    assert site.visitor().get(f"/konto/einladung/{token}").status_code == 410


def test_somebody_with_an_account_signs_in_first(site: Site, mara: Account):
    token = invite(site, "mara@example.org", Role.STRATEGIST)
    browser = site.visitor()
    page = browser.get(f"/konto/einladung/{token}")
    assert f"/konto/anmelden?next=/konto/einladung/{token}" in page.text
    page = browser.post(f"/konto/einladung/{token}", data={"name": "x", "password": NEW_PASSWORD})
    assert page.status_code == 200
    assert browser.get("/ueberblick").status_code == 303
    sign_in(browser, "mara@example.org")
    assert "Rolle übernehmen" in browser.get(f"/konto/einladung/{token}").text
    assert browser.get("/ueberblick").status_code == 403
    assert browser.post(f"/konto/einladung/{token}").location == "/ueberblick"
    assert browser.get("/ueberblick").status_code == 200


def test_somebody_else_cannot_take_up_an_invitation(site: Site, mara: Account):
    token = invite(site, "neu@example.org", Role.ADMINISTRATOR)
    browser = site.signed_in(mara)
    assert "gilt für eine andere Adresse" in browser.get(f"/konto/einladung/{token}").text
    browser.post(f"/konto/einladung/{token}")
    assert browser.get("/ueberblick").status_code == 403


def test_one_changes_name_keys_and_password(site: Site, mara: Account):
    browser, elsewhere = site.signed_in(mara), site.signed_in(mara)
    assert "Alle anderen abmelden" in browser.get("/konto/").text
    assert browser.post("/konto/name", data={"name": " "}).status_code == 422
    assert browser.post("/konto/name", data={"name": " Mara  Neu "}).status_code == 303
    assert browser.post("/konto/tasten", data={}).status_code == 303
    wrong = {"current_password": "falsch", "password": NEW_PASSWORD}
    page = browser.post("/konto/passwort-aendern", data=wrong)
    assert page.status_code == 422
    assert "nicht Ihr bisheriges Passwort" in page.text
    right = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert browser.post("/konto/passwort-aendern", data=right).status_code == 303
    assert is_signed_in(browser)
    assert not is_signed_in(elsewhere)
    site.session.refresh(mara)
    assert (mara.display_name, mara.single_keys) == ("Mara Neu", False)
    assert sign_in(site.visitor(), "mara@example.org", NEW_PASSWORD).status_code == 303


def test_one_signs_all_other_browsers_out(site: Site, mara: Account):
    browser, elsewhere = site.signed_in(mara), site.signed_in(mara)
    assert browser.post("/konto/abmelden-ueberall").status_code == 303
    assert is_signed_in(browser)
    assert not is_signed_in(elsewhere)


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


def test_tokens_are_forgotten_once_a_mail_is_sent(site: Site):
    invite(site, "neu@example.org", Role.ANALYST)
    site.work()
    message = site.session.scalars(sa.select(OutboxMessage)).one()
    assert message.sent_at is not None
    assert "token" not in message.payload


def invite(site: Site, email: str, role: Role) -> str:
    token = operations.invite(
        site.session,
        municipality=site.municipality,
        email=email,
        role=role,
        key=site.app.config["HASHING_KEY"],
        actor=None,
        at=NOON,
    )
    site.session.commit()
    return token


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
