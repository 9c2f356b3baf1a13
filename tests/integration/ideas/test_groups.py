"""Groups of equal ideas: each person counts once, nothing is moved, everything is reversible."""

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
from participation.ideas.groups import group_seen, with_equals
from participation.ideas.models import Idea, IdeaGroup, Support
from participation.ideas.search import seek
from participation.ideas.similar import similar_ideas
from participation.ideas.suggestions import compare, suggestions
from participation.insights.aggregation_ideas import count_ideas
from participation.journal.models import JournalEntry
from participation.moderation.models import Action
from participation.portal.queries.idea_lists import (
    IdeaOrder,
    WantedIdeas,
    count_listed,
    idea_page,
)
from participation.portal.queries.ideas import IdeaState, standings
from participation.revisions.queries import fate_of
from participation.strategy.queries import get_element
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


def listed(session, call, **wanted: Any):
    found = idea_page(session, WantedIdeas(call_id=call.id, **wanted))
    return [idea.number for idea in found.ideas]


def seen(session, idea) -> Any:
    return group_seen(session, idea)


def released(session, call) -> list[Any]:
    return count_ideas(session, call)


def test_a_group_counts_who_supports_several_of_its_ideas_once(make, session, call):
    one, two, other = make.ideas(call, 3)
    support(session, one, "a", "b")
    support(session, two, "b", "c")
    support(session, other, "a")
    group(session, one, two)
    assert (one.people, one.supports, two.supports) == (3, 2, 2)
    support(session, two, "a", "d")
    assert (one.people, two.supports) == (4, 4)
    operations.withdraw_support(session, idea=one, supporter="a", at=NOON, account=None)
    assert (one.people, one.supports) == (4, 1)
    operations.withdraw_support(session, idea=two, supporter="a", at=NOON, account=None)
    assert one.people == 3
    assert queries.call_numbers(session, [call.id]) == {call.id: queries.CallNumbers(2, 4)}


def test_nothing_is_moved_and_everything_is_as_before_when_a_group_is_dissolved(
    make, session, call
):
    ideas = make.ideas(call, 3)
    support(session, ideas[0], "a", "b")
    support(session, ideas[1], "b")
    made = group(session, *ideas)
    grouping.dissolve(session, group=made, actor=None, at=NOON)
    assert [(idea.supports, idea.people, idea.is_listed) for idea in ideas] == [
        (2, 2, True),
        (1, 1, True),
        (0, 0, True),
    ]
    assert session.scalar(sa.select(sa.func.count()).select_from(IdeaGroup)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Support)) == 3


def test_one_idea_is_taken_out_and_a_group_of_one_is_none(make, session, call):
    one, two, three = make.ideas(call, 3)
    support(session, one, "a")
    support(session, two, "a")
    group(session, one, two, three)
    grouping.remove_from_group(session, idea=one, actor=None, at=NOON)
    assert (one.group_id, one.people, two.people, two.is_listed) == (None, 1, 1, True)
    assert two.group_id == three.group_id is not None
    grouping.remove_from_group(session, idea=three, actor=None, at=NOON)
    assert two.group_id is None
    with pytest.raises(Conflict):
        grouping.remove_from_group(session, idea=two, actor=None, at=NOON)


def test_groups_that_share_an_idea_become_one(make, session, call):
    one, two, three, four = make.ideas(call, 4)
    first, second = group(session, one, two), group(session, three, four)
    second_id = second.id
    assert group(session, two, three).id == first.id
    assert {idea.group_id for idea in (one, two, three, four)} == {first.id}
    session.expire_all()
    assert session.get(IdeaGroup, second_id) is None


def test_only_ideas_of_one_call_that_may_be_read_are_grouped(make, session, call):
    one, two = make.ideas(call, 2)
    elsewhere = make.idea(make.idea_call(call.municipality))
    with pytest.raises(Refused):
        group(session, one, elsewhere)
    with pytest.raises(Refused):
        group(session, one, one)
    for status in (S.REJECTED, S.WITHDRAWN):
        with pytest.raises(Conflict):
            group(session, two, make.idea(call, status=status))
    assert session.scalar(sa.select(sa.func.count()).select_from(IdeaGroup)) == 0


