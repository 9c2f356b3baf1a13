"""What is released of a comment round: comments by passage and stance, and votes."""

from __future__ import annotations

import uuid

import pytest

from participation.comments.models import Stance, VoteChoice
from participation.comments.passages import PassageDraft
from participation.comments.seeds import sow
from participation.comments.votes import VoteCounts
from participation.contributions.models import ContributionStatus
from participation.insights.aggregation_comments import (
    count_comments,
    most_agreed,
    most_divided,
    vote_row,
)
from participation.insights.models import Aggregate, AggregateKind
from participation.insights.results import CommentTable, VoteTable, as_json, result_of
from participation.strategy.queries import adopted_version, contents_of

COMMENTS, VOTES = AggregateKind.COMMENTS, AggregateKind.VOTES


@pytest.fixture
def town(make):
    return make.municipality()


def votes(agree, disagree, passed=0, number=1):
    return VoteCounts(uuid.uuid4(), number, None, agree, disagree, passed, 0)


def counted(session, comment_round, *, final=True, before=()):
    """Return what was counted, by kind and subject."""
    rows = count_comments(session, comment_round, final=final, before=before)
    return {(row.kind, row.subject): row for row in rows}


def stored(row):
    """Return what was counted as the database would give it back."""
    return Aggregate(kind=row.kind, result=as_json(row.result))


def table_of(row):
    result = row.result
    assert isinstance(result, VoteTable)
    return result


# One comment


@pytest.mark.parametrize(("agree", "disagree", "passed"), [(9, 0, 0), (4, 3, 2), (0, 0, 0)])
def test_below_ten_voters_nothing_is_shown(agree, disagree, passed):
    assert vote_row(votes(agree, disagree, passed)) is None


def test_staff_sees_votes_from_five_voters():
    row = vote_row(votes(5, 0, 0), threshold=5)
    assert row is not None
    assert row.n == 5


def test_votes_are_rounded_and_agreement_follows_from_what_is_shown():
    row = vote_row(votes(62, 11, 4))
    assert row is not None
    assert (row.n, row.agree, row.disagree) == (75, 60, 10)
    assert row.agreement == 86
    assert row.at_least is not None
    assert row.at_least < row.agreement


def test_one_to_four_of_a_kind_are_hidden_and_agreement_is_not_given():
    row = vote_row(votes(40, 2, 20))
    assert row is not None
    assert (row.agree, row.disagree, row.agreement) == (40, None, None)
    # At worst all who are not shown were against it.
    assert row.at_least is not None
    assert 70 <= row.at_least < 100


def test_where_agreement_itself_is_hidden_there_is_no_rank():
    row = vote_row(votes(3, 40, 20))
    assert row is not None
    assert (row.agree, row.at_least) == (None, None)


def test_who_only_passed_took_no_side():
    row = vote_row(votes(0, 0, 20))
    assert row is not None
    assert (row.n, row.agreement, row.passed) == (20, None, 20)


# A round


def test_comments_are_counted_by_passage_and_stance(session, make, town):
    opened = make.comment_round(town, voting=False)
    first = opened.passages[0]
    make.comment(opened, first, stance=Stance.APPROVE)
    make.comment(opened, first, stance=Stance.CONCERN)
    make.comment(opened, first, stance=Stance.CONCERN)
    answered = make.comment(opened, None, stance=Stance.QUESTION)
    make.comment(opened, answered)
    for status in set(ContributionStatus) - {ContributionStatus.PUBLISHED}:
        make.comment(opened, first, status=status)
    rows = counted(session, opened)
    assert set(rows) == {(COMMENTS, "")}
    whole = rows[COMMENTS, ""]
    assert whole.n == 5
    result = result_of(stored(whole))
    assert result == whole.result
    assert isinstance(result, CommentTable)
    assert [(row.code, row.comments, dict(row.by_stance)) for row in result.rows] == [
        ("1", 3, {"approve": 1, "concern": 2}),
        ("2", 0, {}),
        ("3", 0, {}),
        ("", 2, {"question": 1}),
    ]
    assert result.rows[0].heading == "Wozu wir messen"


def test_an_element_gets_what_was_said_about_its_passages(session, make, town):
    strategy = make.adopted_strategy(town)
    version = adopted_version(session, strategy.id)
    assert version is not None
    contents = contents_of(session, version.id)
    measure, field = contents["M-01"][0], contents["HF-1"][0]
    opened = make.comment_round(
        town,
        passages=[
            PassageDraft("a", "Erstens", measure),
            PassageDraft("b", "", measure),
            PassageDraft("c", "Anderes"),
        ],
        elements=(field,),
    )
    on_measure = make.comment(opened, opened.passages[1])
    elsewhere = make.comment(opened, opened.passages[2])
    for number in range(12):
        make.vote(on_measure, f"a{number}", VoteChoice.AGREE)
    for number in range(30):
        make.vote(elsewhere, f"b{number}", VoteChoice.AGREE)
    rows = counted(session, opened)
    assert set(rows) == {
        (COMMENTS, ""),
        (COMMENTS, "M-01"),
        (VOTES, ""),
        (VOTES, "M-01"),
    }
    assert rows[VOTES, "M-01"].title == "M-01 " + contents["M-01"][1].title
    assert rows[COMMENTS, ""].elements == rows[VOTES, ""].elements == (field.id,)
    assert rows[COMMENTS, "M-01"].elements == (measure.id,)
    assert (rows[COMMENTS, ""].n, rows[COMMENTS, "M-01"].n) == (2, 1)
    own = table_of(rows[VOTES, "M-01"])
    assert [row.id for row in own.rows] == [on_measure.id.hex]
    assert (own.n, table_of(rows[VOTES, ""]).n) == (10, 40)


