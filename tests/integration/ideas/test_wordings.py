"""What an idea says, changed by its author: in place, with a history, or first looked at."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.contributions.operations import withdraw
from participation.engagements.models import GRACE, ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.foundation.errors import Conflict, Refused
from participation.ideas.models import Idea, IdeaStem, IdeaWording, WordingState
from participation.ideas.operations import support_idea
from participation.ideas.similar import similar_ideas
from participation.ideas.wordings import Changed, change_idea, earlier_wordings, forget_replaced
from participation.moderation.models import Action, Ground
from participation.moderation.operations import ChangedSince, decide, undo
from participation.moderation.policy import wording_seen
from participation.moderation.queries import queue

FIRST = {"title": "Bank am Bahnhof", "text": "Im Wartehaus fehlt eine Bank."}
SECOND = {"title": "Bänke am Bahnhof", "text": "Im Wartehaus fehlen Bänke mit Lehne."}


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def moderator(make, town):
    return make.account()


def call_of(make, town, mode=ModerationMode.AFTER):
    return make.idea_call(town, moderation_mode=mode)


def change(session, idea, make, **more):
    return change_idea(session, idea=idea, **({"at": make.at} | SECOND | more))


def states(session):
    return [one.state for one in session.scalars(sa.select(IdeaWording).order_by(IdeaWording.id))]


def test_what_nobody_has_seen_is_changed_in_place(session, make, town):
    idea = make.idea(
        call_of(make, town, ModerationMode.BEFORE), status=ContributionStatus.PENDING, **FIRST
    )
    assert change(session, idea, make) is Changed.SHOWN
    assert (idea.title, idea.text) == (SECOND["title"], SECOND["text"])
    assert states(session) == []


def test_what_nobody_has_answered_is_changed_in_place(session, make, town):
    idea = make.idea(call_of(make, town), **FIRST)
    assert change(session, idea, make) is Changed.SHOWN
    assert states(session) == []


@pytest.mark.parametrize("reaction", ["support", "comment"])
def test_what_people_relied_on_stays_readable(session, make, town, reaction):
    idea = make.idea(call_of(make, town), supports=int(reaction == "support"), **FIRST)
    if reaction == "comment":
        make.comment(None, idea)
    assert change(session, idea, make) is Changed.KEPT_BEFORE
    (earlier,) = earlier_wordings(session, idea.id)
    assert (earlier.title, earlier.text) == (FIRST["title"], FIRST["text"])
    assert idea.text == SECOND["text"]


def test_search_and_similar_ideas_follow_what_is_shown(session, make, town):
    call = call_of(make, town, ModerationMode.BEFORE)
    idea = make.idea(call, title="Radweg nach Sprembach", text="Er fehlt seit Jahren.")
    change(session, idea, make, title="Freibad öffnen", text="Es ist den Sommer über zu.")

    def found(title):
        return similar_ideas(session, call_id=call.id, title=title, text="")

    assert found("Radweg nach Sprembach") == [idea]
    assert found("Freibad öffnen") == []
    decide(session, contribution=idea, action=Action.PUBLISH, actor=make.account(), at=make.at)
    assert found("Radweg nach Sprembach") == []
    assert found("Freibad öffnen") == [idea]


def test_a_change_waits_where_moderation_looks_first(session, make, town, moderator):
    idea = make.idea(call_of(make, town, ModerationMode.BEFORE), supports=1, **FIRST)
    assert queue(session, town.id) == []
    assert change(session, idea, make) is Changed.WAITS
    assert idea.text == FIRST["text"]
    assert [item.contribution for item in queue(session, town.id)] == [idea]
    # Changed once more: one wording waits, the latest.
    change(session, idea, make, text="Ganz anders.", at=make.at + timedelta(minutes=1))
    assert states(session) == [WordingState.WAITING]
    decide(session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=make.at)
    assert idea.text == "Ganz anders."
    assert [one.text for one in earlier_wordings(session, idea.id)] == [FIRST["text"]]
    assert queue(session, town.id) == []


def test_a_change_that_is_refused_leaves_the_idea_as_it_is(session, make, town, moderator):
    idea = make.idea(call_of(make, town, ModerationMode.BEFORE), supports=1, **FIRST)
    change(session, idea, make)
    decision = decide(
        session,
        contribution=idea,
        action=Action.REJECT,
        ground=Ground.INSULT,
        actor=moderator,
        at=make.at,
    )
    assert idea.status is ContributionStatus.PUBLISHED
    assert idea.text == FIRST["text"]
    assert states(session) == [WordingState.REFUSED]
    assert earlier_wordings(session, idea.id) == []
    undo(session, decision=decision, actor=moderator, at=make.at + timedelta(seconds=5))
    assert states(session) == [WordingState.WAITING]


@pytest.mark.parametrize("supports", [0, 1])
def test_a_change_that_was_let_through_is_taken_back(session, make, town, moderator, supports):
    idea = make.idea(call_of(make, town, ModerationMode.BEFORE), supports=supports, **FIRST)
    change(session, idea, make)
    decision = decide(
        session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=make.at
    )
    assert idea.text == SECOND["text"]
    undo(session, decision=decision, actor=moderator, at=make.at + timedelta(seconds=5))
    assert idea.text == FIRST["text"]
    waiting = session.scalars(sa.select(IdeaWording)).one()
    assert (waiting.state, waiting.text) == (WordingState.WAITING, SECOND["text"])
    assert idea.status is ContributionStatus.PUBLISHED


def test_what_was_replaced_before_anybody_relied_on_it_is_erased(session, make, town, moderator):
    idea = make.idea(call_of(make, town, ModerationMode.BEFORE), **FIRST)
    change(session, idea, make)
    decide(session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=make.at)
    assert earlier_wordings(session, idea.id) == []
    forget_replaced(session, at=make.at + timedelta(minutes=1))
    session.expire_all()
    assert session.scalars(sa.select(IdeaWording)).one().text == ""


def test_what_is_shown_at_once_is_looked_at_again_after_a_change(session, make, town, moderator):
    idea = make.idea(call_of(make, town), **FIRST)
    decide(session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=make.at)
    assert queue(session, town.id) == []
    change(session, idea, make, at=make.at + timedelta(hours=1))
    assert [item.contribution for item in queue(session, town.id)] == [idea]


def test_nobody_decides_about_words_that_they_have_not_read(session, make, town, moderator):
    idea = make.idea(
        call_of(make, town, ModerationMode.BEFORE), status=ContributionStatus.PENDING, **FIRST
    )
    seen = wording_seen(idea)
    change(session, idea, make)
    with pytest.raises(ChangedSince):
        decide(
            session,
            contribution=idea,
            action=Action.PUBLISH,
            actor=moderator,
            at=make.at,
            seen=seen,
        )
    assert idea.status is ContributionStatus.PENDING


def test_back_to_the_words_that_are_shown_nothing_waits_any_more(session, make, town):
    idea = make.idea(call_of(make, town, ModerationMode.BEFORE), **FIRST)
    change(session, idea, make)
    assert change(session, idea, make, **FIRST) is Changed.NOTHING
    assert states(session) == []


def test_after_closing_a_form_that_was_open_may_be_sent_a_little_late(session, make, town):
    call = call_of(make, town)
    idea, late = make.idea(call, **FIRST), call.closes_at + GRACE / 2
    with pytest.raises(CannotTakePart):
        change(session, idea, make, at=late)
    opened = call.closes_at - timedelta(seconds=1)
    assert change(session, idea, make, at=late, form_opened_at=opened) is Changed.SHOWN
    with pytest.raises(CannotTakePart):
        change(session, idea, make, at=call.closes_at + GRACE, form_opened_at=opened, text="x")


@pytest.mark.parametrize(
    "status",
    [ContributionStatus.REJECTED, ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN],
)
def test_what_is_not_shown_is_not_changed(session, make, town, status):
    idea = make.idea(call_of(make, town, ModerationMode.BEFORE), status=status, **FIRST)
    with pytest.raises(Conflict):
        change(session, idea, make)


def test_an_idea_keeps_a_title_and_a_text(session, make, town):
    idea = make.idea(call_of(make, town), **FIRST)
    for wrong in ({"title": " "}, {"text": ""}, {"title": "x" * 121}, {"text": "x" * 4001}):
        with pytest.raises(Refused):
            change(session, idea, make, **wrong)


def test_all_wordings_go_with_a_withdrawn_idea(session, make, town):
    idea = make.idea(call_of(make, town), supports=1, **FIRST)
    change(session, idea, make)
    withdraw(session, contribution=idea, at=make.at)
    assert states(session) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(IdeaStem)) == 0


def test_a_change_and_a_support_at_once_lose_neither(session, make, town, engine):
    """Whoever comes second waits: the support counts, and what it was for stays readable."""
    idea = make.idea(call_of(make, town), **FIRST)
    idea_id, at, begun = idea.id, make.at, threading.Barrier(2, timeout=20)
    session.commit()

    def supporting():
        with Session(engine) as other:
            begun.wait()
            found = other.get_one(Idea, idea_id)
            support_idea(other, idea=found, supporter="somebody", at=at, account=None)
            other.commit()

    racer = threading.Thread(target=supporting)
    racer.start()
    begun.wait()
    with Session(engine) as own:
        found = own.get_one(Idea, idea_id)
        changed = change_idea(own, idea=found, title=SECOND["title"], text=SECOND["text"], at=at)
        own.commit()
    racer.join(timeout=20)
    session.expire_all()
    assert (idea.supports, idea.text) == (1, SECOND["text"])
    kept = [one.text for one in earlier_wordings(session, idea.id)]
    assert kept == ([FIRST["text"]] if changed is Changed.KEPT_BEFORE else [])
    assert changed in {Changed.KEPT_BEFORE, Changed.SHOWN}
