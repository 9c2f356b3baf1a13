"""Ideas, comments and votes are released without a word of them."""

from __future__ import annotations

from dataclasses import replace

from participation.comments.models import Stance, VoteChoice
from participation.contributions.models import ContributionStatus
from participation.insights.aggregation import aggregate
from participation.insights.models import AggregateKind
from participation.insights.queries import aggregates_about
from participation.insights.results import CommentTable, IdeaList, VoteTable, as_json, result_of
from tests.released import close

# Ideas -----------------------------------------------------------------------------------------


def test_ideas_are_released_by_element_and_support_without_a_word_of_them(make, session, town):
    strategy = make.strategy(town)
    first, second = make.measure(strategy), make.measure(strategy)
    call = make.idea_call(town, elements=(first, second))
    make.idea(call, title="Kanarienvogel", elements=(first,), supports=3)
    make.idea(call, title="Zweite", elements=(first,), supports=5)
    make.idea(call, title="Dritte")
    make.idea(call, title="Vierte", elements=(first,), status=ContributionStatus.HIDDEN)
    at = close(call, make)
    rows = aggregate(session, engagement=call, actor=None, at=at, final=True)
    whole, about = (result_of(row) for row in rows)
    assert isinstance(whole, IdeaList)
    assert isinstance(about, IdeaList)
    assert (whole.ideas, whole.supports) == (3, 8)
    assert [(row.number, row.supports) for row in whole.rows] == [(2, 5), (1, 3), (3, 0)]
    assert [(row.code, row.ideas, row.supports) for row in whole.by_element] == [(first.code, 2, 8)]
    assert (about.ideas, about.supports) == (2, 8)
    assert [row.subject for row in aggregates_about(session, first.id)] == [first.code]
    assert [row.subject for row in aggregates_about(session, second.id)] == [""]
    assert "Kanarienvogel" not in repr([row.result for row in rows])
    assert result_of(rows[0]) == whole
    assert as_json(whole) == rows[0].result


# Comments and votes ----------------------------------------------------------------------------


def test_comments_are_released_by_passage_and_stance(make, session, town):
    comment_round = make.comment_round(town, voting=False)
    first, second, _ = comment_round.passages
    for _ in range(3):
        make.comment(comment_round, first, stance=Stance.APPROVE)
    make.comment(comment_round, first, stance=Stance.CONCERN, text="Kanarienvogel")
    make.comment(comment_round, second, stance=Stance.QUESTION)
    make.comment(comment_round, stance=Stance.CONCERN)
    make.comment(comment_round, first, status=ContributionStatus.REJECTED)
    (row,) = aggregate(
        session, engagement=comment_round, actor=None, at=close(comment_round, make), final=True
    )
    result = result_of(row)
    assert isinstance(result, CommentTable)
    assert result.comments == row.n == 6
    assert [(one.comments, dict(one.by_stance)) for one in result.rows] == [
        (4, {"approve": 3, "concern": 1}),
        (1, {"question": 1}),
        (0, {}),
        (1, {"concern": 1}),
    ]
    assert "Kanarienvogel" not in repr(row.result)
    assert as_json(result) == row.result


def test_votes_are_released_with_agreement_only_where_enough_voted(make, session, town):
    comment_round = make.comment_round(town)
    passage = comment_round.passages[0]
    liked, split, few = (make.comment(comment_round, passage) for _ in range(3))
    for number in range(30):
        make.vote(liked, f"voter {number}", VoteChoice.AGREE)
        choice = VoteChoice.AGREE if number < 20 else VoteChoice.DISAGREE
        make.vote(split, f"voter {number}", choice)
    for number in range(9):
        make.vote(few, f"voter {number}", VoteChoice.AGREE)
    rows = aggregate(
        session, engagement=comment_round, actor=None, at=close(comment_round, make), final=True
    )
    votes = next(row for row in rows if row.kind is AggregateKind.VOTES)
    result = result_of(votes)
    assert isinstance(result, VoteTable)
    assert (result.n, result.too_few) == (30, 1)
    assert [(row.number, row.agree, row.disagree, row.agreement) for row in result.rows] == [
        (liked.number, 30, 0, 100),
        (split.number, 20, 10, 67),
    ]
    assert result.rows[0].at_least is not None
    assert result.rows[0].at_least < 100
    assert as_json(result) == votes.result
    assert replace(result, rows=()) != result


def test_votes_of_fewer_than_ten_people_are_not_released(make, session, town):
    comment_round = make.comment_round(town)
    comment = make.comment(comment_round)
    for number in range(9):
        make.vote(comment, f"voter {number}", VoteChoice.AGREE)
    rows = aggregate(
        session, engagement=comment_round, actor=None, at=close(comment_round, make), final=True
    )
    assert result_of(rows[-1]) == VoteTable(n=0, rows=(), too_few=1)
    assert "9" not in repr(rows[-1].result)