def test_comments_are_ranked_by_sure_agreement_and_small_ones_are_left_out(session, make, town):
    opened = make.comment_round(town)
    few = make.comment(opened)
    make.votes(few, agree=9)
    divided = make.comment(opened)
    make.votes(divided, agree=20, disagree=20)
    small = make.comment(opened)
    make.votes(small, agree=12)
    large = make.comment(opened)
    make.votes(large, agree=60, disagree=5)
    hidden = make.comment(opened)
    make.votes(hidden, agree=50)
    hidden.move_to(ContributionStatus.HIDDEN, at=make.at)
    session.flush()
    row = counted(session, opened)[VOTES, ""]
    table = table_of(row)
    assert result_of(stored(row)) == table
    assert [it.number for it in table.rows] == [large.number, small.number, divided.number]
    assert (table.n, table.too_few) == (65, 1)
    assert [it.number for it in most_agreed(table)] == [large.number, small.number]
    assert [it.number for it in most_divided(table)] == [divided.number]
    assert row.n == table.n
    assert row.parameters["threshold"] == 10


def test_a_comment_whose_agreement_is_hidden_comes_last(session, make, town):
    opened = make.comment_round(town)
    unknown = make.comment(opened)
    make.votes(unknown, agree=90, disagree=2)
    weak = make.comment(opened)
    make.votes(weak, agree=10, disagree=40)
    table = table_of(counted(session, opened)[VOTES, ""])
    assert [(it.number, it.agreement) for it in table.rows] == [
        (weak.number, 20),
        (unknown.number, None),
    ]


@pytest.mark.parametrize(
    ("agree", "disagree", "divides"),
    [
        (40, 35, True),
        (65, 35, True),
        (35, 65, True),
        (40, 20, False),
        (20, 40, False),
        (80, 10, False),
    ],
)
def test_divided_is_where_neither_side_reaches_two_thirds(agree, disagree, divides):
    row = vote_row(votes(agree, disagree, 20))
    assert row is not None
    assert (most_divided(VoteTable(n=200, rows=(row,), too_few=0)) == [row]) is divides


def test_a_statement_of_the_municipality_is_marked_in_the_result(session, make, town):
    opened = make.comment_round(town)
    (seed,) = sow(
        session, comment_round=opened, statements=["Eins ist gut."], actor=None, at=make.at
    )
    make.votes(seed, agree=30, disagree=20)
    make.votes(make.comment(opened), agree=40)
    row = counted(session, opened)[VOTES, ""]
    table = table_of(row)
    assert result_of(stored(row)) == table
    assert [it.is_seed for it in table.rows] == [False, True]


def test_a_round_with_few_voters_shows_no_number_of_them(session, make, town):
    opened = make.comment_round(town)
    make.votes(make.comment(opened), agree=9)
    table = table_of(counted(session, opened)[VOTES, ""])
    assert (table.n, table.rows, table.too_few) == (0, (), 1)


def test_an_interim_release_shows_a_comment_anew_when_many_more_have_voted(session, make, town):
    opened = make.comment_round(town)
    comment = make.comment(opened)
    make.votes(comment, agree=20)
    first = counted(session, opened, final=False)[VOTES, ""]
    make.votes(comment, agree=20, disagree=6)
    second = counted(session, opened, final=False, before=[stored(first)])[VOTES, ""]
    assert table_of(second).rows == table_of(first).rows
    make.votes(comment, agree=20, disagree=16)
    third = counted(session, opened, final=False, before=[stored(second)])[VOTES, ""]
    assert table_of(third).rows[0].n == 35
    final = counted(session, opened, final=True, before=[stored(first)])[VOTES, ""]
    assert table_of(final).rows == table_of(third).rows


def test_no_text_of_a_comment_is_frozen(session, make, town):
    opened = make.comment_round(town)
    make.votes(
        make.comment(
            opened,
            opened.passages[0],
            text="Kanarienvogel",
            stance=Stance.REWORDING,
            rewording="Kanarienvogel im Wortlaut",
        ),
        agree=20,
    )
    for row in counted(session, opened).values():
        assert "Kanarienvogel" not in str(as_json(row.result)) + row.title
