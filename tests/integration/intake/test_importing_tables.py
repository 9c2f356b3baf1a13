"""A table of ideas is one act, on both databases: taken over whole, taken back whole, or not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.engagements.models import EngagementState
from participation.foundation.errors import Conflict, Refused
from participation.ideas.models import Idea, IdeaStem
from participation.ideas.operations import support_idea, withdraw_support
from participation.ideas.similar import similar_ideas
from participation.intake import policy
from participation.intake.idea_tables import IdeaRow
from participation.intake.importing import SameTable, import_table, touched, undo_import
from participation.intake.models import TableImportRow
from participation.intake.orders import TableOrder, sealed, unsealed
from participation.intake.tables import Table
from participation.moderation.models import Ground, ModerationDecision
from participation.strategy.queries import get_element
from tests.factories_comments import KEY

ROWS = tuple(
    IdeaRow(line=number + 1, title=f"Karte {number}", text=f"Wunsch {number} für den Bahnhof")
    for number in range(1, 6)
)


@pytest.fixture
def call(make):
    return make.idea_call(make.municipality(), title="Orte")


@pytest.fixture
def member(make, call):
    return make.member(Role.MODERATOR, municipality=call.municipality)


def order(call, make, *, publish=True, rows=ROWS) -> TableOrder[IdeaRow]:
    return TableOrder(
        engagement_id=call.id,
        channel=Channel.WORKSHOP,
        origin="Werkstatt",
        received_on=make.at.date().isoformat(),
        publish=publish,
        table=Table(rows),
    )


def take_over(session, make, call, member, *, submission="a" * 32, is_another=False, **more):
    return import_table(
        session,
        engagement=call,
        order=order(call, make, **more),
        is_another=is_another,
        submission=submission,
        actor=member,
        at=make.at,
    )


def count(session, of) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(of)) or 0


def test_all_rows_become_ideas_with_stems_numbers_and_a_decision(session, make, call, member):
    make.idea(call)
    take_over(session, make, call, member)
    ideas = session.scalars(
        sa.select(Idea).where(Idea.channel == Channel.WORKSHOP).order_by(Idea.number)
    ).all()
    assert [idea.number for idea in ideas] == [2, 3, 4, 5, 6]
    assert {idea.status for idea in ideas} == {ContributionStatus.PUBLISHED}
    assert {decision.ground for decision in session.scalars(sa.select(ModerationDecision))} == {
        Ground.IMPORTED
    }
    found = similar_ideas(session, call_id=call.id, title="Bahnhof", text="Wunsch Bahnhof")
    assert found
    assert call.participants == 0


def test_taking_back_leaves_nothing_of_them_and_everything_else(session, make, call, member):
    own = make.idea(call)
    before = count(session, IdeaStem)
    taken_over = take_over(session, make, call, member)
    undo_import(session, engagement=call, taken_over=taken_over, actor=member, at=make.at)
    assert session.scalars(sa.select(Contribution.id)).all() == [own.id]
    assert count(session, IdeaStem) == before
    assert count(session, TableImportRow) == count(session, ModerationDecision) == 0
    with pytest.raises(Conflict):
        undo_import(session, engagement=call, taken_over=taken_over, actor=member, at=make.at)


def test_a_support_that_was_withdrawn_is_no_reason_to_keep_a_table(session, make, call, member):
    taken_over = take_over(session, make, call, member)
    idea = session.scalars(sa.select(Idea).limit(1)).one()
    supporter = {"supporter": "somebody", "at": make.at, "account": None}
    support_idea(session, idea=idea, **supporter)
    assert touched(session, [taken_over.id]) == {taken_over.id}
    with pytest.raises(Conflict, match="schon etwas geschehen"):
        undo_import(session, engagement=call, taken_over=taken_over, actor=member, at=make.at)
    withdraw_support(session, idea=idea, **supporter)
    assert touched(session, [taken_over.id]) == set()


def test_evidence_of_a_finding_keeps_a_table(session, make, call, member):
    taken_over = take_over(session, make, call, member)
    idea = session.scalars(sa.select(Idea).limit(1)).one()
    strategy = make.adopted_strategy(call.municipality)
    element = get_element(session, strategy.id, "HF-1")
    make.finding(strategy, "Dort fehlt etwas.", elements=(element,), contributions=(idea,))
    assert touched(session, [taken_over.id]) == {taken_over.id}


def test_only_the_table_that_was_touched_stays(session, make, call, member):
    first = take_over(session, make, call, member)
    other = (IdeaRow(line=2, title="Anderes", text="Etwas anderes"),)
    second = take_over(session, make, call, member, submission="b" * 32, rows=other)
    idea = session.scalars(sa.select(Idea).where(Idea.title == "Anderes")).one()
    support_idea(session, idea=idea, supporter="x", at=make.at, account=None)
    assert touched(session, [first.id, second.id]) == {second.id}
    assert touched(session, []) == set()


def test_the_same_ideas_in_another_order_are_the_same_table(session, make, call, member):
    take_over(session, make, call, member)
    with pytest.raises(SameTable):
        take_over(session, make, call, member, submission="b" * 32, rows=ROWS[::-1])
    take_over(session, make, call, member, submission="b" * 32, rows=ROWS[::-1], is_another=True)
    assert count(session, Idea) == 10


@pytest.mark.parametrize("state", [EngagementState.PLANNED, EngagementState.DRAFT])
def test_before_it_opens_nothing_is_entered(make, state):
    more = {"opens_at": make.at + timedelta(days=1), "closes_at": make.at + timedelta(days=9)}
    call = make.idea_call(make.municipality(), published=state is not EngagementState.DRAFT, **more)
    assert call.state_at(make.at) is state
    assert not policy.takes_entries(call, at=make.at)


def test_what_travels_sealed_comes_back_as_it_was_and_for_its_call_only(make, call):
    sent = order(call, make)
    text = sealed(KEY, sent, at=make.at)
    assert unsealed(KEY, text, engagement_id=call.id, row=IdeaRow, at=make.at) == sent
    with pytest.raises(Refused, match="andere"):
        unsealed(KEY, text, engagement_id=call.id + 1, row=IdeaRow, at=make.at)
    with pytest.raises(Refused, match="zu alt"):
        unsealed(KEY, text, engagement_id=call.id, row=IdeaRow, at=make.at + timedelta(hours=3))
    with pytest.raises(Refused, match="zu alt"):
        unsealed(KEY, text[:-4] + "AAAA", engagement_id=call.id, row=IdeaRow, at=make.at)
