"""Votes on comments: one for each person, early for every comment, and in bulk."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from participation.comments import operations, votes
from participation.comments.importing import ImportedComment
from participation.comments.models import Comment, Vote, VoteChoice
from participation.contributions.models import ContributionStatus
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience
from participation.engagements.operations import CannotTakePart
from participation.engagements.queries import participant_count
from participation.foundation.errors import Conflict, NotFound
from tests.conftest import NOON
from tests.factories import Make
from tests.factories_comments import KEY

AGREE, DISAGREE, PASS = VoteChoice.AGREE, VoteChoice.DISAGREE, VoteChoice.PASS


@pytest.fixture
def opened(make):
    return make.comment_round(make.municipality())


def counts(session, comment):
    return next(
        row
        for row in votes.vote_counts(session, comment.discussion_id)
        if row.comment_id == comment.id
    )


def test_a_later_vote_replaces_the_earlier_one(session, make, opened):
    comment = make.comment(opened)
    assert make.vote(comment, "a", AGREE, important=True)
    assert not make.vote(comment, "a", DISAGREE)
    assert make.vote(comment, "b", PASS)
    found = counts(session, comment)
    assert (found.agree, found.disagree, found.passed, found.important) == (0, 1, 1, 0)
    session.refresh(comment)
    assert comment.votes_cast == 2


def test_votes_are_for_comments_that_are_shown(make, opened):
    for status in ContributionStatus:
        if status is ContributionStatus.PUBLISHED:
            continue
        with pytest.raises(NotFound):
            make.vote(make.comment(opened, status=status), "a", AGREE)


def test_there_are_no_votes_before_or_after_the_round(make, opened):
    comment = make.comment(opened)
    for at in (opened.opens_at - timedelta(minutes=1), opened.closes_at):
        with pytest.raises(CannotTakePart):
            make.vote(comment, "a", AGREE, at=at)


def test_a_round_for_accounts_takes_no_votes_without_one(make):
    opened = make.comment_round(make.municipality(), audience=Audience.ACCOUNT)
    person = make.account()
    comment = make.comment(opened, author=person)
    with pytest.raises(CannotTakePart):
        make.vote(comment, "a", AGREE)
    assert make.vote(comment, "a", AGREE, account=person)


def test_answers_ideas_comments_and_rounds_without_voting_take_no_votes(make, opened):
    town = opened.municipality
    silent = make.comment(make.comment_round(town, voting=False))
    on_idea = make.comment(None, make.idea(make.idea_call(town)))
    answer = make.comment(opened, make.comment(opened))
    for comment in (silent, on_idea, answer):
        with pytest.raises(Conflict):
            make.vote(comment, "a", AGREE)


def test_a_voter_is_known_by_another_hash_than_an_author(opened):
    marks = {
        participation_mark(KEY, opened.id, purpose, "browser:x")
        for purpose in ("contribution", "vote")
    }
    elsewhere = participation_mark(KEY, opened.id + 1, "vote", "browser:x")
    assert len(marks | {elsewhere}) == 3


def test_who_votes_takes_part_once(session, make, opened):
    first, second = make.comment(opened), make.comment(opened)
    make.vote(first, "a", AGREE, mark="somebody")
    make.vote(second, "a", AGREE, mark="somebody")
    assert participant_count(session, opened.id) == 1


# Which comment comes next


def test_the_comment_with_the_fewest_votes_comes_next(session, make, opened):
    first, second = make.comment(opened), make.comment(opened)
    make.votes(first, agree=2)
    assert votes.next_vote(session, opened.id, "new").comment == second
    make.votes(second, agree=3)
    assert votes.next_vote(session, opened.id, "new").comment == first


def test_a_voter_sees_every_comment_once_and_always_in_the_same_order(session, make, opened):
    for _ in range(6):
        make.comment(opened)
    seen: list[int] = []
    while (comment := votes.next_vote(session, opened.id, "a").comment) is not None:
        following = votes.next_vote(session, opened.id, "a")
        assert (following.comment, following.left) == (comment, 6 - len(seen))
        seen.append(comment.number)
        make.vote(comment, "a", PASS)
    assert sorted(seen) == [1, 2, 3, 4, 5, 6]
    assert votes.next_vote(session, opened.id, "a").left == 0


def test_voters_begin_with_different_comments(session, make, opened):
    for _ in range(8):
        make.comment(opened)
    begun = {votes.next_vote(session, opened.id, f"voter {who}").comment for who in range(40)}
    assert len(begun) > 4


def test_after_a_hundred_voters_with_ten_votes_each_sixty_comments_have_at_least_five(
    session, make, opened
):
    for _ in range(50):
        make.comment(opened)
    for voter in range(100):
        if voter == 70:
            # Some come late and catch up.
            for _ in range(10):
                make.comment(opened)
        for _ in range(10):
            shown = votes.next_vote(session, opened.id, f"v{voter}").comment
            make.vote(shown, f"v{voter}", AGREE)
    voters = [row.voters for row in votes.vote_counts(session, opened.id)]
    assert (len(voters), sum(voters)) == (60, 1000)
    # Nobody is asked twice, so the newest have at most one vote of each of the last thirty.
    assert min(voters) >= 15
    assert max(voters) - min(voters) <= 1


def test_a_round_without_comments_asks_nothing(session, opened):
    assert votes.next_vote(session, opened.id, None) == votes.NextVote(None, 0, 0)


# Votes in bulk


def imported(session, make, opened, number):
    return operations.record_imported(
        session,
        round=opened,
        comments=[
            ImportedComment(f"Satz {place}", make.at, f"c{place}") for place in range(number)
        ],
        at=make.at,
    )


def test_of_a_voters_imported_votes_on_a_comment_the_last_one_counts(session, make, opened):
    first, second = imported(session, make, opened, 2)
    stored = operations.import_votes(
        session,
        round=opened,
        rows=[
            (first.id, "a", AGREE),
            (second.id, "a", PASS),
            (first.id, "b", AGREE),
            (first.id, "a", DISAGREE),
        ],
    )
    assert stored == 3
    found = counts(session, first)
    assert (found.agree, found.disagree) == (1, 1)
    assert [first.votes_cast, second.votes_cast] == [2, 1]


def test_an_imported_vote_on_a_foreign_comment_stores_nothing(session, make, opened):
    (first,) = imported(session, make, opened, 1)
    foreign = make.comment(make.comment_round(opened.municipality))
    for comment_id in (foreign.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            operations.import_votes(
                session, round=opened, rows=[(first.id, "a", AGREE), (comment_id, "a", AGREE)]
            )
    assert session.scalar(sa.select(sa.func.count()).select_from(Vote)) == 0


def test_votes_are_imported_once(session, make, opened):
    (first,) = imported(session, make, opened, 1)
    rows = [(first.id, "a", AGREE)]
    operations.import_votes(session, round=opened, rows=rows)
    with pytest.raises(Conflict):
        operations.import_votes(session, round=opened, rows=[*rows, (first.id, "b", AGREE)])
    assert session.scalar(sa.select(sa.func.count()).select_from(Vote)) == 1


def test_a_large_conversation_is_taken_in_with_few_statements(session, engine, make, opened):
    comments = imported(session, make, opened, 197)
    rows = [
        (comment.id, f"voter {voter}", (AGREE, DISAGREE, PASS)[(voter + place) % 3])
        for voter in range(1921)
        for place, comment in enumerate(comments)
        if (voter * 7 + place) % 8 == 0
    ]
    statements = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    assert operations.import_votes(session, round=opened, rows=rows) == len(rows)
    assert len(rows) > 45_000
    # SQLAlchemy parts a batch into pages of a thousand rows where it asks for nothing back.
    assert len(statements) < 150
    assert votes.count_voters(session, opened.id) == 1921
    assert sum(row.voters for row in votes.vote_counts(session, opened.id)) == len(rows)


# What the table refuses


def test_one_vote_of_a_voter_on_a_comment(session, make, opened):
    comment = make.comment(opened)
    make.vote(comment, "a", AGREE)
    session.add(Vote(comment_id=comment.id, voter="a", choice=PASS))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("values", [{"voter": ""}, {"voter": None}, {"choice": "shrug"}])
def test_a_vote_needs_a_voter_and_a_choice(session, make, opened, values):
    comment = make.comment(opened)
    make.vote(comment, "a", AGREE)
    ((column, value),) = values.items()
    with pytest.raises(IntegrityError):
        session.execute(sa.text(f"UPDATE vote SET {column} = :value"), {"value": value})


def test_votes_raced_by_one_person_are_one_vote(postgres_database_url):
    """Thirty requests at once on PostgreSQL, where check-then-insert would store many."""
    engine = sa.create_engine(postgres_database_url, pool_size=30)
    with Session(engine) as session:
        make = Make(session, at=NOON)
        comment_id = make.comment(make.comment_round(make.municipality())).id
        session.commit()
    barrier = threading.Barrier(30)
    new: list[bool] = []
    failures: list[BaseException] = []

    def vote(number: int) -> None:
        try:
            with Session(engine) as session:
                comment = session.get_one(Comment, comment_id)
                barrier.wait(timeout=30)
                new.append(
                    operations.cast_vote(
                        session,
                        comment=comment,
                        voter="one person",
                        choice=AGREE if number % 2 else DISAGREE,
                        account=None,
                        at=NOON,
                        mark="one person",
                    )
                )
                session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert Counter(new) == {True: 1, False: 29}
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Vote)) == 1
        assert session.get_one(Comment, comment_id).votes_cast == 1
        assert session.get_one(Comment, comment_id).engagement.participants == 1
    engine.dispose()


def test_comments_sent_at_once_get_numbers_of_their_own(postgres_database_url):
    engine = sa.create_engine(postgres_database_url, pool_size=12)
    with Session(engine) as session:
        make = Make(session, at=NOON)
        opened = make.comment_round(make.municipality())
        session.commit()
        round_id = opened.id
    barrier = threading.Barrier(12)
    failures: list[BaseException] = []

    def comment(number: int) -> None:
        try:
            with Session(engine) as session:
                make = Make(session, at=NOON)
                found = session.get_one(type(opened), round_id)
                barrier.wait(timeout=30)
                make.submitted_comment(found, mark=f"person {number}")
                session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=comment, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    with Session(engine) as session:
        assert sorted(session.scalars(sa.select(Comment.number))) == list(range(1, 13))
    engine.dispose()
