"""What is read of comment rounds: passages, comments, and which one to vote on next."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.comments.models import (
    Comment,
    CommentRound,
    Passage,
    Stance,
    Vote,
    VoteChoice,
)
from participation.contributions.models import Contribution
from participation.contributions.queries import let_stand, published
from participation.engagements.queries import get_public_engagement
from participation.foundation.errors import NotFound
from participation.strategy.models import Element

FEW = 3
PAGE = 25
# Replies shown below one comment; a thread that is longer is shown on a page of its own.
MOST_REPLIES = 20
# Larger than the number of comments in a round, so small that products fit into 32 bits.
_PRIME = 10_007

# What a comment hangs on: the id of its passage, or None for the round as a whole.
PassageKey = int | None


@dataclass(frozen=True)
class Tally:
    """How many published comments there are, in all and by stance, and how many answers to them."""

    total: int = 0
    by_stance: Mapping[Stance | None, int] = field(default_factory=dict)
    answers: int = 0

    @property
    def everything(self) -> int:
        """How many comments and answers there are."""
        return self.total + self.answers

    def of(self, stance: Stance | None) -> int:
        """Return how many comments take a stance; with none given, all of them."""
        return self.total if stance is None else self.by_stance.get(stance, 0)


@dataclass(frozen=True)
class Page:
    """Comments, newest first, and the number below which the next page begins."""

    comments: Sequence[Comment]
    next_before: int | None = None


@dataclass(frozen=True)
class NextVote:
    """The comment that somebody should be asked about next, and on how many they can still vote."""

    comment: Comment | None
    left: int


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

    @property
    def voters(self) -> int:
        """How many people voted."""
        return self.agree + self.disagree + self.passed


def get_public_round(session: Session, municipality_id: int, slug: str) -> CommentRound:
    """Return a comment round that is published. Raises NotFound."""
    return get_public_engagement(session, municipality_id, slug, of=CommentRound)


def passages_of(session: Session, round_id: int) -> Sequence[Passage]:
    """Return the passages of a round in their order, with their elements."""
    return session.scalars(
        sa.select(Passage)
        .where(Passage.round_id == round_id)
        .options(joinedload(Passage.element))
        .order_by(Passage.position)
    ).all()


def get_passage(session: Session, round_id: int, code: str) -> Passage:
    """Return a passage by the code that people cite. Raises NotFound."""
    found = session.scalars(
        sa.select(Passage)
        .where(Passage.round_id == round_id, Passage.code == code)
        .options(joinedload(Passage.element))
    ).first()
    if found is None:
        raise NotFound("Diesen Abschnitt gibt es nicht.")
    return found


def get_published_comment(session: Session, discussion_id: int, number: int) -> Comment:
    """Return a published comment by its number. Raises NotFound for all others alike."""
    found = session.scalars(
        sa.select(Comment).where(
            Comment.discussion_id == discussion_id, Comment.number == number, published()
        )
    ).first()
    if found is None:
        raise NotFound("Diesen Kommentar gibt es nicht.")
    return found


def is_published(session: Session, contribution_id: uuid.UUID) -> bool:
    """Tell whether a contribution is public now, whatever was read of it before."""
    found = session.scalar(
        sa.select(Contribution.id).where(Contribution.id == contribution_id, published())
    )
    return found is not None


def tallies(session: Session, round_id: int) -> dict[PassageKey, Tally]:
    """Return how many comments hang on each passage and on the round as a whole."""
    parent = cast(sa.Table, Comment.__table__).alias("parent")
    passage_id = sa.func.coalesce(Comment.passage_id, parent.c.passage_id)
    rows = session.execute(
        sa.select(passage_id, Comment.level, Comment.stance, sa.func.count())
        .outerjoin(parent, parent.c.id == Comment.parent_id)
        .where(Comment.discussion_id == round_id, let_stand())
        .group_by(passage_id, Comment.level, Comment.stance)
    )
    by_stance: defaultdict[PassageKey, Counter[Stance | None]] = defaultdict(Counter)
    answers: Counter[PassageKey] = Counter()
    for key, level, stance, count in rows:
        if level == 1:
            by_stance[key][stance] += count
        else:
            answers[key] += count
    return {
        key: Tally(by_stance[key].total(), by_stance[key], answers[key])
        for key in by_stance.keys() | answers.keys()
    }


def pages_of_each(
    session: Session,
    round_id: int,
    *,
    stance: Stance | None = None,
    opened: PassageKey | Literal["none"] = "none",
    before: int | None = None,
    few: int = FEW,
    limit: int = PAGE,
) -> dict[PassageKey, Page]:
    """Return comments on each passage and on the round as a whole, newest first, in one query.

    Of each there are a few; of the one that somebody opened a whole page, which begins below
    the number `before`.
    """
    is_opened = sa.false() if opened == "none" else Comment.passage_id.is_not_distinct_from(opened)
    place = (
        sa.func.row_number()
        .over(partition_by=Comment.passage_id, order_by=Comment.number.desc())
        .label("place")
    )
    ranked = sa.select(Comment.id.label("id"), is_opened.label("is_opened"), place).where(
        Comment.discussion_id == round_id,
        Comment.parent_id.is_(None),
        *(() if stance is None else (Comment.stance == stance,)),
        published(),
    )
    if before is not None:
        ranked = ranked.where(sa.or_(~is_opened, Comment.number < before))
    rank = ranked.subquery()
    rows = session.scalars(
        sa.select(Comment)
        .join(rank, rank.c.id == Comment.id)
        .where(rank.c.place <= sa.case((rank.c.is_opened, limit), else_=few) + 1)
        .order_by(Comment.number.desc())
    )
    found: dict[PassageKey, list[Comment]] = {}
    for comment in rows:
        found.setdefault(comment.passage_id, []).append(comment)
    return {
        key: _page(comments, limit if key == opened else few) for key, comments in found.items()
    }


def comments_below(
    session: Session, contribution_id: uuid.UUID, *, before: int | None = None, limit: int = PAGE
) -> Page:
    """Return comments on an idea, newest first."""
    rows = sa.select(Comment).where(Comment.parent_id == contribution_id, published())
    if before is not None:
        rows = rows.where(Comment.number < before)
    found = session.scalars(rows.order_by(Comment.number.desc()).limit(limit + 1)).all()
    return _page(found, limit)


def count_below(session: Session, contribution_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many published comments stand directly below each contribution."""
    if not contribution_ids:
        return {}
    rows = session.execute(
        sa.select(Comment.parent_id, sa.func.count())
        .where(Comment.parent_id.in_(contribution_ids), published())
        .group_by(Comment.parent_id)
    )
    return {parent_id: count for parent_id, count in rows if parent_id is not None}