def test_a_group_has_an_end(make, session, call, monkeypatch):
    monkeypatch.setattr(grouping, "MOST_IDEAS", 2)
    with pytest.raises(Refused):
        group(session, *make.ideas(call, 3))


@pytest.mark.parametrize("way", ["hidden", "withdrawn"])
def test_what_is_not_shown_neither_shows_nor_counts(make, session, call, way):
    one, two, three = make.ideas(call, 3)
    support(session, one, "a", "b")
    support(session, two, "b")
    group(session, one, two, three)
    if way == "hidden":
        make.decision(one, Action.HIDE, actor=make.account())
    else:
        withdraw(session, contribution=one, at=NOON)
    assert listed(session, call) == [two.number]
    assert two.people == 1
    assert [idea.number for idea in seen(session, two).ideas] == [two.number, three.number]
    if way == "hidden":
        make.decision(one, Action.RESTORE, actor=make.account())
        assert listed(session, call) == [one.number]
        assert one.people == 2
    else:
        assert one.group_id is None


def test_a_pending_idea_waits_in_its_group(make, session, call):
    one, two = make.idea(call), make.idea(call, status=S.PENDING)
    group(session, one, two)
    assert group_seen(session, one) is None
    make.decision(two, actor=make.account())
    assert len(seen(session, one).ideas) == 2


