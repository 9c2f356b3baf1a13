"""Headers of every answer, cookies, and the Host header that nobody trusts."""

from __future__ import annotations

import io
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from participation.accounts.models import Role
from participation.accounts.operations import put_logo
from participation.app import create_app
from participation.foundation import clock
from participation.foundation.errors import Conflict
from tests.conftest import NOON, settings_for
from tests.factories import PASSWORD
from tests.shared_work import share_templates
from tests.site import Site

PAGES = [
    "/konto/anmelden",
    "/konto/neu",
    "/konto/passwort",
    "/konto/passwort/unknown",
    "/impressum",
    "/farbe.css",
    "/logo",
    "/static/css/base.css",
    "/gibt-es-nicht",
    "/verwaltung/",
]


def policy_of(page: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in page.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(site: Site, path: str):
    page = site.visitor().get(path, buffered=True)
    policy = policy_of(page)
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    text = page.headers["Content-Security-Policy"]
    assert "unsafe" not in text
    assert "http:" not in text
    assert "*" not in text
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", PAGES)
def test_reading_sets_no_cookie_and_what_depends_on_one_says_so(site: Site, path: str):
    page = site.visitor().get(path, buffered=True)
    assert "Set-Cookie" not in page.headers
    if not path.startswith("/static/"):
        assert "Cookie" in page.headers["Vary"]


def test_an_answer_to_a_form_and_a_personal_page_are_in_no_cache(site: Site):
    browser = site.staff(Role.ADMINISTRATOR)
    for page in (
        browser.get("/impressum"),
        browser.get("/konto/"),
        browser.post("/konto/name", data={}),
        site.visitor().post("/konto/anmelden", data={}),
        browser.get("/gibt-es-nicht"),
    ):
        assert page.headers["Cache-Control"] == "no-store"
    assert "no-store" not in site.visitor().get("/impressum").headers["Cache-Control"]


def test_no_page_holds_anything_inline(site: Site):
    """The policy would stop it; a page that needs it would be broken."""
    browser = site.staff(Role.ADMINISTRATOR)
    for path in ("/konto/", "/konto/zweiter-faktor", "/verwaltung/", "/ueberblick"):
        text = browser.get(path).text
        assert "style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert " onclick=" not in text
        assert "javascript:" not in text


def test_on_https_cookies_are_bound_to_the_host_and_the_browser_comes_back_encrypted(
    sqlite_url: str, tmp_path: Path
):
    address = {"BASE_ADDRESS": "https://mitmachen.example.de", "SECOND_FACTOR": "required"}
    app = create_app(settings_for(sqlite_url, tmp_path, **address))
    share_templates(app)
    with Site.opened(app, at=NOON) as site:
        account = site.make.account()
        page = site.visitor().post(
            "/konto/anmelden", data={"email": account.email, "password": PASSWORD}
        )
        cookie = page.headers["Set-Cookie"]
        assert cookie.startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_on_loopback_cookies_have_plain_names(site: Site):
    account = site.make.account()
    page = site.visitor().post(
        "/konto/anmelden", data={"email": account.email, "password": PASSWORD}
    )
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Strict-Transport-Security" not in page.headers


def test_the_logo_cannot_be_taken_for_a_page(site: Site):
    put_logo(
        site.session,
        municipality=site.municipality,
        logo=b"<script>alert(1)</script>",
        logo_type="image/webp",
        actor=site.make.account(),
        at=NOON,
    )
    page = site.visitor().get("/logo")
    assert page.headers["Content-Type"] == "image/webp"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80@localhost"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
    ],
)
def test_what_a_request_says_about_its_host_gets_nowhere(site: Site, headers: dict[str, str]):
    account = site.make.account()
    browser = site.visitor()
    for path in ("/", "/konto/", "/konto/anmelden", "/impressum", "/konto"):
        page = browser.get(path, headers=headers)
        assert "evil.example" not in page.text
        assert "evil.example" not in str(page.headers)
    data = {"email": account.email, "submission": "0" * 32}
    browser.post("/konto/passwort", data=data, headers=headers)
    site.work()
    (mail,) = site.app.extensions["settings"].mail_folder.glob("*.eml")
    text = message_from_bytes(mail.read_bytes()).get_payload(decode=True)
    assert isinstance(text, bytes)
    assert b"evil.example" not in text
    assert b"http://localhost/konto/passwort/" in text


