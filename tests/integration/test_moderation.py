"""Decisions about contributions: what leads where, who was first, what the author hears."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Role
from participation.analysis.hints import HintKind
from participation.contributions.models import ContributionKind, ContributionStatus
from participation.contributions.operations import withdraw
from participation.engagements.models import ModerationMode, Pace, Subscription
from participation.engagements.operations import confirm_subscription
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.orm import metadata
from participation.ideas.models import Idea
from participation.jobs.models import Job
from participation.journal.models import JournalEntry
from participation.moderation import operations, queries
from participation.moderation.models import Action, Ground, ModerationDecision
from participation.notifications.models import OutboxMessage
from tests.conftest import NOON
from tests.factories_engagements import KEY

S = ContributionStatus
SECOND = timedelta(seconds=1)

# Where each action leads from each status. Everything else was decided by somebody else.
LEADS = {
    (S.PENDING, Action.PUBLISH): S.PUBLISHED,
    (S.PENDING, Action.REJECT): S.REJECTED,
    (S.PUBLISHED, Action.HIDE): S.HIDDEN,
    (S.HIDDEN, Action.RESTORE): S.PUBLISHED,
    (S.REJECTED, Action.RESTORE): S.PUBLISHED,
}


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def moderator(make, town):
    return make.member(Role.MODERATOR, municipality=town)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", S)
def test_each_action_leads_where_the_table_says_or_nowhere(
    make, session, town, moderator, status, action
):
    idea = make.idea(make.idea_call(town), status=status)
    if (status, action) not in LEADS:
        with pytest.raises(operations.AlreadyDecided):
            make.decision(idea, action, actor=moderator)
        assert idea.status is status
        assert session.scalars(sa.select(ModerationDecision)).all() == []
        return
    decision = make.decision(idea, action, actor=moderator)
    assert idea.status is LEADS[status, action]
    assert (decision.status_before, decision.decided_by) == (status, moderator)
    entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert (entry.action, entry.actor_id) == (f"moderation.{action.value}", moderator.id)
    assert entry.subject == f"contribution:{idea.id}"


def test_what_was_published_at_once_waits_until_somebody_has_looked(make, session, town, moderator):
    call = make.idea_call(town, moderation_mode=ModerationMode.AFTER)
    idea = make.submitted_idea(call).idea
    assert [item.contribution for item in queries.queue(session, town.id)] == [idea]
    published_at = idea.published_at
    make.decision(idea, Action.PUBLISH, actor=moderator, at=NOON + SECOND)
    assert queries.queue(session, town.id) == []
    assert (idea.status, idea.published_at) == (S.PUBLISHED, published_at)
    with pytest.raises(operations.AlreadyDecided):
        make.decision(idea, Action.PUBLISH, actor=moderator)


@pytest.mark.parametrize("action", [Action.REJECT, Action.HIDE])
@pytest.mark.parametrize(
    ("ground", "note", "field"),
    [(None, "", "ground"), (Ground.IMPORTED, "", "ground"), (Ground.OTHER, "  ", "note")],
)
def test_whatever_is_not_shown_has_a_ground(make, town, moderator, action, ground, note, field):
    status = S.PENDING if action is Action.REJECT else S.PUBLISHED
    idea = make.idea(make.idea_call(town), status=status)
    with pytest.raises(Refused) as refusal:
        make.decision(idea, action, actor=moderator, ground=ground, note=note)
    assert refusal.value.field == field
    assert idea.status is status


def test_another_ground_is_fine_with_a_note_and_publishing_needs_none(make, town, moderator):
    call = make.idea_call(town)
    one, two = (make.submitted_idea(call).idea for _ in range(2))
    make.decision(one, Action.REJECT, actor=moderator, ground=Ground.OTHER, note="Bitte kürzer.")
    decision = make.decision(two, Action.PUBLISH, actor=moderator, ground=Ground.INSULT)
    assert (one.status, two.status, decision.ground) == (S.REJECTED, S.PUBLISHED, None)


def test_a_note_is_not_endless(make, town, moderator):
    idea = make.submitted_idea(make.idea_call(town)).idea
    with pytest.raises(Refused):
        make.decision(idea, Action.PUBLISH, actor=moderator, note="x" * 2001)


def test_of_thirty_moderators_at_once_one_decides(make, session, town, engine):
    idea_id = make.submitted_idea(make.idea_call(town)).idea.id
    ids = [make.member(Role.MODERATOR, municipality=town).id for _ in range(6)]
    session.commit()

    def decide(number):
        with Session(engine) as own:
            try:
                operations.decide(
                    own,
                    contribution=own.get_one(Idea, idea_id),
                    action=Action.PUBLISH if number % 2 else Action.REJECT,
                    ground=Ground.OFF_TOPIC,
                    actor=own.get_one(Account, ids[number % 6]),
                    at=NOON,
                )
                own.commit()
            except operations.AlreadyDecided:
                return 0
            return 1

    with ThreadPoolExecutor(15) as pool:
        assert sum(pool.map(decide, range(30))) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(ModerationDecision)) == 1


def test_whoever_comes_second_hears_who_decided_what(make, town, moderator):
    idea = make.submitted_idea(make.idea_call(town)).idea
    first = make.decision(idea, Action.PUBLISH, actor=moderator)
    with pytest.raises(operations.AlreadyDecided) as refusal:
        make.decision(idea, Action.REJECT, actor=moderator)
    assert refusal.value.decision is first


@pytest.mark.parametrize("status", [S.PENDING, S.PUBLISHED])
def test_undoing_leaves_everything_as_it_was(make, session, town, moderator, status):
    idea = make.idea(make.idea_call(town), status=status)
    before = (idea.status, idea.published_at)
    action = Action.PUBLISH if status is S.PENDING else Action.HIDE
    decision = make.decision(idea, action, actor=moderator, at=NOON + SECOND)
    operations.undo(session, decision=decision, actor=moderator, at=NOON + 11 * SECOND)
    assert (idea.status, idea.published_at) == before
    assert queries.latest_decision(session, idea.id) is None
    waiting = [item.contribution for item in queries.queue(session, town.id)]
    assert waiting == ([idea] if status is S.PENDING else [])
    entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert entry.action == "moderation.undone"


def test_undoing_is_for_who_decided_and_for_ten_seconds(make, session, town, moderator):
    other = make.member(Role.MODERATOR, municipality=town)
    idea = make.submitted_idea(make.idea_call(town)).idea
    decision = make.decision(idea, actor=moderator)
    for actor, at in ((other, NOON), (moderator, NOON + 11 * SECOND)):
        with pytest.raises(operations.TooLateToUndo):
            operations.undo(session, decision=decision, actor=actor, at=at)
    operations.undo(session, decision=decision, actor=moderator, at=NOON + 10 * SECOND)
    with pytest.raises(operations.TooLateToUndo):
        operations.undo(session, decision=decision, actor=moderator, at=NOON + 10 * SECOND)


def test_only_the_last_decision_can_be_undone(make, session, town, moderator):
    idea = make.submitted_idea(make.idea_call(town)).idea
    first = make.decision(idea, actor=moderator)
    make.decision(idea, Action.HIDE, actor=moderator)
    with pytest.raises(operations.TooLateToUndo):
        operations.undo(session, decision=first, actor=moderator, at=NOON)
    assert idea.status is S.HIDDEN


def test_undoing_brings_no_withdrawn_text_back(make, session, town, moderator):
    idea = make.submitted_idea(make.idea_call(town)).idea
    decision = make.decision(idea, actor=moderator)
    withdraw(session, contribution=idea, at=NOON)
    with pytest.raises(Conflict):
        operations.undo(session, decision=decision, actor=moderator, at=NOON)
    assert (idea.status, idea.text) == (S.WITHDRAWN, "")


@pytest.fixture
def followed(make, session, town):
    """An idea whose author wants to hear of it, at a confirmed address."""
    idea = make.submitted_idea(make.idea_call(town), address="author@example.org").idea
    (subscription,) = session.scalars(sa.select(Subscription))
    confirm_subscription(session, subscription=subscription, at=NOON, pace=Pace.AT_ONCE)
    return idea


def telling_jobs(session):
    return session.scalars(sa.select(Job).where(Job.kind == operations.TELLING_JOB)).all()


def test_the_author_hears_of_a_decision_once_it_can_no_longer_be_undone(
    make, session, moderator, followed
):
    decision = make.decision(
        followed, Action.REJECT, actor=moderator, ground=Ground.OTHER, note="Bitte ohne Namen."
    )
    (job,) = telling_jobs(session)
    assert job.due_at > decision.decided_at + 10 * SECOND
    for _ in range(2):
        operations.tell_author(session, decision_id=decision.id, key=KEY, at=job.due_at)
    (mail,) = session.scalars(sa.select(OutboxMessage))
    assert (mail.address, mail.template) == ("author@example.org", "moderation/decided")
    assert mail.payload["note"] == "Bitte ohne Namen."
    assert "Sprechende Anzeige" not in str(mail.payload)


def test_an_undone_decision_is_told_to_nobody(make, session, moderator, followed):
    decision = make.decision(followed, actor=moderator)
    operations.undo(session, decision=decision, actor=moderator, at=NOON)
    assert telling_jobs(session) == []
    operations.tell_author(session, decision_id=decision.id, key=KEY, at=NOON)
    assert session.scalars(sa.select(OutboxMessage)).all() == []


def test_a_decision_that_another_one_followed_is_told_to_nobody(make, session, moderator, followed):
    first = make.decision(followed, actor=moderator)
    make.decision(followed, Action.HIDE, actor=moderator)
    operations.tell_author(session, decision_id=first.id, key=KEY, at=NOON)
    assert session.scalars(sa.select(OutboxMessage)).all() == []


def test_nobody_hears_who_has_not_confirmed_or_left_or_withdrawn(make, session, town, moderator):
    call = make.idea_call(town)
    ideas = [make.submitted_idea(call, address=f"{name}@example.org").idea for name in "abc"]
    decisions = [make.decision(idea, actor=moderator) for idea in ideas]
    subscriptions = session.scalars(sa.select(Subscription).order_by(Subscription.address)).all()
    confirm_subscription(session, subscription=subscriptions[2], at=NOON, pace=Pace.AT_ONCE)
    withdraw(session, contribution=ideas[2], at=NOON)
    for decision in decisions:
        operations.tell_author(session, decision_id=decision.id, key=KEY, at=NOON)
    assert session.scalars(sa.select(OutboxMessage)).all() == []


def test_a_look_that_changes_nothing_is_told_to_nobody(make, session, town, moderator):
    call = make.idea_call(town, moderation_mode=ModerationMode.AFTER)
    idea = make.submitted_idea(call, address="a@example.org").idea
    make.decision(idea, Action.PUBLISH, actor=moderator)
    assert telling_jobs(session) == []


def test_the_queue_is_oldest_first_pages_by_key_and_knows_kinds_and_towns(make, session, town):
    call = make.idea_call(town, opens_at=NOON - timedelta(days=9))
    for hours in (2, 40, 5, 30):
        make.submitted_idea(call, title=f"vor {hours}", at=NOON - timedelta(hours=hours))
    other = make.municipality(slug="dort", name="Dort")
    make.submitted_idea(make.idea_call(other))
    first = queries.queue(session, town.id, limit=3)
    assert [item.heading for item in first] == ["vor 40", "vor 30", "vor 5"]
    rest = queries.queue(session, town.id, after=first[-1].place)
    assert [item.heading for item in rest] == ["vor 2"]
    assert queries.queue(session, town.id, kind=ContributionKind.COMMENT) == []
    numbers = queries.queue_numbers(session, town.id, NOON)
    assert (numbers.total, numbers.overdue) == (4, 2)
    assert first[0].due_at == NOON - timedelta(hours=16)


def test_the_queue_hints_at_what_may_identify_somebody(make, session, town):
    make.submitted_idea(make.idea_call(town), title="Anruf 030 23125014", text="an a@b.de")
    (item,) = queries.queue(session, town.id)
    assert item.hints == (HintKind.PHONE, HintKind.MAIL)


def test_a_decision_of_another_town_is_not_found(make, session, town, moderator):
    decision = make.decision(make.submitted_idea(make.idea_call(town)).idea, actor=moderator)
    other = make.municipality(slug="dort", name="Dort")
    assert queries.get_decision(session, town.id, decision.id) is decision
    with pytest.raises(NotFound):
        queries.get_decision(session, other.id, decision.id)
    assert queries.recent_decisions(session, other.id) == []


def test_imported_contributions_are_decided_as_imported(make, session, town):
    call = make.idea_call(town)
    ideas = [make.idea(call, status=status) for status in (S.PUBLISHED, S.REJECTED, S.PENDING)]
    operations.note_import(
        session, contributions=ideas, municipality_id=town.id, actor=None, at=NOON
    )
    decisions = session.scalars(sa.select(ModerationDecision)).all()
    assert {(one.contribution_id, one.action, one.ground) for one in decisions} == {
        (ideas[0].id, Action.PUBLISH, Ground.IMPORTED),
        (ideas[1].id, Action.REJECT, Ground.IMPORTED),
    }
    entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert (entry.action, entry.facts) == ("moderation.imported", {"decided": 2, "pending": 1})


def test_the_table_of_decisions_refuses_what_must_never_be(make, session, town, moderator):
    decision = make.decision(make.submitted_idea(make.idea_call(town)).idea, actor=moderator)
    table = metadata.tables["moderation_decision"]
    for name, values in (
        ("ground_given", {"action": "reject"}),
        ("other_note", {"ground": "other"}),
        ("action", {"action": "burn", "ground": "insult"}),
        ("ground", {"ground": "boring"}),
        ("status_before", {"status_before": "lost"}),
    ):
        plain = {key: sa.literal(value) for key, value in values.items()}
        with pytest.raises(sa.exc.IntegrityError) as refusal, session.begin_nested():
            session.execute(sa.update(table).where(table.c.id == decision.id).values(plain))
        assert f"ck_moderation_decision_{name}" in str(refusal.value.orig)