def replies_to(
    session: Session, comment_ids: Collection[uuid.UUID], *, limit: int = MOST_REPLIES
) -> dict[uuid.UUID, list[Comment]]:
    """Return the answers to comments, the first ones first, at most so many to each."""
    if not comment_ids:
        return {}
    place = (
        sa.func.row_number()
        .over(partition_by=Comment.parent_id, order_by=Comment.number)
        .label("place")
    )
    ranked = (
        sa.select(Comment.id.label("id"), place)
        .where(Comment.parent_id.in_(comment_ids), published())
        .subquery()
    )
    rows = session.scalars(
        sa.select(Comment)
        .join(ranked, ranked.c.id == Comment.id)
        .where(ranked.c.place <= limit)
        .order_by(Comment.number)
    )
    found: dict[uuid.UUID, list[Comment]] = {}
    for comment in rows:
        if comment.parent_id is not None:
            found.setdefault(comment.parent_id, []).append(comment)
    return found


def next_vote(session: Session, round_id: int, voter: str | None) -> NextVote:
    """Return what somebody should be asked about next; nothing when all is done.

    The comment with the fewest votes comes first, so that all get votes early. Among those with
    equally few every voter has an order of their own, always the same one: the numbers times
    a factor modulo a prime, which is a permutation of them.
    """
    rows = sa.select(Comment, sa.func.count().over()).where(*_is_votable(round_id))
    if voter:
        has_voted = sa.exists().where(Vote.comment_id == Comment.id, Vote.voter == voter)
        rows = rows.where(~has_voted)
    own_place = (Comment.number % _PRIME * _factor_of(voter or "")) % _PRIME
    found = session.execute(
        rows.order_by(Comment.votes_cast, own_place, Comment.number).limit(1)
    ).first()
    return NextVote(found[0], found[1]) if found else NextVote(None, 0)


def find_votable(session: Session, round_id: int, number: int) -> Comment | None:
    """Return a comment that can be voted on by its number."""
    return session.scalars(
        sa.select(Comment).where(*_is_votable(round_id), Comment.number == number)
    ).first()


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
        )
        .outerjoin(Vote, Vote.comment_id == Comment.id)
        .where(*_is_votable(round_id))
        .group_by(Comment.id, Comment.number, Comment.passage_id)
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


def imported_sources(session: Session, round_id: int) -> dict[str, uuid.UUID]:
    """Return the comments of a round that were collected elsewhere, by what they were there."""
    rows = session.execute(
        sa.select(Contribution.source, Contribution.id).where(
            Contribution.engagement_id == round_id, Contribution.source != ""
        )
    )
    return dict(rows.all())


def _is_votable(round_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Comment.discussion_id == round_id, Comment.level == 1, let_stand()


def _factor_of(voter: str) -> int:
    """Return a voter's own number from 1 to one less than the prime."""
    digest = hashlib.sha256(voter.encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % (_PRIME - 1)


def _page(found: Sequence[Comment], limit: int) -> Page:
    shown = found[:limit]
    return Page(shown, shown[-1].number if len(found) > limit else None)
