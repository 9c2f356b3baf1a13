"""Groups of equal ideas: each person counts once, nothing is moved, everything is reversible."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from participation.contributions.models import ContributionStatus
from participation.contributions.operations import withdraw
from participation.foundation.errors import Conflict, Refused
from participation.ideas import grouping, operations, queries
from participation.ideas.groups import group_seen, with_equals
from participation.ideas.models import IdeaGroup, Support
from participation.ideas.search import seek
from participation.ideas.similar import similar_ideas
from participation.ideas.suggestions import compare, keep_compared, suggestions
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


def count_suggested(session, call):
    compared = compare(session, call.id)
    assert compared is not None
    return keep_compared(session, call.id, compared)


def test_equal_ideas_are_suggested_until_they_are_grouped_or_told_apart(make, session, call):
    same = [make.idea(call, title="WLAN am Markt", text="Bitte WLAN am Markt.") for _ in range(3)]
    make.idea(call, title="Bänke", text="Am Fluss fehlen Bänke.")
    assert count_suggested(session, call) == 2
    assert [list(one.ideas) for one in suggestions(session, call.id)] == [same]
    group(session, *same[:2])
    assert [one.ideas[-1] for one in suggestions(session, call.id)] == [same[2]]
    grouping.dismiss(session, ideas=same, actor=None, at=NOON)
    assert suggestions(session, call.id) == []
    assert count_suggested(session, call) == 0
    assert call.compared_number == call.last_number
