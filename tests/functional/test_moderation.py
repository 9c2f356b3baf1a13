"""The moderator's hour: one queue, one decision after the other, each can be taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Stance
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode, Pace, Subscription
from participation.engagements.operations import confirm_subscription
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.moderation.models import Action, Ground, ModerationDecision
from participation.moderation.operations import note_import
from participation.surveys.answers import SurveyRemark
from tests.conftest import NOON

QUEUE = "/moderation/"
S = ContributionStatus


@pytest.fixture
def call(site):
    call = site.make.idea_call(
        site.municipality, title="Digitale Orte", opens_at=NOON - timedelta(days=9)
    )
    site.session.commit()
    return call


@pytest.fixture
def moderator(site):
    return site.staff(Role.MODERATOR)


def pending(site, call, title="Wartet", hours=0, **more):
    idea = site.make.submitted_idea(
        call, title=title, at=NOON - timedelta(hours=hours), **more
    ).idea
    site.session.commit()
    return idea


def status_of(site, idea):
    site.session.expire_all()
    status = site.session.get_one(Idea, idea.id).status
    site.session.commit()
    return status


def decide(browser, idea, action, **fields):
    return browser.post(f"{QUEUE}{idea.id}", data={"action": action, **fields})


@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.ANALYST])
def test_other_roles_do_not_moderate(site, call, role):
    idea = pending(site, call)
    browser = site.staff(role)
    assert browser.get(QUEUE).status_code == 403
    assert browser.get(f"{QUEUE}{idea.id}").status_code == 403
    assert decide(browser, idea, "publish").status_code == 403
    assert status_of(site, idea) is S.PENDING


def test_who_is_not_signed_in_is_asked_to(site, call, client):
    idea = pending(site, call)
    assert "/konto/" in client.get(QUEUE).location
    answer = decide(client, idea, "publish")
    assert (answer.status_code, "Anmelden" in answer.text) == (401, True)
    assert status_of(site, idea) is S.PENDING


def test_the_oldest_stands_first_and_open_with_text_and_hints(site, call, moderator):
    pending(site, call, "Neuere", 3)
    pending(site, call, "Ältere", 30, text="Rufen Sie mich an: 030 23125014")
    page = moderator.get(QUEUE)
    assert page.status_code == 200
    assert page.text.index("Ältere") < page.text.index("Neuere")
    assert '<mark class="bt-mark">030 23125014</mark>' in page.text
    assert "Vorschlag, keine Entscheidung" in page.text
    assert "1 überfällig" in page.text
    assert "2 offen" in page.text


def test_publishing_is_one_button_and_the_next_one_opens(site, call, moderator):
    first, second = pending(site, call, "Erste", 5), pending(site, call, "Zweite", 1)
    answer = decide(moderator, first, "publish")
    assert (answer.status_code, answer.location) == (303, f"{QUEUE}{second.id}")
    assert status_of(site, first) is S.PUBLISHED
    assert "Erste" in site.visitor().get("/beteiligung/digitale-orte/ideen").text
    assert decide(moderator, second, "publish").location == QUEUE
    assert "Alles entschieden" in moderator.get(QUEUE).text


def test_after_the_last_one_it_goes_on_with_what_was_passed_over(site, call, moderator):
    first, second = pending(site, call, "Erste", 5), pending(site, call, "Zweite", 1)
    assert decide(moderator, second, "publish").location == QUEUE
    assert "Erste" in moderator.get(QUEUE).text
    assert status_of(site, first) is S.PENDING


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Wählen Sie einen Grund aus den Regeln."),
        ({"ground": "imported"}, "Grund aus den Regeln"),
        ({"ground": "other"}, "Schreiben Sie der Verfasserin oder dem Verfasser, warum."),
        ({"ground": "insult", "note": "x" * 2001}, "höchstens 2.000 Zeichen"),
    ],
)
def test_refusing_needs_a_ground_and_keeps_the_note(site, call, moderator, fields, message):
    idea = pending(site, call)
    page = decide(moderator, idea, "reject", **fields)
    assert page.status_code == 422
    assert message in page.text
    assert fields.get("note", "") in page.text
    assert status_of(site, idea) is S.PENDING


def test_a_refused_idea_is_shown_to_nobody(site, call, moderator):
    idea = pending(site, call, "Kanarienvogel")
    answer = decide(moderator, idea, "reject", ground="insult", note="Bitte freundlicher.")
    assert answer.status_code == 303
    (decision,) = site.session.scalars(sa.select(ModerationDecision))
    assert (decision.action, decision.ground) == (Action.REJECT, Ground.INSULT)
    assert "Kanarienvogel" not in site.visitor().get("/beteiligung/digitale-orte/ideen").text


def test_an_unknown_action_changes_nothing(site, call, moderator):
    idea = pending(site, call)
    for action in ("", "burn", "hide", "restore"):
        decide(moderator, idea, action, ground="insult")
        assert status_of(site, idea) is S.PENDING


def test_a_decision_can_be_taken_back_for_ten_seconds(site, call, moderator):
    idea = pending(site, call)
    decide(moderator, idea, "publish")
    with clock.standing_at(NOON + timedelta(seconds=4)):
        page = moderator.get(QUEUE)
    assert 'data-undo="6000"' in page.text
    (path,) = re.findall(r'action="(/moderation/entscheidungen/\d+/zuruecknehmen)"', page.text)
    answer = moderator.post(path)
    assert answer.location == f"{QUEUE}{idea.id}"
    assert status_of(site, idea) is S.PENDING
    decide(moderator, idea, "publish")
    with clock.standing_at(NOON + timedelta(seconds=11)):
        page = moderator.get(QUEUE)
        assert "zuruecknehmen" not in page.text
        (decision,) = site.session.scalars(
            sa.select(ModerationDecision).where(ModerationDecision.undone_at.is_(None))
        )
        site.session.commit()
        late = moderator.post(f"/moderation/entscheidungen/{decision.id}/zuruecknehmen")
        assert "zu spät" in moderator.get(late.location).text
    assert status_of(site, idea) is S.PUBLISHED


def test_taking_back_stays_among_the_chosen_kind(site, call, moderator):
    idea = pending(site, call)
    decide(moderator, idea, "publish")
    page = moderator.get(f"{QUEUE}?art=ideen")
    (path,) = re.findall(r'action="(/moderation/entscheidungen/\d+/[^"]+)"', page.text)
    assert moderator.post(path).location == f"{QUEUE}{idea.id}?art=ideen"


def test_the_open_contribution_comes_before_the_list(site, call, moderator):
    """On a phone it would stand below forty others."""
    pending(site, call)
    page = moderator.get(QUEUE).text
    assert page.index('id="eintrag"') < page.index("data-queue")


def test_nobody_takes_another_ones_decision_back(site, call, moderator):
    idea = pending(site, call)
    decide(moderator, idea, "publish")
    other = site.staff(Role.MODERATOR)
    assert "zuruecknehmen" not in other.get(QUEUE).text
    (decision,) = site.session.scalars(sa.select(ModerationDecision))
    site.session.commit()
    other.post(f"/moderation/entscheidungen/{decision.id}/zuruecknehmen")
    assert status_of(site, idea) is S.PUBLISHED


def test_whoever_comes_second_reads_that_it_is_decided(site, call, moderator):
    idea = pending(site, call)
    decide(moderator, idea, "publish")
    other = site.staff(Role.ADMINISTRATOR)
    answer = decide(other, idea, "reject", ground="insult")
    page = other.get(answer.location).text
    assert (
        f"Idee {idea.number}, Digitale Orte war schon entschieden: veröffentlicht von Mara Muster"
        in page
    )
    assert status_of(site, idea) is S.PUBLISHED


def test_a_published_idea_can_be_hidden_and_shown_again_later(site, call, moderator):
    idea = site.make.idea(call, title="Kanarienvogel")
    site.session.commit()
    page = moderator.get(f"/beteiligung/digitale-orte/ideen/{idea.number}")
    assert f"{QUEUE}{idea.id}" in page.text
    decide(moderator, idea, "hide", ground="unlawful")
    assert status_of(site, idea) is S.HIDDEN
    assert client_sees(site, idea) == 404
    assert "Kanarienvogel" in moderator.get("/moderation/entschieden").text
    decide(moderator, idea, "restore")
    assert client_sees(site, idea) == 200


def client_sees(site, idea):
    return site.visitor().get(f"/beteiligung/digitale-orte/ideen/{idea.number}").status_code


def test_what_was_published_at_once_waits_for_a_look(site, moderator):
    call = site.make.idea_call(
        site.municipality, title="Danach", moderation_mode=ModerationMode.AFTER
    )
    idea = pending(site, call, "Schon zu sehen")
    page = moderator.get(QUEUE)
    assert "Schon zu sehen" in page.text
    assert "Veröffentlicht lassen" in page.text
    decide(moderator, idea, "publish")
    assert "Alles entschieden" in moderator.get(QUEUE).text
    assert status_of(site, idea) is S.PUBLISHED


def test_the_queue_can_be_narrowed_to_a_kind(site, call, moderator):
    pending(site, call, "Eine Idee")
    assert "Eine Idee" in moderator.get(QUEUE + "?art=ideen").text
    assert "Eine Idee" not in moderator.get(QUEUE + "?art=kommentare").text


def test_a_long_queue_is_paged(site, call, moderator):
    for number in range(42):
        site.make.submitted_idea(
            call, title=f"Nummer {number:02}", at=NOON - timedelta(minutes=60 - number)
        )
    site.session.commit()
    first = moderator.get(QUEUE)
    assert "Nummer 39" in first.text
    assert "Nummer 40" not in first.text
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first.text)
    second = moderator.get(following.replace("&amp;", "&"))
    assert "Nummer 41" in second.text
    assert "Nummer 39" not in second.text


@pytest.mark.parametrize("key", ["x", "2026-05-07_x", "2026-05-07T10:00:00_" + "0" * 32, "_"])
def test_a_broken_key_is_not_found(site, call, moderator, key):
    assert moderator.get(QUEUE, query_string={"nach": key}).status_code == 404


def test_contributions_of_another_town_are_not_found(site, call, moderator):
    other = site.make.municipality(slug="dort", name="Dort")
    idea = pending(site, site.make.idea_call(other), "Kanarienvogel")
    site.app.extensions["tenancy"].forget()
    assert "Kanarienvogel" not in moderator.get("/lindenow" + QUEUE).text
    assert moderator.get(f"/lindenow{QUEUE}{idea.id}").status_code == 404
    answer = moderator.post(f"/lindenow{QUEUE}{idea.id}", data={"action": "publish"})
    assert answer.status_code == 404
    assert moderator.get("/dort" + QUEUE).status_code == 403
    assert status_of(site, idea) is S.PENDING


def test_the_moderator_sees_no_address_and_no_name(site, call, moderator):
    author = site.make.account(name="Kanari Vogel", email="kanari@example.org")
    idea = pending(site, call, author=author, address="vogel@example.org")
    decide(moderator, idea, "publish")
    for path in (QUEUE, f"{QUEUE}{idea.id}", "/moderation/entschieden"):
        page = moderator.get(path).text
        assert "vogel" not in page.lower()


def test_a_withdrawn_contribution_shows_that_it_is_gone(site, call, moderator):
    idea = site.make.idea(call, title="Kanarienvogel", status=S.WITHDRAWN)
    site.session.commit()
    page = moderator.get(f"{QUEUE}{idea.id}")
    assert "zurückgezogen" in page.text
    assert "Kanarienvogel" not in page.text
    assert 'name="action"' not in page.text


def test_single_keys_are_left_out_for_who_switched_them_off(site, call):
    pending(site, call)
    person = site.make.member(Role.MODERATOR, municipality=site.municipality)
    person.single_keys = False
    page = site.signed_in(person).get(QUEUE)
    assert "data-single-keys" not in page.text
    assert "Tasten benutzen" not in page.text


def test_the_author_is_told_by_mail_what_was_decided(site, call, moderator):
    idea = pending(site, call, address="author@example.org")
    (subscription,) = site.session.scalars(sa.select(Subscription))
    confirm_subscription(site.session, subscription=subscription, at=NOON, pace=Pace.AT_ONCE)
    site.session.commit()
    decide(moderator, idea, "reject", ground="personal_data", note="Bitte ohne Namen.")
    site.work()
    assert site.mails() == []
    with clock.standing_at(NOON + timedelta(seconds=16)):
        site.work()
    (mail,) = site.mails()
    text = mail.get_content()
    assert mail["Subject"] == "Ihr Beitrag wird nicht veröffentlicht"
    for words in ("Persönliche Daten anderer", "Bitte ohne Namen.", "/abmelden"):
        assert words in text
    assert "\n\n\n" not in text
    assert idea.title not in text
    assert mail["List-Unsubscribe"].strip("<>") in text


def test_a_comment_is_shown_with_what_it_answers(site, moderator):
    talks = site.make.comment_round(site.municipality, title="Leitlinie")
    passage = talks.passages[0]
    comment = site.make.submitted_comment(
        talks,
        passage,
        stance=Stance.REWORDING,
        text="So wäre es klarer.",
        rewording="Messwerte sind öffentlich: 030 23125014",
    ).comment
    site.session.commit()
    page = moderator.get(QUEUE)
    for words in (
        "Kommentar 1, Leitlinie",
        "anderer Wortlaut",
        passage.heading,
        "So wäre es klarer.",
        '<mark class="bt-mark">030 23125014</mark>',
    ):
        assert words in page.text
    assert decide(moderator, comment, "publish").status_code == 303
    assert "So wäre es klarer." in site.visitor().get(f"/beteiligung/{talks.slug}/kommentare").text


def test_an_answer_is_shown_with_what_it_answers(site, call, moderator):
    idea = site.make.idea(call, text="Der Ausgangspunkt.")
    site.make.submitted_comment(None, idea, text="Dagegen spricht einiges.")
    site.session.commit()
    page = moderator.get(QUEUE).text
    assert "Der Ausgangspunkt." in page
    assert "Dagegen spricht einiges." in page


def test_a_remark_is_shown_with_its_question_and_nothing_of_the_sheet(site, moderator):
    survey = site.make.survey(site.municipality)
    site.make.response(survey, site.make.sheet({"F4": "Mehr Bänke"}, F1="2"))
    site.session.commit()
    page = moderator.get(QUEUE).text
    assert "Mehr Bänke" in page
    (remark,) = site.session.scalars(sa.select(SurveyRemark))
    question = remark.question.text_in("de").text
    site.session.commit()
    assert question in page
    assert "vor Ort ohne Termin" not in page
    assert decide(moderator, remark, "reject", ground="off_topic").status_code == 303


def test_everybody_can_read_how_often_and_why_something_was_not_shown(site, call, moderator):
    rules = "/regeln"
    assert "noch nichts zu entscheiden" in site.visitor().get(rules).text
    ideas = [pending(site, call) for _ in range(5)]
    for idea in ideas[:2]:
        decide(moderator, idea, "publish")
    decide(moderator, ideas[2], "reject", ground="insult")
    decide(moderator, ideas[3], "publish")
    decide(moderator, ideas[3], "hide", ground="insult")
    imported = site.make.idea(call, status=S.REJECTED)
    note_import(
        site.session,
        contributions=[imported],
        municipality_id=site.municipality.id,
        actor=None,
        at=NOON,
    )
    site.session.commit()
    page = site.visitor().get(rules).text
    assert "3 Beiträge" in page
    assert "2 Beiträge: Beleidigung oder Drohung" in page
    assert "übernommen wurde" not in page
