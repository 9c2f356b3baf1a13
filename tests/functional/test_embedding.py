"""The card of an engagement in a frame of the town's own site, and of no other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.accounts.policy import origin_of
from participation.contributions.models import ContributionStatus
from tests.conftest import NOON
from tests.pages import pressed, text_of

CARD = "/einbetten/orte"
MUNICIPALITY = "/verwaltung/kommune"
DAY = timedelta(days=1)


@pytest.fixture
def call(site):
    call = site.make.idea_call(
        site.municipality, title="Orte", question="Wo fehlt Netz?", closes_at=NOON + 5 * DAY
    )
    site.session.commit()
    return call


def ancestors(answer):
    (found,) = re.findall(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])
    return found.split()


def allow(site, *lines):
    browser = site.staff(Role.ADMINISTRATOR)
    page = browser.get(MUNICIPALITY).text
    action, fields = pressed(page, "Speichern", embed_origins="\n".join(lines), kind="town")
    return browser.post(action or MUNICIPALITY, data=fields)


def test_the_card_says_what_it_is_about_and_leads_out_of_the_frame(site, call, client):
    answer = client.get(CARD)
    words = text_of(answer.text)
    for said in ("Orte", "Wo fehlt Netz?", "noch 5 Tage", "Jetzt mitmachen"):
        assert said in words
    (link,) = re.findall(r"<a [^>]*>", answer.text)
    assert 'href="http://localhost/beteiligung/orte"' in link
    assert 'target="_blank"' in link
    assert 'rel="noopener"' in link


def test_the_card_tells_how_many_took_part_and_counts_nothing_hidden(site, call, client):
    assert "0 Ideen" not in text_of(client.get(CARD).text)
    site.make.idea(call, status=ContributionStatus.PUBLISHED)
    site.make.idea(call, status=ContributionStatus.HIDDEN)
    site.session.commit()
    assert "1 Idee, 0 Unterstützungen" in text_of(client.get(CARD).text)


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_card_runs_sends_and_sets_nothing_and_knows_nobody(site, call, client, signed_in):
    browser = site.staff(Role.ADMINISTRATOR) if signed_in else client
    answer = browser.get(CARD)
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    assert "<form" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    # Whoever is signed in gets the same page.
    assert answer.text == client.get(CARD).text


def test_only_sites_that_were_named_may_show_it(site, call, client):
    assert ancestors(client.get(CARD)) == ["'self'"]
    stored = allow(site, "https://www.Lindenow.de/", "", "https://rathaus.lindenow.de:8443")
    assert stored.status_code == 303
    answer = client.get(CARD)
    assert ancestors(answer) == [
        "'self'",
        "https://www.lindenow.de",
        "https://rathaus.lindenow.de:8443",
    ]
    assert "X-Frame-Options" not in answer.headers
    # No other page of ours, not even one that is not there.
    for path in ("/", "/beteiligung/orte", "/beteiligung/orte/ideen", "/einbetten/fehlt"):
        other = client.get(path)
        assert ancestors(other) == ["'none'"]
        assert other.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "line",
    [
        "http://www.lindenow.de",
        "https://www.lindenow.de/seite",
        "https://*.lindenow.de",
        "https://a.de; script-src *",
        "https://a.de https://b.de",
        "https://user@a.de",
        "https://localhost",
        "javascript:alert(1)",
        "*",
        "'self'",
        "https://a.de:99999999",
    ],
)
def test_what_is_no_address_of_a_site_is_refused_and_kept(site, call, client, line):
    answer = allow(site, "https://www.lindenow.de", line)
    assert answer.status_code == 422
    assert "Das ist keine Adresse einer Webseite" in answer.text
    assert "https://www.lindenow.de" in answer.text
    assert ancestors(client.get(CARD)) == ["'self'"]


def test_more_than_ten_sites_are_refused(site, call):
    answer = allow(site, *(f"https://a{number}.de" for number in range(11)))
    assert answer.status_code == 422
    assert "Höchstens zehn Adressen." in answer.text


def test_a_name_with_umlauts_is_written_as_browsers_write_it():
    assert origin_of("https://müncheberg.de") == "https://xn--mncheberg-q9a.de"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"opens_at": NOON + DAY}, "Mehr dazu"),
        ({"opens_at": NOON - 9 * DAY, "closes_at": NOON - DAY}, "Was daraus wurde"),
    ],
)
def test_before_and_after_it_says_so(site, client, more, words):
    site.make.idea_call(site.municipality, title="Orte", **({"closes_at": NOON + 5 * DAY} | more))
    site.session.commit()
    page = text_of(client.get(CARD).text)
    assert words in page
    assert "Jetzt mitmachen" not in page


def test_a_draft_has_no_card(site, client):
    site.make.idea_call(site.municipality, title="Orte", published=False)
    site.session.commit()
    assert client.get(CARD).status_code == 404


@pytest.mark.parametrize("kind", ["idea_call", "comment_round", "survey"])
def test_staff_copies_the_line_and_sees_the_card(site, kind):
    getattr(site.make, kind)(site.municipality, title='Orte & "mehr"')
    site.session.commit()
    browser = site.staff(Role.STRATEGIST)
    (address,) = re.findall(
        r'href="(/verwaltung/[^"]*/einbetten)"', browser.get("/verwaltung/beteiligungen").text
    )
    page = browser.get(address)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "&lt;iframe src=&#34;http://localhost/einbetten/orte-mehr&#34;" in page.text
    assert "Noch darf keine Webseite die Karte zeigen" in page.text
    (shown,) = re.findall(r'<iframe src="([^"]*)"', page.text)
    assert browser.get(shown).status_code == 200
