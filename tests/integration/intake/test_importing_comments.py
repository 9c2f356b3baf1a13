"""A table of comments is one act, on both databases, as one of ideas is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Comment, Stance, VoteChoice
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.foundation.errors import Conflict
from participation.intake.comment_tables import CommentRow
from participation.intake.importing import SameTable, import_table, touched, undo_import
from participation.intake.orders import TableOrder, sealed, unsealed
from participation.intake.queries import known_comments
from participation.intake.tables import Table
from participation.strategy.queries import get_element
from tests.factories_comments import KEY

ROWS = (
    CommentRow(line=2, passage="1", stance="question", text="Warum?"),
    CommentRow(line=3, passage="2", stance="rewording", text="Kürzer.", rewording="Keine Bilder."),
    CommentRow(line=4, stance="approve", text="Gut so."),
)


@pytest.fixture
def comment_round(make):
    return make.comment_round(make.municipality())


@pytest.fixture
def member(make, comment_round):
    return make.member(Role.MODERATOR, municipality=comment_round.municipality)


@pytest.fixture
def order(make, comment_round):
    return TableOrder(
        engagement_id=comment_round.id,
        channel=Channel.WORKSHOP,
        origin="Werkstatt",
        received_on=make.at.date().isoformat(),
        publish=True,
        table=Table(ROWS),
    )


@pytest.fixture
def take_over(session, make, comment_round, member, order):
    def take_over(submission: str = "a", *, is_another: bool = False):
        return import_table(
            session,
            engagement=comment_round,
            order=order,
            is_another=is_another,
            submission=submission * 32,
            actor=member,
            at=make.at,
        )

    return take_over


def stored(session):
    return session.scalars(sa.select(Comment).order_by(Comment.number)).all()


def test_all_rows_become_comments_with_numbers_and_a_decision(session, comment_round, take_over):
    take_over()
    assert take_over().number == 3
    first, second, third = stored(session)
    assert [one.number for one in stored(session)] == [1, 2, 3]
    assert (first.passage_id, first.stance) == (comment_round.passages[0].id, Stance.QUESTION)
    assert second.rewording == "Keine Bilder."
    assert third.round_id == comment_round.id
    assert {one.status for one in stored(session)} == {ContributionStatus.PUBLISHED}
    assert comment_round.participants == 0
    known = known_comments(session, comment_round, ["Warum?", "Gut so.", "Neu."])
    assert known == {("1", "Warum?"): 1, ("", "Gut so."): 3}


def test_taking_back_leaves_everything_else_and_no_number_is_given_again(
    session, make, comment_round, member, take_over
):
    own = make.comment(comment_round)
    values = {"engagement": comment_round, "actor": member, "at": make.at}
    undo_import(session, taken_over=take_over(), **values)
    assert session.scalars(sa.select(Contribution.id)).all() == [own.id]
    assert make.comment(comment_round, text="Danach.").number == 5
    take_over("b")
    with pytest.raises(SameTable):
        take_over("c")


@pytest.mark.parametrize("what", ["answer", "vote", "finding"])
def test_what_came_of_a_comment_keeps_its_table(
    session, make, comment_round, member, take_over, what
):
    taken_over = take_over()
    comment = stored(session)[0]
    assert touched(session, [taken_over.id]) == set()
    if what == "answer":
        make.comment(comment_round, comment)
    elif what == "vote":
        make.vote(comment, "1", VoteChoice.AGREE)
    else:
        strategy = make.adopted_strategy(comment_round.municipality)
        element = get_element(session, strategy.id, "HF-1")
        make.finding(strategy, "So ist es.", elements=(element,), contributions=(comment,))
    assert touched(session, [taken_over.id]) == {taken_over.id}
    with pytest.raises(Conflict, match="schon etwas geschehen"):
        undo_import(
            session, engagement=comment_round, taken_over=taken_over, actor=member, at=make.at
        )


def test_what_travels_sealed_comes_back_as_it_was(make, order):
    text = sealed(KEY, order, at=make.at)
    found = unsealed(KEY, text, engagement_id=order.engagement_id, row=CommentRow, at=make.at)
    assert found == order
