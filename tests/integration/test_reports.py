"""Reports by readers: counted once, seen by the moderation alone, gone when they are settled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import NotFound, Refused
from participation.ideas.models import Idea
from participation.jobs.models import Job
from participation.moderation import operations, queries
from participation.moderation.models import Action, Ground, Report
from participation.moderation.policy import DUE_AFTER, GROUNDS, LONGEST_REPORT
from participation.moderation.reports import FORGETTING_JOB, forget_settled, report
from tests.conftest import NOON

S = ContributionStatus


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def moderator(make, town):
    return make.member(Role.MODERATOR, municipality=town)


@pytest.fixture
def idea(make, town):
    return make.idea(make.idea_call(town))


def reported(session, idea, who="somebody", ground=Ground.INSULT, note="", at=NOON):
    return report(session, contribution=idea, ground=ground, note=note, reporter=who, at=at)


def count(session):
    return session.scalar(sa.select(sa.func.count()).select_from(Report))


def test_somebody_counts_once_and_the_queue_says_how_many_and_since_when(make, session, town, idea):
    assert queries.queue(session, town.id) == []
    assert reported(session, idea)
    assert not reported(session, idea, ground=Ground.ADVERTISING)
    assert reported(session, idea, "somebody else", at=NOON + timedelta(hours=1))
    (item,) = queries.queue(session, town.id)
    assert (item.contribution, item.reports) == (idea, 2)
    assert item.due_at == NOON + DUE_AFTER
    late = NOON + DUE_AFTER
    assert queries.queue_numbers(session, town.id, late).overdue == 0
    numbers = queries.queue_numbers(session, town.id, late + timedelta(seconds=1))
    assert (numbers.total, numbers.overdue) == (1, 1)
    assert (idea.status, queries.queue(session, make.municipality("andere").id)) == (
        S.PUBLISHED,
        [],
    )


@pytest.mark.parametrize("status", [status for status in S if status is not S.PUBLISHED])
def test_what_is_not_published_cannot_be_reported(make, session, town, status):
    idea = make.idea(make.idea_call(town), status=status)
    with pytest.raises(NotFound):
        reported(session, idea)
    assert count(session) == 0


@pytest.mark.parametrize(
    ("ground", "note", "field"),
    [
        (None, "", "ground"),
        (Ground.IMPORTED, "", "ground"),
        (Ground.OTHER, " \n", "note"),
        (Ground.INSULT, "x" * (LONGEST_REPORT + 1), "note"),
    ],
)
def test_a_report_names_a_rule_or_says_what_is_wrong(session, idea, ground, note, field):
    with pytest.raises(Refused) as refusal:
        reported(session, idea, ground=ground, note=note)
    assert refusal.value.field == field
    assert count(session) == 0


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_rule_may_be_named(session, idea, ground):
    assert reported(session, idea, ground=ground, note="Weil.")


@pytest.mark.parametrize(
    ("action", "ground", "status"),
    [(Action.PUBLISH, None, S.PUBLISHED), (Action.HIDE, Ground.INSULT, S.HIDDEN)],
)
def test_a_decision_settles_the_reports_until_it_is_undone(
    session, town, moderator, idea, action, ground, status
):
    reported(session, idea)
    decision = operations.decide(
        session, contribution=idea, action=action, ground=ground, actor=moderator, at=NOON
    )
    assert (idea.status, queries.queue(session, town.id)) == (status, [])
    jobs = sa.select(Job.kind).where(Job.kind == FORGETTING_JOB)
    assert session.scalars(jobs).all() == [FORGETTING_JOB]
    operations.undo(session, decision=decision, actor=moderator, at=NOON + timedelta(seconds=1))
    assert idea.status is S.PUBLISHED
    assert [item.reports for item in queries.queue(session, town.id)] == [1]
    forget_settled(session, decision.id)
    assert count(session) == 1


def test_what_is_settled_is_deleted_and_what_came_later_waits(session, town, moderator, idea):
    reported(session, idea)
    decision = operations.decide(
        session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=NOON
    )
    reported(session, idea, "somebody else")
    forget_settled(session, decision.id)
    assert session.scalars(sa.select(Report.reporter)).all() == ["somebody else"]
    assert [item.reports for item in queries.queue(session, town.id)] == [1]


def test_the_queue_takes_as_many_statements_however_much_is_reported(make, session, town, idea):
    call = make.idea_call(town)
    for _ in range(6):
        reported(session, make.idea(call))
    session.flush()
    session.expire_all()
    seen = []
    town_id = town.id
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *all_: seen.append(all_[2]))
    assert len(queries.queue(session, town_id)) == 6
    assert len(seen) == 2


def test_one_person_who_reports_at_the_same_time_counts_once(engine, make, session, idea):
    session.commit()
    idea_id = idea.id
    session.commit()

    def go(_number: int) -> bool:
        with Session(engine) as own:
            new = reported(own, own.get_one(Idea, idea_id))
            own.commit()
            return new

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(go, range(4)))
    assert sorted(outcomes) == [False, False, False, True]
