"""Groups of equal ideas: whatever happens in whatever order, people count once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.contributions.operations import withdraw
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.ideas import grouping, operations, queries
from participation.ideas.groups import group_seen
from participation.ideas.models import Idea, IdeaGroup, Support
from participation.insights.aggregation_ideas import count_ideas
from participation.moderation.models import Action
from participation.portal.queries.idea_lists import (
    IdeaOrder,
    WantedIdeas,
    idea_page,
)
from tests.conftest import NOON

S = ContributionStatus


@pytest.fixture
def call(make):
    return make.idea_call(make.municipality())


def support(session, idea, *people):
    for one in people:
        operations.support_idea(session, idea=idea, supporter=one, at=NOON, account=None)


def group(session, *ideas):
    return grouping.group_ideas(session, ideas=ideas, actor=None, at=NOON)


def seen(session, idea) -> Any:
    return group_seen(session, idea)


def released(session, call) -> list[Any]:
    return count_ideas(session, call)


def test_two_who_group_an_idea_at_once_put_it_into_one_group(make, session, engine, call):
    ideas = [idea.id for idea in make.ideas(call, 9)]
    session.commit()

    def together(number):
        with Session(engine) as own:
            chosen = [own.get_one(Idea, one) for one in (ideas[0], ideas[number])]
            grouping.group_ideas(own, ideas=chosen, actor=None, at=NOON)
            support(own, chosen[1], f"mark {number % 3}")
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(together, range(1, 9)))
    session.expire_all()
    found = session.scalars(sa.select(Idea).order_by(Idea.number)).all()
    assert len({idea.group_id for idea in found}) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(IdeaGroup)) == 1
    assert [idea.people for idea in found if idea.is_listed] == [3]


def test_supports_and_groupings_at_once_count_everybody_once(make, session, engine, call):
    ideas = [idea.id for idea in make.ideas(call, 3)]
    session.commit()

    def act(number):
        with Session(engine) as own:
            if number % 5 == 4:
                chosen = [own.get_one(Idea, one) for one in ideas]
                grouping.group_ideas(own, ideas=chosen, actor=None, at=NOON)
            else:
                support(own, own.get_one(Idea, ideas[number % 3]), f"mark {number % 7}")
            own.commit()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(act, range(40)))
    session.expire_all()
    _check(session, call)


ACTIONS = st.tuples(
    st.sampled_from(
        [
            "group",
            "leave",
            "dissolve",
            "support",
            "support",
            "unsupport",
            "hide",
            "show",
            "withdraw",
        ]
    ),
    st.integers(0, 4),
    st.integers(0, 4),
)


@pytest.fixture
def examples(engine):
    """A rare fault is one of the operations; the database only stores what they do."""
    return 40 if engine.dialect.name == "sqlite" else 10


def test_people_count_once_in_whatever_order_things_happen(make, session, call, examples):
    moderator = make.account()
    ideas = make.ideas(call, 5)
    session.commit()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTIONS, max_size=14))
    def check(steps):
        savepoint = session.begin_nested()
        for step in steps:
            _act(make, session, ideas, moderator, *step)
        _check(session, call)
        savepoint.rollback()
        session.expire_all()

    check()


def _act(make, session, ideas, moderator, what, one, other):
    """Do one thing; what the platform refuses leaves everything as it is."""
    idea, person = ideas[one], f"person {other}"
    who = {"idea": idea, "supporter": person, "at": NOON, "account": None}
    does = {
        "group": lambda: group(session, idea, ideas[other]),
        "leave": lambda: grouping.remove_from_group(session, idea=idea, actor=None, at=NOON),
        "dissolve": lambda: grouping.dissolve(
            session, group=session.get_one(IdeaGroup, idea.group_id), actor=None, at=NOON
        ),
        "support": lambda: operations.support_idea(session, **who),
        "unsupport": lambda: operations.withdraw_support(session, **who),
        "hide": lambda: make.decision(idea, Action.HIDE, actor=moderator),
        "show": lambda: make.decision(idea, Action.RESTORE, actor=moderator),
        "withdraw": lambda: withdraw(session, contribution=idea, at=NOON),
    }
    if what == "dissolve" and idea.group_id is None:
        return
    try:
        with session.begin_nested():
            does[what]()
    except (Refused, Conflict, NotFound):
        session.expire_all()


def _check(session, call):
    """Count again from the bottom, and compare with all that is stored and shown."""
    session.flush()
    session.expire_all()
    rows = session.execute(sa.select(Support.idea_id, Support.supporter)).all()
    people: dict[Any, set[str]] = {}
    for idea_id, person in rows:
        people.setdefault(idea_id, set()).add(person)
    behind: dict[Any, set[str]] = {}
    shown = []
    for idea in session.scalars(sa.select(Idea).order_by(Idea.number)):
        assert idea.supports == len(people.get(idea.id, ()))
        if idea.status is not S.PUBLISHED:
            continue
        key = ("group", idea.group_id) if idea.group_id else ("idea", idea.id)
        if key not in behind:
            shown.append((key, idea.number))
        behind.setdefault(key, set()).update(people.get(idea.id, ()))
    expected = {number: len(behind[key]) for key, number in shown}
    page = idea_page(session, WantedIdeas(call_id=call.id, order=IdeaOrder.MOST_SUPPORTED))
    assert {idea.number: idea.people for idea in page.ideas} == expected
    assert [idea.people for idea in page.ideas] == sorted(expected.values(), reverse=True)
    numbers = queries.CallNumbers(len(expected), sum(expected.values()))
    assert queries.call_numbers(session, [call.id]) == {call.id: numbers}
    assert queries.call_totals(session, call.id)[0] == numbers
    sizes = session.execute(
        sa.select(sa.func.count()).where(Idea.group_id.is_not(None)).group_by(Idea.group_id)
    ).scalars()
    assert all(size > 1 for size in sizes)
    (whole, *_) = released(session, call)
    assert (whole.result.ideas, whole.result.supports) == (numbers.ideas, numbers.supports)
