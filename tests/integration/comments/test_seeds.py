"""Statements of the municipality with which the voting begins."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.comments import policy, queries, seeds, votes
from participation.comments.models import Comment, VoteChoice
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.insights.aggregation_comments import count_comments
from participation.insights.results import CommentTable, VoteTable
from participation.journal.models import JournalEntry


@pytest.fixture
def opened(make):
    return make.comment_round(make.municipality())


def sow(session, opened, *statements, at):
    return seeds.sow(session, comment_round=opened, statements=statements, actor=None, at=at)


def test_a_seed_is_voted_on_and_counted_among_no_comments(session, make, opened, noon):
    make.comment(opened, opened.passages[0])
    (seed,) = sow(session, opened, "Die Stadt soll weniger messen.", at=noon)
    make.votes(seed, agree=20, disagree=4)
    assert votes.next_vote(session, opened.id, "new").total == 2
    assert queries.tallies(session, opened.id).keys() == {opened.passages[0].id}
    assert queries.pages_of_each(session, opened.id).keys() == {opened.passages[0].id}
    results = [counted.result for counted in count_comments(session, opened, final=True)]
    assert [it.comments for it in results if isinstance(it, CommentTable)] == [1]
    (table,) = [it for it in results if isinstance(it, VoteTable)]
    assert [row.number for row in table.rows] == [seed.number]


def test_seeds_come_in_once_however_often_they_are_sent(session, opened, noon):
    sow(session, opened, "Eins.", " Eins. ", "Zwei.", "", at=noon)
    assert sow(session, opened, "Zwei.", at=noon) == []
    assert [seed.text for seed in seeds.seeds_of(session, opened.id)] == ["Eins.", "Zwei."]
    entries = session.scalars(sa.select(JournalEntry.action)).all()
    assert entries.count("comments.sown") == 1


def test_seeds_are_as_short_as_the_statements_of_citizens_and_not_many(session, opened, noon):
    with pytest.raises(Refused) as refusal:
        sow(session, opened, "Kurz.", "x" * (policy.LONGEST_STATEMENT + 1), at=noon)
    assert refusal.value.field == "statements"
    with pytest.raises(Refused):
        sow(session, opened, *(f"Aussage {n}" for n in range(policy.MOST_SEEDS + 1)), at=noon)
    assert not seeds.seeds_of(session, opened.id)


def test_there_are_no_seeds_where_nobody_votes_or_nobody_votes_any_more(
    session, make, opened, noon
):
    silent = make.comment_round(opened.municipality, voting=False, title="Ohne Stimmen")
    with pytest.raises(Conflict):
        sow(session, silent, "Eins.", at=noon)
    with pytest.raises(Conflict):
        sow(session, opened, "Eins.", at=opened.closes_at + timedelta(days=1))


def test_a_seed_that_is_taken_back_is_gone_with_its_votes(session, make, opened, noon):
    kept, gone = sow(session, opened, "Bleibt.", "Geht.", at=noon)
    make.vote(gone, "a", VoteChoice.AGREE)
    seeds.take_seed_back(session, comment_round=opened, number=gone.number, actor=None, at=noon)
    assert [seed.number for seed in seeds.seeds_of(session, opened.id)] == [kept.number]
    assert votes.own_votes(session, opened.id, "a") == []
    assert session.get_one(Comment, gone.id).status is ContributionStatus.WITHDRAWN
    with pytest.raises(NotFound):
        seeds.take_seed_back(session, comment_round=opened, number=gone.number, actor=None, at=noon)


def test_a_comment_of_a_citizen_is_no_seed_to_take_back(session, make, opened, noon):
    comment = make.comment(opened)
    with pytest.raises(NotFound):
        seeds.take_seed_back(
            session, comment_round=opened, number=comment.number, actor=None, at=noon
        )
