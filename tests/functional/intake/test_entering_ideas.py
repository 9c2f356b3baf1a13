"""Staff enters ideas of people who wrote, called, came by or took part in a workshop."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from participation.accounts.models import Role
from participation.contributions.models import Channel, ContributionStatus
from participation.engagements.models import ModerationMode, Subscription
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.journal.models import JournalEntry
from participation.moderation.models import Action, ModerationDecision
from participation.strategy.queries import get_element
from tests.pages import pressed, text_of
from tests.pdf_text import pages_of

FORM = "/verwaltung/beteiligungen/digitale-orte/eingeben"
WORDS = {"title": "Bank am Markt", "text": "Eine Bank mit Lehne vor dem Rathaus."}
NEXT = "Speichern, nächste Idee"


@pytest.fixture
def call(site):
    strategy = site.make.adopted_strategy(site.municipality)
    element = get_element(site.session, strategy.id, "HF-1")
    call = site.make.idea_call(site.municipality, title="Digitale Orte", elements=(element,))
    site.session.commit()
    return call


@pytest.fixture
def moderator(site, call):
    return site.staff(Role.MODERATOR)


def enter(browser, page=None, **typed):
    page = page or browser.get(FORM)
    action, fields = pressed(page.text, NEXT, **(WORDS | typed))
    return browser.post(action, data=fields)


def stored(site):
    site.session.expire_all()
    ideas = site.session.scalars(
        sa.select(Idea).order_by(Idea.number).options(selectinload(Idea.elements))
    ).all()
    site.session.commit()
    return ideas


def test_a_letter_becomes_an_idea_that_waits_and_says_how_it_came(site, call, moderator):
    day = clock.today() - timedelta(days=3)
    page = enter(moderator, origin="Postkarte", received_on=day.isoformat(), elements="HF-1")
    assert page.status_code == 200
    assert "Idee 1 ist gespeichert und wartet auf die Prüfung" in text_of(page.text)
    (idea,) = stored(site)
    assert idea.channel is Channel.LETTER
    assert idea.origin == "Postkarte"
    assert idea.status is ContributionStatus.PENDING
    assert clock.local_date(idea.received_at) == day
    assert [element.code for element in idea.elements] == ["HF-1"]
    queue = site.staff(Role.MODERATOR).get("/moderation/")
    assert "per Brief: Postkarte" in queue.text


def test_the_next_form_keeps_the_way_and_is_empty_otherwise(site, call, moderator):
    page = enter(
        moderator, channel="workshop", origin="Werkstatt im Bürgerhaus", decision="publish"
    )
    _action, fields = pressed(page.text, NEXT)
    assert fields["channel"] == ["workshop"]
    assert fields["origin"] == ["Werkstatt im Bürgerhaus"]
    assert fields["decision"] == ["publish"]
    assert not fields.get("title", [""])[0]
    assert not fields.get("text", [""])[0].strip()
    page = enter(moderator, page, title="WLAN", text="Im Wartehaus fehlt das Netz.")
    assert "2 Ideen gespeichert" in page.text
    assert [idea.origin for idea in stored(site)] == ["Werkstatt im Bürgerhaus"] * 2


def test_what_is_published_at_once_is_a_decision_of_who_entered_it(site, call, moderator, client):
    enter(moderator, channel="phone", decision="publish")
    (idea,) = stored(site)
    assert idea.status is ContributionStatus.PUBLISHED
    assert "am Telefon" in client.get("/beteiligung/digitale-orte/ideen/1").text
    decision = site.session.scalars(sa.select(ModerationDecision)).one()
    assert decision.action is Action.PUBLISH
    assert decision.decided_by_id is not None
    entry = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "contribution.entered")
    ).one()
    assert entry.facts == {"channel": "phone", "published": True, "consent": False}
    assert entry.actor_id == decision.decided_by_id
    # Nobody's words stand in the log.
    assert "Lehne" not in str(entry.facts)


def test_who_does_not_moderate_cannot_publish_even_by_asking(site, call):
    strategist = site.staff(Role.STRATEGIST)
    assert "Gleich veröffentlichen" not in strategist.get(FORM).text
    enter(strategist, decision="publish")
    (idea,) = stored(site)
    assert idea.status is ContributionStatus.PENDING


def test_what_staff_enters_waits_where_citizens_ideas_appear_at_once(site, call, moderator):
    call.moderation_mode = ModerationMode.AFTER
    site.session.commit()
    enter(moderator)
    (idea,) = stored(site)
    assert idea.status is ContributionStatus.PENDING


def test_the_same_form_sent_twice_is_one_idea(site, call, moderator):
    page = moderator.get(FORM)
    first = enter(moderator, page)
    second = enter(moderator, page)
    code = re.findall(r'translate="no">([^<]+)<', first.text)
    assert code
    assert code == re.findall(r'translate="no">([^<]+)<', second.text)
    assert len(stored(site)) == 1
    entries = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "contribution.entered")
    ).all()
    assert len(entries) == 1


@pytest.mark.parametrize("decision", ["queue", "publish"])
def test_an_idea_that_is_there_is_asked_about_and_stored_if_somebody_else_said_it(
    site, call, moderator, decision
):
    enter(moderator, decision=decision)
    page = enter(moderator, decision=decision)
    assert page.status_code == 409
    assert "Diese Idee gibt es schon" in page.text
    assert "Eine Bank mit Lehne" in page.text
    assert len(stored(site)) == 1
    page = enter(moderator, page, is_another="y")
    assert page.status_code == 200
    assert len(stored(site)) == 2


def test_the_same_wish_in_other_word_forms_is_asked_about(site, call, moderator):
    site.make.idea(call, title="Bänke am Markt", text="Bänke mit Lehne vor dem Rathaus")
    site.session.commit()
    page = enter(moderator, title="Bank am Markt", text="Bank mit Lehnen vor dem Rathaus.")
    assert page.status_code == 409


def test_a_missing_title_is_made_of_the_first_words(site, call, moderator):
    enter(moderator, title="")
    (idea,) = stored(site)
    assert idea.title == WORDS["text"]


def test_an_address_is_stored_only_with_consent(site, call, moderator):
    page = enter(moderator, email="erika@example.org")
    assert page.status_code == 422
    assert "Ohne Zustimmung speichern wir keine Adresse" in page.text
    assert stored(site) == []
    page = enter(moderator, page, email="erika@example.org", has_consented="y")
    assert "muss darin zustimmen" in page.text
    subscription = site.session.scalars(sa.select(Subscription)).one()
    assert subscription.address == "erika@example.org"
    assert subscription.confirmed_at is None
    entry = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "contribution.entered")
    ).one()
    assert entry.facts["consent"] is True
    # The address does not stay in the next form.
    assert "erika@example.org" not in page.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Schreiben Sie, was vorgeschlagen wird."),
        ({"text": "x" * 4001}, "höchstens 4.000 Zeichen"),
        ({"origin": "x" * 121}, "höchstens 120 Zeichen"),
        ({"received_on": "2099-01-01"}, "nicht in der Zukunft"),
        ({"received_on": "1999-01-01"}, "nicht über ein Jahr"),
        ({"channel": "online"}, "Not a valid choice"),
        ({"channel": "imported"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(
    site, call, moderator, typed, message
):
    page = enter(moderator, **typed)
    assert page.status_code == 422
    if message[0] != "N":
        assert message in page.text
    assert WORDS["title"] in page.text
    assert stored(site) == []


def test_after_the_end_letters_are_entered_and_after_the_results_nothing_is(site, call, moderator):
    call.opens_at -= timedelta(days=9)
    call.closes_at = clock.now() - timedelta(days=1)
    site.session.commit()
    page = moderator.get(FORM)
    assert enter(moderator, page).status_code == 200
    call.evaluated_at = clock.now()
    site.session.commit()
    refused = enter(moderator, page, submission="0" * 32, text="Zu spät.")
    assert refused.status_code == 409
    assert len(stored(site)) == 1
    assert "Zurzeit wird hier nichts eingegeben" in moderator.get(FORM).text


def test_the_receipt_is_printed_with_its_code_and_opens_the_idea(site, call, moderator, client):
    page = enter(moderator)
    (code,) = re.findall(r'translate="no">([^<]+)<', page.text)
    action, fields = pressed(page.text, "Beleg drucken (PDF)")
    printed = moderator.post(action, data=fields)
    assert printed.mimetype == "application/pdf"
    assert printed.headers["Cache-Control"] == "no-store"
    (words,) = pages_of(printed.data)
    for expected in (code, WORDS["title"], WORDS["text"], "per Brief"):
        assert expected in words
    found = client.post("/beleg", data={"code": code})
    assert WORDS["title"] in found.text
    fields["code"] = ["0" * 20]
    assert moderator.post(action, data=fields).status_code == 404


def test_each_letter_counts_a_person_and_a_card_of_a_workshop_nobody(site, call, moderator):
    enter(moderator)
    enter(moderator, channel="workshop", text="Eine Karte ohne Namen.", title="Karte")
    site.session.refresh(call)
    assert call.participants == 1
