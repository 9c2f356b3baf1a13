"""The administrator's pages: what is missing, texts, look, people, journal."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from participation.accounts import second_factor
from participation.accounts.default_texts import default_text
from participation.accounts.models import (
    Account,
    DutyText,
    Invitation,
    MunicipalityKind,
    Role,
)
from participation.accounts.operations import grant_role, put_duty_text
from participation.accounts.policy import gaps
from participation.accounts.queries import missing_duty_texts
from tests.conftest import NOON
from tests.site import Site


@pytest.fixture
def boss(site: Site) -> Account:
    account = site.make.member(Role.ADMINISTRATOR, municipality=site.municipality, name="Bea Boss")
    site.session.commit()
    return account


@pytest.fixture
def browser(site: Site, boss: Account) -> FlaskClient:
    return site.signed_in(boss)


def picture(kind: str = "PNG", side: int = 900) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side // 2), (20, 90, 160)).save(file, kind)
    return file.getvalue()


def test_the_set_up_check_names_what_is_missing_and_goes_quiet(site: Site, boss: Account):
    put_duty_text(
        site.session,
        municipality=site.municipality,
        kind=DutyText.RULES,
        source="[… ]",
        completed=False,
        actor=None,
        at=NOON,
    )
    browser = site.signed_in(boss)
    page = browser.get("/verwaltung/").text
    for words in (
        "Noch kann nichts veröffentlicht werden",
        "Regeln der Moderation vervollständigen",
        "Jemanden ins Strategie-Team einladen",
        "Logo hochladen",
        "Strategie anlegen",
    ):
        assert words in page
    assert "Zweite Person einladen" not in page
    site.make.member(Role.STRATEGIST, Role.MODERATOR, municipality=site.municipality)
    put_duty_text(
        site.session,
        municipality=site.municipality,
        kind=DutyText.RULES,
        source="Unsere Regeln",
        completed=True,
        actor=None,
        at=NOON,
    )
    page = browser.get("/verwaltung/").text
    assert "Noch kann nichts veröffentlicht werden" not in page
    assert "Jemanden ins Strategie-Team einladen" not in page


def test_one_strategist_alone_needs_a_second_person(site: Site):
    both = site.make.member(Role.ADMINISTRATOR, Role.STRATEGIST, municipality=site.municipality)
    assert "Zweite Person einladen" in site.signed_in(both).get("/verwaltung/").text


def test_name_and_address_of_the_municipality_stand_on_every_page(browser: FlaskClient):
    data = {
        "name": "Neu-Lindenow",
        "kind": "commune",
        "postal_line": "Markt 1,\n 15999 Neu-Lindenow",
        "contact_email": "rathaus@example.org",
    }
    assert browser.post("/verwaltung/kommune", data=data).status_code == 303
    page = browser.get("/impressum").text
    assert "Gemeinde Neu-Lindenow" in page
    assert "Markt 1, 15999 Neu-Lindenow" in page
    assert "mailto:rathaus@example.org" in page


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 81}, {"kind": "republic"}, {"contact_email": "nobody"}],
)
def test_wrong_details_are_refused_and_what_was_typed_stays(
    site: Site, browser: FlaskClient, wrong: dict[str, str]
):
    data = {"name": "Anders", "kind": "town", "postal_line": "Markt 1"} | wrong
    page = browser.post("/verwaltung/kommune", data=data)
    assert page.status_code == 422
    assert "Markt 1" in page.text
    site.session.refresh(site.municipality)
    assert site.municipality.name == "Lindenow"


def test_a_colour_that_is_too_light_is_refused_with_one_that_is_not(
    site: Site, browser: FlaskClient
):
    page = browser.post("/verwaltung/aussehen/farbe", data={"colour": "#777777"})
    assert page.status_code == 422
    assert "Weiße Schrift ist darauf schlecht zu lesen" in page.text
    (darker,) = re.findall("zum Beispiel (#[0-9a-f]{6})", page.text)[:1]
    assert browser.post("/verwaltung/aussehen/farbe", data={"colour": darker}).status_code == 303
    page = browser.post("/verwaltung/aussehen/farbe", data={"colour": "red;}body{display:none"})
    assert page.status_code == 422
    assert browser.post("/verwaltung/aussehen/farbe", data={"colour": "#1A4D8F"}).status_code == 303
    assert site.visitor().get("/farbe.css").text == ":root{--bt-accent:#1a4d8f}\n"


def test_a_logo_is_written_anew_and_shown_on_every_page(site: Site, browser: FlaskClient):
    data = {"logo": (io.BytesIO(picture() + b"<script>alert(1)</script>"), "../../x.html")}
    assert browser.post("/verwaltung/aussehen/logo", data=data).status_code == 303
    shown = site.visitor().get("/logo")
    assert shown.headers["Content-Type"] == "image/webp"
    assert b"<script>" not in shown.data
    with Image.open(io.BytesIO(shown.data)) as logo:
        assert logo.size == (480, 240)
    assert 'src="/logo"' in site.visitor().get("/impressum").text
    assert browser.post("/verwaltung/aussehen/logo/entfernen").status_code == 303
    assert site.visitor().get("/logo").status_code == 404


def upload(
    browser: FlaskClient, content: bytes, name: str = "logo.png", *, referrer: str = ""
) -> TestResponse:
    """Send a file. The test client's own encoder would leave a temporary file behind."""
    head = f'--x\r\nContent-Disposition: form-data; name="logo"; filename="{name}"\r\n\r\n'
    return browser.post(
        "/verwaltung/aussehen/logo",
        data=head.encode() + content + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"Referer": referrer} if referrer else {},
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Wählen Sie eine Bilddatei aus"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "lässt sich nicht als Bild"),
        (picture("BMP", 60), "lässt sich nicht als Bild"),
        (picture() + b"x" * 1024 * 1024, "Die Datei darf höchstens 1 MB groß sein"),
        (picture() + b"x" * 5 * 1024 * 1024, "Die Datei darf höchstens 1 MB groß sein"),
    ],
)
def test_other_files_are_refused_with_the_reason(browser: FlaskClient, content: bytes, words: str):
    page = upload(browser, content, "logo.png" if content else "")
    assert page.status_code == 422
    assert words in page.text


