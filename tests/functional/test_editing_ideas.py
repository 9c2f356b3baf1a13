"""Changing an idea after it was sent, by its receipt or signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from participation.foundation import clock
from participation.ideas.wordings import change_idea
from tests.pages import pressed

LIST = "/beteiligung/digitale-orte/ideen"
FIRST = {"title": "Bank am Bahnhof", "text": "Im Wartehaus fehlt eine Bank."}
SECOND = {"title": "Bank am Bahnhof", "text": "Im Wartehaus fehlt eine lange Bank."}


def call_of(site, mode=ModerationMode.AFTER):
    return site.make.idea_call(site.municipality, title="Digitale Orte", moderation_mode=mode)


def sent(site, call, **more):
    submitted = site.make.submitted_idea(call, key=site.app.config["HASHING_KEY"], **FIRST | more)
    site.session.commit()
    return submitted


def edited(browser, code, **typed):
    """Go from the receipt to the form, and send it."""
    receipt = browser.post("/beleg", data={"code": code})
    address, fields = pressed(receipt.text, "Idee bearbeiten")
    form = browser.post(address, data=fields)
    address, fields = pressed(form.text, "Änderung speichern", **typed)
    return browser.post(address, data=fields)


def test_an_idea_is_changed_by_its_receipt(site, client):
    submitted = sent(site, call_of(site))
    page = edited(client, submitted.code, **SECOND)
    assert "Die Änderung ist gespeichert." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    shown = client.get(f"{LIST}/{submitted.idea.number}").text
    assert "eine lange Bank" in shown
    assert "bearbeitet am" not in shown
    assert client.get(f"{LIST}/{submitted.idea.number}/fassungen").status_code == 404


def test_everybody_sees_what_was_changed_after_a_support(site, client):
    submitted = sent(site, call_of(site))
    client.post(f"{LIST}/{submitted.idea.number}/unterstuetzen")
    page = edited(client, submitted.code, **SECOND)
    assert "bleibt die frühere Fassung nachlesbar" in page.text
    shown = client.get(f"{LIST}/{submitted.idea.number}").text
    assert "bearbeitet am" in shown
    assert f'href="{LIST}/{submitted.idea.number}/fassungen"' in shown
    history = client.get(f"{LIST}/{submitted.idea.number}/fassungen").text
    assert "<ins>" in history
    assert FIRST["text"] in history


def test_a_change_that_waits_is_seen_by_its_author_and_by_moderators(site, client):
    submitted = sent(site, call_of(site, ModerationMode.BEFORE))
    submitted.idea.move_to(ContributionStatus.PUBLISHED, at=site.make.at)
    site.session.commit()
    page = edited(client, submitted.code, **SECOND)
    assert "Wir prüfen Ihre Änderung" in page.text
    assert "lange" not in client.get(f"{LIST}/{submitted.idea.number}").text
    assert "wird geprüft" in client.post("/beleg", data={"code": submitted.code}).text
    moderator = site.staff(Role.MODERATOR)
    queue = moderator.get("/moderation/").text
    assert "So soll die Idee jetzt lauten" in queue
    address, fields = pressed(queue, "Änderung ablehnenA")
    moderator.post(address, data=fields | {"ground": "insult", "note": "Bitte höflich."})
    receipt = client.post("/beleg", data={"code": submitted.code}).text
    assert "Ihre Änderung haben wir nicht übernommen. Grund: Beleidigung" in receipt
    assert "Bitte höflich." in receipt
    assert "lange" not in client.get(f"{LIST}/{submitted.idea.number}").text
    # Another try, and it is let through.
    edited(client, submitted.code, **SECOND)
    queue = moderator.get(f"/moderation/{submitted.idea.id}").text
    address, fields = pressed(queue, "Änderung veröffentlichenV")
    moderator.post(address, data=fields)
    assert "eine lange Bank" in client.get(f"{LIST}/{submitted.idea.number}").text


def test_a_moderator_is_told_that_the_words_have_changed_meanwhile(site, client):
    submitted = sent(site, call_of(site, ModerationMode.BEFORE))
    moderator = site.staff(Role.MODERATOR)
    address, fields = pressed(moderator.get("/moderation/").text, "VeröffentlichenV")
    edited(client, submitted.code, **SECOND)
    answer = moderator.post(address, data=fields, follow_redirects=True).text
    assert "Der Text wurde geändert, während Sie ihn lasen" in answer
    assert "eine lange Bank" in answer
    assert client.get(f"{LIST}/{submitted.idea.number}").status_code == 404


def test_authors_change_their_idea_signed_in_and_nobody_elses(site):
    author, other = site.make.account(), site.make.account()
    submitted = sent(site, call_of(site), author=author)
    path = f"{LIST}/{submitted.idea.number}/bearbeiten"
    browser = site.signed_in(author)
    assert f'href="{path}"' in browser.get(f"{LIST}/{submitted.idea.number}").text
    address, fields = pressed(browser.get(path).text, "Änderung speichern", **SECOND)
    shown = browser.post(address, data=fields, follow_redirects=True).text
    assert "eine lange Bank" in shown
    stranger = site.signed_in(other)
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data=SECOND).status_code == 404
    assert path not in stranger.get(f"{LIST}/{submitted.idea.number}").text


def test_what_is_wrong_is_kept_and_named(site, client):
    submitted = sent(site, call_of(site))
    page = edited(client, submitted.code, title="", text="y" * 4001)
    assert page.status_code == 422
    assert "Geben Sie Ihrer Idee einen Titel." in page.text
    assert "y" * 4001 in page.text
    assert FIRST["text"] in client.get(f"{LIST}/{submitted.idea.number}").text


def test_after_closing_nothing_is_changed_and_nothing_typed_is_lost(site, client):
    call = call_of(site)
    submitted = sent(site, call)
    receipt = client.post("/beleg", data={"code": submitted.code})
    address, fields = pressed(receipt.text, "Idee bearbeiten")
    form = client.post(address, data=fields).text
    address, fields = pressed(form, "Änderung speichern", **SECOND)
    with clock.standing_at(call.closes_at + timedelta(hours=1)):
        page = client.post(address, data=fields)
        assert "Idee bearbeiten" not in client.post("/beleg", data={"code": submitted.code}).text
    assert page.status_code == 409
    assert "eine lange Bank" in page.text
    assert "lange" not in client.get(f"{LIST}/{submitted.idea.number}").text


@pytest.mark.parametrize("code", ["", "x", "0" * 20])
def test_without_a_code_that_fits_nothing_is_found(site, client, code):
    sent(site, call_of(site))
    assert client.post("/beleg/idee-bearbeiten", data={"code": code} | SECOND).status_code == 404


@pytest.mark.parametrize("status", ["hidden", "rejected", "withdrawn", "pending"])
def test_the_history_of_what_is_not_public_is_shown_to_nobody(site, client, status):
    idea = site.make.idea(call_of(site), supports=1, **FIRST)
    change_idea(
        site.session, idea=idea, title=SECOND["title"], text=SECOND["text"], at=site.make.at
    )
    site.session.commit()
    path = f"{LIST}/{idea.number}/fassungen"
    assert client.get(path).status_code == 200
    if status == "withdrawn":
        idea.withdraw()
    else:
        idea.take_back_to(ContributionStatus(status), published_at=None)
    site.session.commit()
    assert client.get(path).status_code == 404
    assert site.staff(Role.MODERATOR).get(path).status_code == 404