def test_a_list_shows_a_group_once_and_finds_it_by_each_of_its_ideas(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    first, second = (get_element(session, strategy.id, code) for code in ("M-01", "M-02"))
    call = make.idea_call(town, elements=(first, second))
    one = make.idea(call, title="Radweg", text="Zur Schule.", elements=(first,))
    two = make.idea(
        call, title="Fahrrad", text="Ein sicherer Pfad am Gymnasium.", elements=(first, second)
    )
    three = make.idea(call, title="Lampen", text="Am Bahnhof ist es dunkel.", supports=2)
    support(session, one, "a")
    support(session, two, "b", "c")
    group(session, one, two)
    for comment in (1, 2):
        make.comment(None, anchor=two, text=f"Ja, {comment}")
    make.comment(None, anchor=three)
    both = {one.number, three.number}
    for order in IdeaOrder:
        assert set(listed(session, call, order=order)) == both
    assert listed(session, call, order=IdeaOrder.MOST_SUPPORTED)[0] == one.number
    assert listed(session, call, order=IdeaOrder.MOST_DISCUSSED)[0] == one.number
    for element in (first, second):
        assert listed(session, call, element_ids=[element.id]) == [one.number]
    assert queries.call_totals(session, call.id)[1] == {first.id: 1, second.id: 1}
    for words in ("Gymnasium", "Schule", "sicherer Pfad"):
        sought = seek(session, call.id, words)
        assert listed(session, call, sought=sought) == [one.number]
        assert count_listed(session, WantedIdeas(call_id=call.id, sought=sought)) == 1
    make.decision(two, Action.HIDE, actor=make.account())
    assert listed(session, call, sought=seek(session, call.id, "Gymnasium")) == []
    assert listed(session, call, element_ids=[second.id]) == []


def test_a_common_word_of_an_equal_idea_finds_the_group(make, session, call, monkeypatch):
    monkeypatch.setattr("participation.ideas.search._COMMON", 0)
    one, two = make.idea(call, title="Radweg"), make.idea(call, title="Gymnasium")
    group(session, one, two)
    assert listed(session, call, sought=seek(session, call.id, "Gymnasium")) == [one.number]


def test_similar_ideas_name_one_of_a_group(make, session, call):
    one, two = (make.idea(call, title="Radweg zur Schule", text=f"Bitte {n}") for n in "ab")
    group(session, one, two)
    assert similar_ideas(session, call_id=call.id, title="Radweg zur Schule", text="") == [one]


def test_a_finding_that_cites_one_idea_is_told_of_all(make, session):
    loop = make.loop(make.municipality())
    other, later = make.idea(loop.call), make.idea(loop.call)
    assert fate_of(session, other).answers == []
    group(session, loop.idea, other)
    assert fate_of(session, other).answers == fate_of(session, loop.idea).answers != []
    states = standings(session, [loop.idea.id, other.id, later.id])
    assert states[other.id] == states[loop.idea.id] != states[later.id]
    for state in IdeaState:
        assert other.number not in listed(session, loop.call, state=state)
    assert loop.idea.number in listed(session, loop.call, state=states[other.id].state)
    assert loop.idea.number not in listed(session, loop.call, state=IdeaState.OPEN)
    grouping.remove_from_group(session, idea=other, actor=None, at=NOON)
    assert fate_of(session, other).answers == []


def test_who_cites_an_idea_of_a_group_cites_the_group(make, session):
    loop = make.loop(make.municipality(), adopted=False)
    one, two, hidden = make.ideas(loop.call, 3, (loop.measure,))
    group(session, one, two, hidden)
    make.decision(hidden, Action.HIDE, actor=make.account())
    finding = make.finding(
        loop.strategy, "Das fehlt.", elements=(loop.measure,), contributions=(two,)
    )
    assert {row.contribution_id for row in finding.evidence} == {one.id, two.id}
    assert with_equals(session, [loop.idea]) == [loop.idea]


def test_a_release_counts_equal_ideas_as_one_and_each_person_once(make, session):
    loop = make.loop(make.municipality(), adopted=False)
    one, two = make.idea(loop.call), make.idea(loop.call, elements=(loop.measure,))
    support(session, one, "a", "b")
    support(session, two, "b", "c")
    group(session, one, two)
    whole, about = released(session, loop.call)
    row = next(row for row in whole.result.rows if row.number == one.number)
    assert (row.supports, row.elements) == (3, (loop.measure.code,))
    assert (
        whole.n
        == whole.result.ideas
        == queries.call_numbers(session, [loop.call.id])[loop.call.id].ideas
    )
    assert one.number in [row.number for row in about.result.rows]


def test_what_is_done_with_groups_stands_in_the_journal(make, session, call):
    actor = make.account()
    one, two = make.ideas(call, 2)
    made = grouping.group_ideas(session, ideas=[one, two], actor=actor, at=NOON)
    grouping.group_ideas(session, ideas=[one, two], actor=actor, at=NOON)
    grouping.dissolve(session, group=made, actor=actor, at=NOON)
    grouping.dismiss(session, ideas=[one, two], actor=actor, at=NOON)
    entries = session.scalars(
        sa.select(JournalEntry)
        .where(JournalEntry.action.like("ideas.%"))
        .order_by(JournalEntry.number)
    ).all()
    assert [entry.action for entry in entries] == [
        "ideas.grouped",
        "ideas.ungrouped",
        "ideas.told_apart",
    ]
    assert {tuple(entry.facts["ideas"]) for entry in entries} == {("1", "2")}
    assert {entry.actor_id for entry in entries} == {actor.id}


def test_equal_ideas_are_suggested_until_they_are_grouped_or_told_apart(make, session, call):
    same = [make.idea(call, title="WLAN am Markt", text="Bitte WLAN am Markt.") for _ in range(3)]
    make.idea(call, title="Bänke", text="Am Fluss fehlen Bänke.")
    assert compare(session, call) == 2
    assert [list(one.ideas) for one in suggestions(session, call.id)] == [same]
    group(session, *same[:2])
    assert [one.ideas[-1] for one in suggestions(session, call.id)] == [same[2]]
    grouping.dismiss(session, ideas=same, actor=None, at=NOON)
    assert suggestions(session, call.id) == []
    assert compare(session, call) == 0
    assert call.compared_number == call.last_number


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
