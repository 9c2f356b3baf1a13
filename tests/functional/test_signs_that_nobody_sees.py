"""Texts from documents: no sign in them breaks a page, a mail or a form."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.ideas.models import Idea, IdeaCall
from participation.notifications.mails import compose
from participation.notifications.models import OutboxMessage
from tests.conftest import NOON
from tests.pages import pressed

FORM = "/beteiligung/digitale-orte/ideen/neu"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    site.session.commit()
    return call


def send(browser, **typed):
    action, fields = pressed(browser.get(FORM).text, "Idee absenden", **typed)
    return browser.post(action or FORM, data=fields)


def test_an_idea_from_a_document_is_stored_as_it_looks(site, call, client):
    title = "Netz\u2028am \u202eBahnhof"
    answer = send(client, title=title, text="Eins\x0bzwei\x1b\u2029drei")
    assert answer.status_code == 200
    idea = site.session.scalars(sa.select(Idea)).one()
    assert (idea.title, idea.text) == ("Netz am Bahnhof", "Eins\nzwei\ndrei")


def test_a_title_that_shows_nothing_is_none(site, call, client):
    answer = send(client, title="\u200b\u2800", text="Etwas")
    assert answer.status_code == 422
    assert "Geben Sie Ihrer Idee einen Titel." in answer.text
    assert site.session.scalars(sa.select(Idea)).all() == []


def test_an_engagement_named_from_a_document_has_one_line(site):
    site.make.adopted_strategy(site.municipality)
    site.session.commit()
    form = {
        "title": "Orte\u2028für\x0balle",
        "summary": "Wo fehlt Netz?",
        "scope_open": "Die Orte.",
        "scope_closed": "Das Geld.",
        "elements": ["HF-1"],
        "opens_on": "2026-05-07",
        "opens_time": "08:00",
        "closes_on": "2026-06-30",
        "closes_time": "23:59",
        "audience": "open",
        "moderation_mode": "before",
        "results_mode": "at_closing",
        "asks_place": "optional",
    }
    site.staff(Role.STRATEGIST).post("/beteiligung/neu/ideenaufruf", data=form)
    assert site.session.scalars(sa.select(IdeaCall.title)).all() == ["Orte für alle"]


@pytest.mark.parametrize("end", ["\x0b", "\x85", "\u2028"])
def test_a_mail_goes_out_whatever_a_title_holds(site, end):
    with site.app.app_context():
        message = OutboxMessage(
            id=1,
            municipality_id=site.municipality.id,
            address="mara@example.org",
            template="engagements/way_in",
            payload={"title": f"Orte{end}für alle", "slug": "orte", "pass_token": "x", "days": 7},
            written_at=NOON,
        )
        mail = compose(message, NOON)
    assert mail["Subject"] == "Ihr Link zum Mitmachen: Orte für alle"