def test_a_page_of_an_error_comes_out_even_without_a_database(app: Flask, monkeypatch):
    monkeypatch.setattr(app.extensions["tenancy"], "slugs", lambda: ["lindenow"])
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    with engine.begin() as connection:
        for table in ("account_session", "membership"):
            connection.execute(sa.text(f"DROP TABLE {table}"))
    page = app.test_client().get("/impressum")
    assert page.status_code in {404, 503}
    assert "Traceback" not in page.text
    with engine.begin() as connection:
        connection.execute(sa.text("PRAGMA foreign_keys=OFF"))
        connection.execute(sa.text("ALTER TABLE municipality RENAME TO gone"))
    page = app.test_client().get("/impressum")
    assert page.status_code == 503
    assert "Das liegt an uns, nicht an Ihnen" in page.text


def test_an_unexpected_error_has_a_reference_and_nothing_else(site: Site, monkeypatch):
    def fail() -> str:
        raise RuntimeError("mara@example.org")

    site.app.view_functions["portal.logo"] = fail
    page = site.visitor().get("/logo")
    assert page.status_code == 500
    assert "Kennung dieses Fehlers" in page.text
    assert "mara@example.org" not in page.text
    assert "RuntimeError" not in page.text


def test_what_was_typed_is_there_to_copy_when_something_fails(site: Site):
    def fail() -> str:
        raise RuntimeError

    site.app.view_functions["accounts.sign_up"] = fail
    data = {"text": "Mehr Bänke am Fluss, bitte.", "password": "geheim ist das", "n": "12"}
    page = site.visitor().post("/konto/neu", data=data)
    assert page.status_code == 500
    assert "Mehr Bänke am Fluss, bitte." in page.text
    assert "geheim ist das" not in page.text


def test_a_body_that_cannot_be_read_gets_a_page(site: Site):
    browser = site.visitor()
    page = browser.post(
        "/konto/neu", input_stream=io.BytesIO(b"x"), content_type="multipart/form-data; boundary="
    )
    assert page.status_code in {400, 422}
    page = browser.post("/konto/neu", data="a=1&" * 6000)
    assert page.status_code in {413, 422}


def test_a_session_is_worth_nothing_after_its_time(site: Site):
    browser = site.staff(Role.ADMINISTRATOR)
    assert browser.get("/konto/").status_code == 200
    with clock.standing_at(NOON + timedelta(hours=12)):
        assert browser.get("/konto/").status_code == 303


def test_a_missing_slash_leads_within_the_site(site: Site):
    page = site.visitor().get("/konto?a=//b", headers={"Host": "evil.example"})
    assert (page.status_code, page.location) == (308, "/konto/?a=//b")
    page = site.visitor().get("/", environ_overrides={"PATH_INFO": "//evil.example/konto"})
    assert not (page.location or "").startswith("//")


@pytest.mark.parametrize(
    ("message", "is_shown"),
    [("Das ist schon beschlossen.", True), ("the version is adopted", False)],
)
def test_people_read_sentences_and_developers_the_rest(site: Site, message: str, *, is_shown: bool):
    def refuse() -> str:
        raise Conflict(message)

    site.app.view_functions["accounts.sign_up"] = refuse
    page = site.visitor().post("/konto/neu")
    assert page.status_code == 409
    assert (message in page.text) is is_shown


def test_a_lacking_role_is_told_in_words(site: Site):
    page = site.staff(Role.ANALYST).get("/verwaltung/")
    assert page.status_code == 403
    assert "fragen Sie die Verwaltung dieser Plattform" in page.text
    assert "another role" not in page.text