def test_a_request_that_is_far_too_large_gets_a_page(browser: FlaskClient):
    for before, leads_back in (
        ("http://localhost/verwaltung/aussehen", True),
        ("http://localhost/verwaltung/aussehen/logo", False),
        ("http://example.com/verwaltung/aussehen", False),
        ("http://[", False),
    ):
        page = upload(browser, b"x" * 9 * 1024 * 1024, referrer=before)
        assert page.status_code == 413
        assert "Die Datei darf höchstens 1 MB groß sein. Gespeichert ist nichts." in page.text
        assert ('href="/verwaltung/aussehen"><span' in page.text) is leads_back
        assert 'href="/">' in page.text


def test_a_form_that_is_far_too_large_leads_back_to_itself(site: Site):
    page = site.visitor().post("/konto/passwort?a=1", data={"email": "x" * 3 * 1024 * 1024})
    assert page.status_code == 413
    assert "Ein Formular darf zusammen höchstens 2 MB haben" in page.text
    assert 'href="/konto/passwort"' in page.text


def test_a_duty_text_is_previewed_drafted_and_completed(site: Site, browser: FlaskClient):
    path = "/verwaltung/texte/impressum"
    draft = {"source": "### Wir\n\n**fett** <script>alert(1)</script> [Lücke …]"}
    page = browser.post(path, data=draft | {"intent": "preview"})
    assert page.status_code == 200
    assert "<strong>fett</strong>" in page.text
    assert "<script>alert" not in page.text
    assert "[Lücke …]" in page.text
    page = browser.post(path, data=draft | {"intent": "complete"})
    assert page.status_code == 422
    assert "Im Text ist noch eine Lücke: [Lücke …]" in page.text
    assert browser.post(path, data=draft | {"intent": "draft"}).status_code == 303
    assert "Dieser Text fehlt noch" in site.visitor().get("/impressum").text
    assert "fehlt noch" in browser.get("/verwaltung/texte").text
    done = {"source": "### Wir\n\nStadt Lindenow", "intent": "complete"}
    assert browser.post(path, data=done).status_code == 303
    assert "Stadt Lindenow" in site.visitor().get("/impressum").text


def test_people_are_invited_by_mail(site: Site, browser: FlaskClient, boss: Account):
    data = {"email": "Neu@example.org", "role": "moderator"}
    assert browser.post("/verwaltung/personen/einladen", data=data).status_code == 303
    invitation = site.session.scalars(sa.select(Invitation)).one()
    assert (invitation.email, invitation.role) == ("neu@example.org", Role.MODERATOR)
    page = browser.get("/verwaltung/personen").text
    assert "neu@example.org" in page
    path = f"/verwaltung/personen/einladungen/{invitation.id}/zuruecknehmen"
    assert browser.post(path).status_code == 303
    assert "neu@example.org" not in browser.get("/verwaltung/personen").text
    assert browser.post(path).status_code == 404


def test_nobody_is_invited_to_a_role_that_they_have(site: Site, browser: FlaskClient):
    member = site.make.member(Role.MODERATOR, municipality=site.municipality)
    data = {"email": member.email.upper(), "role": "moderator"}
    page = browser.post("/verwaltung/personen/einladen", data=data)
    assert page.status_code == 422
    assert "hat die Rolle schon" in page.text
    other = browser.post("/verwaltung/personen/einladen", data=data | {"role": "analyst"})
    assert other.status_code == 303
    assert site.session.scalars(sa.select(Invitation)).one().role is Role.ANALYST


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"role": "king"}, {"role": ""}])
def test_an_invitation_needs_an_address_and_a_role(browser: FlaskClient, wrong: dict[str, str]):
    data = {"email": "neu@example.org", "role": "moderator"} | wrong
    assert browser.post("/verwaltung/personen/einladen", data=data).status_code == 422


