"""Staff enters comments of people who wrote, called, came by or took part in a workshop."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Comment, Stance
from participation.contributions.models import Channel, ContributionStatus
from participation.engagements.models import ModerationMode, Subscription
from participation.foundation import clock
from participation.journal.models import JournalEntry
from tests.pages import pressed, text_of
from tests.pdf_text import pages_of

FORM = "/verwaltung/beteiligungen/leitlinie-fuer-sensoren/kommentare-eingeben"
WORDS = {"passage": "2", "stance": "concern", "text": "Wer entscheidet, was möglich ist?"}
NEXT = "Speichern, nächster Kommentar"


@pytest.fixture
def comment_round(site):
    found = site.make.comment_round(site.municipality, voting=False)
    site.session.commit()
    assert found.slug in FORM
    return found


@pytest.fixture
def moderator(site, comment_round):
    return site.staff(Role.MODERATOR)


def enter(browser, page=None, **typed):
    page = page or browser.get(FORM)
    action, fields = pressed(page.text, NEXT, **(WORDS | typed))
    return browser.post(action, data=fields)


def stored(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(Comment).order_by(Comment.number)).all()
    site.session.commit()
    return found


def test_a_letter_becomes_a_comment_that_waits_and_says_how_it_came(site, comment_round, moderator):
    day = clock.today() - timedelta(days=3)
    page = enter(
        moderator, origin="Postkarte", received_on=day.isoformat(), quote="nicht möglich ist"
    )
    assert page.status_code == 200
    assert "Kommentar 1 ist gespeichert und wartet auf die Prüfung" in text_of(page.text)
    (comment,) = stored(site)
    assert (comment.channel, comment.origin) == (Channel.LETTER, "Postkarte")
    assert (comment.stance, comment.quote) == (Stance.CONCERN, "nicht möglich ist")
    assert comment.passage_id == comment_round.passages[1].id
    assert comment.status is ContributionStatus.PENDING
    assert clock.local_date(comment.received_at) == day
    assert "per Brief: Postkarte" in moderator.get("/moderation/").text


def test_the_next_form_keeps_the_way_and_the_passage_and_is_empty_otherwise(
    site, comment_round, moderator
):
    page = enter(moderator, channel="workshop", origin="Werkstatt", decision="publish")
    _action, fields = pressed(page.text, NEXT)
    assert fields["channel"] == ["workshop"]
    assert fields["origin"] == ["Werkstatt"]
    assert fields["decision"] == ["publish"]
    assert re.search(r"<option selected value=\"2\">", page.text)
    assert not fields["text"][0].strip()
    assert "stance" not in fields
    page = enter(moderator, page, passage="gesamt", stance="approve", text="Gut so.")
    assert "2 Kommentare gespeichert" in page.text
    first, second = stored(site)
    assert second.round_id == comment_round.id
    assert {first.status, second.status} == {ContributionStatus.PUBLISHED}
    assert (
        "in einer Werkstatt: Werkstatt"
        in site.visitor().get(f"/beteiligung/{comment_round.slug}/kommentare").text
    )


def test_a_proposed_wording_is_kept_word_for_word(site, comment_round, moderator):
    wording = "Die Stadt misst nur, was der Rat beschlossen hat."
    enter(moderator, passage="1", stance="rewording", rewording=wording)
    (comment,) = stored(site)
    assert (comment.stance, comment.rewording) == (Stance.REWORDING, wording)


def test_what_staff_enters_waits_where_comments_appear_at_once(site, comment_round, moderator):
    comment_round.moderation_mode = ModerationMode.AFTER
    site.session.commit()
    enter(moderator)
    (comment,) = stored(site)
    assert comment.status is ContributionStatus.PENDING


def test_who_does_not_moderate_cannot_publish_even_by_asking(site, comment_round):
    strategist = site.staff(Role.STRATEGIST)
    assert "Gleich veröffentlichen" not in strategist.get(FORM).text
    enter(strategist, decision="publish")
    (comment,) = stored(site)
    assert comment.status is ContributionStatus.PENDING


def test_the_same_form_sent_twice_is_one_comment(site, comment_round, moderator):
    page = moderator.get(FORM)
    answers = [enter(moderator, page), enter(moderator, page)]
    codes = {re.findall(r'translate="no">([^<]+)<', answer.text)[0] for answer in answers}
    assert len(codes) == len(stored(site)) == 1
    entries = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "contribution.entered")
    ).all()
    assert [entry.facts for entry in entries] == [
        {"channel": "letter", "published": False, "consent": False}
    ]


def test_the_same_words_on_a_passage_are_asked_about(site, comment_round, moderator):
    enter(moderator)
    page = enter(moderator)
    assert page.status_code == 409
    assert "Diesen Kommentar gibt es schon" in page.text
    enter(moderator, page, is_another="y")
    assert len(stored(site)) == 2
    # On another passage they say something else.
    assert enter(moderator, passage="3").status_code == 200


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Schreiben Sie, was gesagt wird."),
        ({"text": "x" * 4001}, "höchstens 4000 Zeichen"),
        ({"stance": ""}, "Wählen Sie, welche Haltung"),
        ({"stance": "rewording"}, "wie der Abschnitt heißen soll"),
        ({"stance": "rewording", "rewording": "x" * 8001}, "höchstens 8000 Zeichen"),
        ({"rewording": "Anders."}, "Wählen Sie dazu die Haltung"),
        ({"passage": "gesamt", "stance": "rewording", "rewording": "Anders."}, "für einen Abschn"),
        ({"passage": "gesamt", "quote": "Sensoren"}, "in dem diese Worte stehen"),
        ({"quote": "So steht es nirgends"}, "So steht das nicht im Abschnitt"),
        ({"quote": "x" * 1001}, "höchstens 1000 Zeichen"),
        ({"passage": "99"}, ""),
        ({"origin": "x" * 121}, "höchstens 120 Zeichen"),
        ({"received_on": "2099-01-01"}, "nicht in der Zukunft"),
        ({"channel": "online"}, ""),
        ({"email": "erika@example.org"}, "Ohne Zustimmung speichern wir keine Adresse"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(
    site, comment_round, moderator, typed, message
):
    kept = typed | {"origin": typed.get("origin", "Brief von Tisch 3")}
    page = enter(moderator, **kept)
    assert page.status_code == 422
    assert message in text_of(page.text)
    assert kept["origin"] in page.text
    assert stored(site) == []


def test_where_people_vote_a_comment_is_short(site):
    site.make.comment_round(site.municipality)
    site.session.commit()
    moderator = site.staff(Role.MODERATOR)
    assert "höchstens 280 Zeichen" in moderator.get(FORM).text
    assert "höchstens 280 Zeichen" in enter(moderator, text="x" * 281).text
    assert stored(site) == []


def test_formulas_and_scripts_are_words(site, comment_round, moderator, client):
    enter(moderator, text="=1+1 <script>x</script>", decision="publish")
    (comment,) = stored(site)
    assert comment.text == "=1+1 <script>x</script>"
    shown = client.get(f"/beteiligung/{comment_round.slug}/kommentare").text
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown


def test_an_address_hears_only_after_its_owner_confirmed(site, comment_round, moderator):
    enter(moderator, email="erika@example.org", has_consented="y")
    subscription = site.session.scalars(sa.select(Subscription)).one()
    assert (subscription.address, subscription.confirmed_at) == ("erika@example.org", None)


def test_after_the_end_letters_are_entered_and_after_the_results_nothing_is(
    site, comment_round, moderator
):
    comment_round.opens_at -= timedelta(days=9)
    comment_round.closes_at = clock.now() - timedelta(days=1)
    site.session.commit()
    page = moderator.get(FORM)
    assert enter(moderator, page).status_code == 200
    comment_round.evaluated_at = clock.now()
    site.session.commit()
    assert enter(moderator, page, submission="0" * 32, text="Zu spät.").status_code == 409
    assert len(stored(site)) == 1
    assert "Zurzeit wird hier nichts eingegeben" in moderator.get(FORM).text


def test_the_receipt_is_printed_with_its_code_and_opens_the_comment(
    site, comment_round, moderator, client
):
    page = enter(moderator, stance="rewording", rewording="Keine Kameras.")
    (code,) = re.findall(r'translate="no">([^<]+)<', page.text)
    action, fields = pressed(page.text, "Beleg drucken (PDF)")
    printed = moderator.post(action, data=fields)
    assert printed.mimetype == "application/pdf"
    (words,) = pages_of(printed.data)
    for expected in (code, "Keine Bilder von Menschen", WORDS["text"], "Keine Kameras.", "Brief"):
        assert expected in words
    assert WORDS["text"] in client.post("/beleg", data={"code": code}).text
    fields["code"] = ["0" * 20]
    assert moderator.post(action, data=fields).status_code == 404


def test_each_letter_counts_a_person_and_a_card_of_a_workshop_nobody(
    site, comment_round, moderator
):
    enter(moderator)
    enter(moderator, channel="workshop", text="Eine Karte ohne Namen.")
    site.session.refresh(comment_round)
    assert comment_round.participants == 1


def test_a_round_of_ideas_is_no_round_of_comments(site, comment_round, moderator):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    address = f"/verwaltung/beteiligungen/{call.slug}/kommentare-eingeben"
    assert moderator.get(address).status_code == 404
