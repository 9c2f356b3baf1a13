"""The journal as the administrator reads it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from participation.accounts.models import Account, Role
from participation.journal.operations import record
from participation.maintenance import journal_words
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


def test_the_journal_reads_and_is_paged(site: Site, browser: FlaskClient, boss: Account):
    for number in range(60):
        record(
            site.session,
            at=NOON + timedelta(minutes=number),
            action="engagement.published",
            subject=f"engagement:{number}",
            municipality_id=site.municipality.id,
            actor_id=boss.id,
            facts={"kind": "survey", "opens_at": NOON.isoformat(), "n": 3},
        )
    page = browser.get("/verwaltung/protokoll").text
    assert page.count("<tr>") == 51
    assert "Beteiligung 59" in page
    assert "Beteiligung 9<" not in page
    assert "Bea Boss" in page
    assert "Beginn: 7. Mai 2026, 12:00 Uhr" in page
    older = re.search(r'href="([^"]*protokoll\?vor=\d+)"', page)
    assert older
    page = browser.get(older.group(1)).text
    assert "Beteiligung 9<" in page
    assert "Pflichttext gespeichert" in page
    assert "Neueste" in page


def test_the_journal_names_people_and_engagements(site: Site, browser: FlaskClient):
    member = site.make.member(Role.MODERATOR, municipality=site.municipality, name="Ada Amt")
    elsewhere = site.make.idea_call(site.make.municipality("anderswo", "Anderswo"), title="Fern")
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    for subject in (f"account:{member.id}", f"engagement:{call.id}", f"engagement:{elsewhere.id}"):
        record(
            site.session,
            at=NOON,
            action="engagement.changed",
            subject=subject,
            municipality_id=site.municipality.id,
            actor_id=None,
            facts={},
        )
    site.app.extensions["tenancy"].forget()
    page = browser.get("/lindenow/verwaltung/protokoll").text
    assert "Konto: Ada Amt" in page
    assert "Beteiligung: Digitale Orte" in page
    assert "Fern" not in page


def test_every_action_that_is_recorded_has_words():
    """A new action needs its words in `maintenance.journal_words`."""
    found = set()
    for file in Path("participation").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "record(" in text:
            found |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', text))
    subjects = "account|answer|change|engagement|finding|moderation|municipality|results"
    actions = {
        name
        for name in found
        if re.match(rf"({subjects}|revision|role|strategy)\.", name)
        and not name.endswith((".id", ".html", ".item", ".queue", ".element_facts"))
    }
    assert len(actions) > 15
    assert actions - set(journal_words.ACTIONS) == set()
