"""What is read of comment rounds: passages, comments, and which one to vote on next."""

from __future__ import annotations

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
)
from participation.contributions.models import Contribution
from participation.contributions.queries import by_people, let_stand, published
from participation.engagements.queries import get_public_engagement
from participation.foundation.errors import NotFound

FEW = 3
PAGE = 25
# Replies shown below one comment; a thread that is longer is shown on a page of its own.
MOST_REPLIES = 20

# What a comment hangs on: the id of its passage, or None for the round as a whole.
PassageKey = int | None


@dataclass(frozen=True)
class Tally:
    """How many published comments there are, in all and by stance, and how many answers to them.

    All of these are people's; `stated` counts the pieces of organisations' statements apart.
    """

    total: int = 0
    by_stance: Mapping[Stance | None, int] = field(default_factory=dict)
    answers: int = 0
    stated: int = 0

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


def get_public_round(session: Session, municipality_id: int, slug: str) -> CommentRound:
    """Return a comment round that is published, with what it is about. Raises NotFound."""
    return get_public_engagement(
        session, municipality_id, slug, of=CommentRound, with_elements=True
    )


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
    is_stated = Comment.statement_id.is_not(None)
    rows = session.execute(
        sa.select(passage_id, Comment.level, Comment.stance, is_stated, sa.func.count())
        .outerjoin(parent, parent.c.id == Comment.parent_id)
        .where(Comment.discussion_id == round_id, ~Comment.is_seed, let_stand())
        .group_by(passage_id, Comment.level, Comment.stance, is_stated)
    )
    by_stance: defaultdict[PassageKey, Counter[Stance | None]] = defaultdict(Counter)
    answers: Counter[PassageKey] = Counter()
    stated: Counter[PassageKey] = Counter()
    for key, level, stance, of_organisation, count in rows:
        if of_organisation:
            stated[key] += count
        elif level == 1:
            by_stance[key][stance] += count
        else:
            answers[key] += count
    return {
        key: Tally(by_stance[key].total(), by_stance[key], answers[key], stated[key])
        for key in by_stance.keys() | answers.keys() | stated.keys()
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
        ~Comment.is_seed,
        by_people(),
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


def is_seed() -> sa.ColumnElement[bool]:
    """Tell of a contribution whether it is a statement of the municipality to vote on."""
    comment = cast(sa.Table, Comment.__table__).alias("seed")
    return sa.exists().where(comment.c.id == Contribution.id, comment.c.is_seed)


def imported_sources(session: Session, round_id: int) -> dict[str, uuid.UUID]:
    """Return the comments of a round that were collected elsewhere, by what they were there."""
    rows = session.execute(
        sa.select(Contribution.source, Contribution.id).where(
            Contribution.engagement_id == round_id, Contribution.source != ""
        )
    )
    return dict(rows.all())


def _page(found: Sequence[Comment], limit: int) -> Page:
    shown = found[:limit]
    return Page(shown, shown[-1].number if len(found) > limit else None)
