"""What is read of votes: which comment to ask about next, what somebody said, all numbers."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.comments.models import Comment, Passage, Vote, VoteChoice
from participation.comments.queries import PassageKey
from participation.contributions.queries import let_stand
from participation.strategy.models import Element

MOST_OWN_VOTES = 500
# Larger than the number of comments in a round, so small that products fit into 32 bits.
_PRIME = 10_007


@dataclass(frozen=True)
class NextVote:
    """The comment that somebody should be asked about next, on how many of all they still can."""

    comment: Comment | None
    left: int
    total: int


@dataclass(frozen=True)
class OwnVote:
    """What somebody said about one comment. Shown to nobody but them."""

    comment: Comment
    choice: VoteChoice
    important: bool


@dataclass(frozen=True)
class VoteCounts:
    """Exact votes on one comment. They never leave the server but through disclosure control."""

    comment_id: uuid.UUID
    number: int
    passage_id: PassageKey
    agree: int
    disagree: int
    passed: int
    important: int
    is_seed: bool = False

    @property
    def voters(self) -> int:
        """How many people voted."""
        return self.agree + self.disagree + self.passed


def next_vote(session: Session, round_id: int, voter: str | None) -> NextVote:
    """Return what somebody should be asked about next; nothing when all is done.

    The comment with the fewest votes comes first, so that all get votes early and one that comes
    late catches up: the strict form of the "catch-up" rule of Salganik and Levy, Wiki Surveys
    (PLoS ONE 10(5), 2015), where the chance to be shown falls with the number of votes. Among
    those with equally few every voter has an order of their own, always the same one: the
    numbers times a factor modulo a prime, which is a permutation of them.
    """
    total = sa.select(sa.func.count()).select_from(Comment).where(*_is_votable(round_id))
    rows = sa.select(Comment, sa.func.count().over(), total.scalar_subquery()).where(
        *_is_votable(round_id)
    )
    if voter:
        has_voted = sa.exists().where(Vote.comment_id == Comment.id, Vote.voter == voter)
        rows = rows.where(~has_voted)
    own_place = (Comment.number % _PRIME * _factor_of(voter or "")) % _PRIME
    found = session.execute(
        rows.options(joinedload(Comment.passage))
        .order_by(Comment.votes_cast, own_place, Comment.number)
        .limit(1)
    ).first()
    return NextVote(*found) if found else NextVote(None, 0, session.scalar(total) or 0)


def find_votable(session: Session, round_id: int, number: int) -> Comment | None:
    """Return a comment that can be voted on by its number."""
    return session.scalars(
        sa.select(Comment).where(*_is_votable(round_id), Comment.number == number)
    ).first()


def own_votes(
    session: Session, round_id: int, voter: str, *, limit: int = MOST_OWN_VOTES
) -> list[OwnVote]:
    """Return what somebody said about the comments that still stand, what matters to them first."""
    rows = session.execute(
        sa.select(Comment, Vote.choice, Vote.important)
        .join(Vote, Vote.comment_id == Comment.id)
        .where(*_is_votable(round_id), Vote.voter == voter)
        .order_by(Vote.important.desc(), Comment.number)
        .limit(limit)
    )
    return [OwnVote(*row) for row in rows]


def vote_of(session: Session, comment_id: uuid.UUID, voter: str) -> Vote | None:
    """Return what somebody said about a comment."""
    return session.get(Vote, (comment_id, voter))


def vote_counts(session: Session, round_id: int) -> list[VoteCounts]:
    """Return the exact votes on each published comment of a round, by its number."""

    def times(choice: VoteChoice) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((Vote.choice == choice, 1), else_=0)), 0)

    important = sa.func.coalesce(sa.func.sum(sa.case((Vote.important, 1), else_=0)), 0)
    rows = session.execute(
        sa.select(
            Comment.id,
            Comment.number,
            Comment.passage_id,
            times(VoteChoice.AGREE),
            times(VoteChoice.DISAGREE),
            times(VoteChoice.PASS),
            important,
            Comment.is_seed,
        )
        .outerjoin(Vote, Vote.comment_id == Comment.id)
        .where(*_is_votable(round_id))
        .group_by(Comment.id, Comment.number, Comment.passage_id, Comment.is_seed)
        .order_by(Comment.number)
    )
    return [VoteCounts(*row) for row in rows]


def count_voters(session: Session, round_id: int) -> int:
    """Return how many people voted on published comments of a round."""
    return (
        session.scalar(
            sa.select(sa.func.count(sa.distinct(Vote.voter)))
            .join(Comment, Comment.id == Vote.comment_id)
            .where(*_is_votable(round_id))
        )
        or 0
    )


def voters_by_element(session: Session, round_id: int) -> dict[str, int]:
    """Return how many people voted on comments on the passages of each element, by its code."""
    rows = session.execute(
        sa.select(Element.code, sa.func.count(sa.distinct(Vote.voter)))
        .join(Passage, Passage.element_id == Element.id)
        .join(Comment, Comment.passage_id == Passage.id)
        .join(Vote, Vote.comment_id == Comment.id)
        .where(*_is_votable(round_id))
        .group_by(Element.code)
    )
    return dict(rows.all())


def _is_votable(round_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    is_of_round = Comment.discussion_id == round_id
    return is_of_round, Comment.level == 1, Comment.statement_id.is_(None), let_stand()


def _factor_of(voter: str) -> int:
    """Return a voter's own number from 1 to one less than the prime."""
    digest = hashlib.sha256(voter.encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % (_PRIME - 1)
