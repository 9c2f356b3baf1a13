"""A draft is put out for comment twice, under one heading, and what changed stands in between."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from participation.accounts.models import Role
from participation.comments.hearings import begin_hearing, follow_on
from participation.comments.models import CommentRound, Hearing, HearingPhase
from participation.comments.passages import PassageDraft
from participation.engagements.operations import publish_engagement
from tests.comment_forms import count, only, queries_of
from tests.conftest import NOON

NOTE = "Sieben Tage genügen. Das schrieben viele."
AFTER = (PassageDraft("Höchstens sieben Tage.", "Wie lange wir speichern"),)


@pytest.fixture
def manage(opened):
    return f"/verwaltung/beteiligungen/{opened.slug}/anhoerung"


def follow(site, before, *, note="", publish=True):
    after = site.make.comment_round(
        site.municipality, passages=AFTER, published=False, title="Zweiter Entwurf"
    )
    phase = follow_on(site.session, before=before, comment_round=after, actor=None, at=NOON)
    phase.note = note
    if publish:
        publish_engagement(site.session, engagement=after, actor=None, at=NOON)
    site.session.commit()
    return after


def test_staff_begins_a_hearing_and_adds_the_next_phase_in_two_clicks(site, opened, manage):
    site.make.adopted_strategy(site.municipality)
    site.session.commit()
    staff = site.staff(Role.STRATEGIST)
    assert f'href="{manage}"' in staff.get("/verwaltung/beteiligungen").text
    title = {"hearing": "", "title": "Leitlinie für Sensoren", "summary": "Was darf die Stadt?"}
    assert staff.post(manage, data=title).status_code == 303
    page = staff.get(manage).text
    href = re.search(r'href="([^"]*neu/kommentarrunde\?nach=[^"]*)"', page)
    assert href is not None
    form = unescape(staff.get(href[1]).text)
    assert f'name="after" type="hidden" value="{opened.slug}"' in form
    assert f'value="{opened.title}"' in form
    (version,) = re.findall(r'name="version".*?<option[^>]*value="(\d+)"', form, re.DOTALL)
    sent = staff.post(
        "/beteiligung/neu/kommentarrunde",
        data={
            "after": opened.slug,
            "title": "Zweiter Entwurf",
            "scope_open": "Der Wortlaut.",
            "scope_closed": "Die Frist.",
            "elements": ["M-01"],
            "opens_on": "2026-05-08",
            "opens_time": "08:00",
            "closes_on": "2026-06-07",
            "closes_time": "23:59",
            "audience": "open",
            "remind_days": "",
            "moderation_mode": "before",
            "results_mode": "at_closing",
            "source": "text",
            "version": version,
            "split": "paragraph",
            "text": "# Dauer\n\nHöchstens sieben Tage.",
        },
    )
    assert sent.status_code == 303
    assert count(site, HearingPhase) == 2
    assert "Sagen Sie jetzt, was sich geändert hat." in staff.get(sent.location).text


def test_without_a_title_nothing_begins(site, opened, manage):
    staff = site.staff(Role.STRATEGIST)
    answer = staff.post(manage, data={"hearing": "", "title": " ", "summary": "Bleibt stehen"})
    assert answer.status_code == 422
    assert "Bitte geben Sie einen Titel an." in answer.text
    assert "Bleibt stehen" in answer.text
    assert count(site, Hearing) == 0


def test_a_round_joins_a_hearing_that_is_there_but_not_a_foreign_one(site, opened, manage):
    staff = site.staff(Role.STRATEGIST)
    other = site.make.comment_round(site.municipality, title="Erster")
    here = begin_hearing(
        site.session, comment_round=other, title="Hier", actor=None, at=NOON
    ).hearing
    town = site.make.municipality("neudorf", "Neudorf")
    foreign = begin_hearing(
        site.session,
        comment_round=site.make.comment_round(town),
        title="Dort",
        actor=None,
        at=NOON,
    ).hearing
    site.session.commit()
    # With a second town every address names its town.
    manage = f"/lindenow{manage}"
    assert staff.post(manage, data={"hearing": str(foreign.id)}).status_code == 422
    assert "Dort" not in staff.get(manage).text
    joined = staff.post(manage, data={"hearing": str(here.id), "note": NOTE})
    assert joined.status_code == 303
    phase = only(site, HearingPhase, HearingPhase.round_id == opened.id)
    assert (phase.hearing_id, phase.position, phase.note) == (here.id, 2, NOTE)


def test_a_draft_leaves_its_hearing_again(site, opened):
    after = follow(site, opened, publish=False)
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{after.slug}/anhoerung"
    assert "Es fehlt noch, was sich geändert hat und warum." in staff.get(path).text
    assert staff.post(path + "/weg").status_code == 303
    assert count(site, HearingPhase) == 1
    assert staff.post(path + "/weg").status_code == 404


def test_everybody_sees_the_phases_and_what_changed_between_them(site, client, opened, home):
    site.make.comment(opened, opened.passages[0])
    after = follow(site, opened, note=NOTE)
    hearing = only(site, Hearing)
    path = f"/anhoerungen/{hearing.slug}"
    assert f'href="{path}"' in client.get(home).text
    page = client.get(path).text
    for words in (NOTE, "Zweiter Entwurf", "Phase 1", "Phase 2", "1 Kommentar", "<del>", "<ins>"):
        assert words in page
    assert f'href="/beteiligung/{after.slug}/kommentare"' in page
    assert queries_of(site, client, path) <= 10
    assert queries_of(site, client, home) <= 10


def test_a_passage_says_that_the_next_phase_words_it_differently(site, client, opened, home):
    comment = site.make.comment(opened, opened.passages[1])
    after = follow(site, opened, note=NOTE)
    hearing = f"/anhoerungen/{only(site, Hearing).slug}#phase-2"
    texts = {draft.text for draft in AFTER}
    changed = [passage for passage in opened.passages if passage.text not in texts]
    page = client.get(home).text
    told = page.count("In Phase 2 lautet dieser Abschnitt anders.")
    gone = page.count("In Phase 2 gibt es diesen Teil nicht mehr.")
    assert 0 < told + gone == len(changed) == page.count(f'href="{hearing}"')
    assert "In Phase 2" not in client.get(f"/beteiligung/{after.slug}/kommentare").text
    alone = client.get(f"{home}/{comment.number}").text
    assert ("In Phase 2" in alone) == (opened.passages[1] in changed)
    assert queries_of(site, client, home) <= 10
    assert queries_of(site, client, f"{home}/{comment.number}") <= 10


def test_a_phase_that_has_not_begun_changes_no_passage_yet(site, client, opened, home):
    after = follow(site, opened, note=NOTE)
    after.opens_at, after.closes_at = NOON + timedelta(days=1), NOON + timedelta(days=20)
    site.session.commit()
    assert "In Phase 2" not in client.get(home).text


def test_a_phase_that_is_a_draft_is_nowhere_to_be_seen(site, client, opened):
    follow(site, opened, note=NOTE, publish=False)
    page = client.get(f"/anhoerungen/{only(site, Hearing).slug}").text
    assert "Zweiter Entwurf" not in page
    assert NOTE not in page


def test_a_hearing_of_another_town_is_not_found(site, client):
    town = site.make.municipality("neudorf", "Neudorf")
    found = site.make.comment_round(town)
    begin_hearing(site.session, comment_round=found, title="Dort", actor=None, at=NOON)
    site.session.commit()
    assert count(site, CommentRound) == 1
    assert client.get("/lindenow/anhoerungen/dort").status_code == 404
    assert client.get("/neudorf/anhoerungen/dort").status_code == 200
