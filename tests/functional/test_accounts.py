"""Forgetting a password, making an account, taking up an invitation, one's own account."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts import operations
from participation.accounts.models import Account, Role
from participation.notifications.models import OutboxMessage
from tests.account_pages import NEW_PASSWORD, fields_of, is_signed_in, mails, path_in, sign_in
from tests.conftest import NOON
from tests.factories import PASSWORD
from tests.site import Site


@pytest.fixture
def mara(site: Site) -> Account:
    account = site.make.account(name="Mara Muster", email="mara@example.org")
    site.session.commit()
    return account


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