def test_a_role_is_taken_at_once_and_the_last_administrator_stays(
    site: Site, browser: FlaskClient, boss: Account
):
    member = site.make.member(Role.MODERATOR, municipality=site.municipality)
    theirs = site.signed_in(member)
    assert theirs.get("/ueberblick").status_code == 200
    path = f"/verwaltung/personen/{member.id}/moderator/entziehen"
    assert f'href="{path}"' in browser.get("/verwaltung/personen").text
    question = browser.get(path).text
    assert f"{member.display_name} ({member.email}) verliert sofort die Rolle" in question
    assert "Das ist die letzte Rolle" in question
    assert theirs.get("/ueberblick").status_code == 200
    assert browser.post(path).status_code == 303
    assert theirs.get("/ueberblick").status_code == 403
    assert browser.post(path).status_code == 404
    assert browser.get(path).status_code == 404
    page = browser.post(f"/verwaltung/personen/{boss.id}/administrator/entziehen")
    assert page.location == "/verwaltung/personen"
    assert "Eine Person muss die Plattform verwalten können" in browser.get(page.location).text
    assert browser.get("/verwaltung/").status_code == 200


def test_another_towns_people_are_out_of_reach(site: Site, browser: FlaskClient):
    other = site.make.municipality("anderswo", "Anderswo")
    stranger = site.make.member(Role.MODERATOR, municipality=other)
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    for path in (f"{stranger.id}/moderator/entziehen", f"{stranger.id}/zweiter-faktor"):
        assert browser.post(f"/lindenow/verwaltung/personen/{path}").status_code == 404
    assert browser.get("/anderswo/verwaltung/").status_code == 403
    assert stranger.email not in browser.get("/lindenow/verwaltung/personen").text


def test_the_second_factor_of_a_colleague_is_reset_unless_another_town_trusts_it(
    site: Site, browser: FlaskClient
):
    key, salt = site.app.config["HASHING_KEY"], second_factor.new_salt()
    member = site.make.member(Role.MODERATOR, municipality=site.municipality)
    member.totp_salt, member.totp_since, member.totp_step = salt, NOON, 1
    site.session.commit()
    assert second_factor.secret_of(key, member.id, salt)
    path = f"/verwaltung/personen/{member.id}/zweiter-faktor"
    since = sa.select(Account.totp_since).where(Account.id == member.id)
    people = browser.get("/verwaltung/personen").text
    assert f'href="{path}"' in people
    assert f'action="{path}"' not in people
    question = browser.get(path).text
    assert "Zweiten Faktor zurücksetzen?" in question
    assert f"{member.display_name} ({member.email})" in question
    assert site.session.scalar(since) is not None
    assert browser.post(path).status_code == 303
    assert site.session.scalar(since) is None
    site.session.refresh(member)
    member.totp_salt, member.totp_since, member.totp_step = salt, NOON, 1
    other = site.make.municipality("anderswo", "Anderswo")
    grant_role(
        site.session,
        account=member,
        municipality=other,
        role=Role.MODERATOR,
        actor=None,
        at=NOON,
    )
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    assert browser.post("/lindenow" + path).status_code == 409
    assert site.session.scalar(since) is not None


def test_the_page_in_easy_language_shows_our_text_until_there_is_an_own_one(
    site: Site, browser: FlaskClient
):
    visitor = site.visitor()
    page = visitor.get("/leichte-sprache").text
    assert "Wir sind: Stadt Lindenow." in page
    assert '<div class="bt-prose bt-measure" lang="de">' in page
    assert "nur auf Deutsch" not in page
    assert 'href="/leichte-sprache"' in visitor.get("/impressum").text
    assert missing_duty_texts(site.session, site.municipality.id) == []
    assert "Vorlage gilt" in browser.get("/verwaltung/texte").text
    path = "/verwaltung/texte/leichte-sprache"
    assert "Wir sind: Stadt Lindenow." in browser.get(path).text
    own = {"source": "Das ist unsere Seite.", "intent": "draft"}
    assert browser.post(path, data=own).status_code == 303
    assert "Wir sind: Stadt Lindenow." in visitor.get("/leichte-sprache").text
    assert browser.post(path, data=own | {"intent": "complete"}).status_code == 303
    page = visitor.get("/leichte-sprache").text
    assert "Das ist unsere Seite." in page
    assert "Wir sind: Stadt Lindenow." not in page


def test_visitors_with_another_language_are_told_that_easy_language_is_german(site: Site):
    visitor = site.visitor()
    visitor.get("/sprache/en")
    page = visitor.get("/leichte-sprache").text
    assert "This text is in German only." in page
    assert '<div class="bt-prose bt-measure" lang="de">' in page


@pytest.mark.parametrize("kind", list(MunicipalityKind))
def test_our_text_in_easy_language_has_short_sentences_and_no_gap(kind: MunicipalityKind):
    source = default_text(DutyText.EASY_LANGUAGE, "Lindenow", kind)
    assert gaps(source) == []
    assert "{" not in source
    for line in source.replace("\\", "").splitlines():
        assert len(line.split()) <= 12, line
        assert not re.search(r"[.?!] \w", line.lstrip("*123. ")), line
