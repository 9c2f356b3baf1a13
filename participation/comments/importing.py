"""Comments and votes that were collected elsewhere, taken over in bulk.

They have no receipt and no author here; `moderation.note_import` says who decided about them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentRound, Passage, Stance, Vote, VoteChoice
from participation.comments.numbering import next_number
from participation.contributions.models import Channel, ContributionStatus
from participation.foundation.errors import Conflict, NotFound
from participation.strategy.models import Element

_AT_ONCE = 5_000
_VOTES = cast(sa.Table, Vote.__table__)


@dataclass(frozen=True)
class ImportedComment:
    """A comment that was collected elsewhere; `source` tells it from all others of its round.

    Without a passage it is about the round as a whole. It is about the elements that it names,
    or else about those of its passage or round.
    """

    text: str
    received_at: datetime
    source: str
    status: ContributionStatus = ContributionStatus.PUBLISHED
    passage: Passage | None = None
    stance: Stance | None = None
    elements: tuple[Element, ...] = ()
    source_url: str = ""
    source_id: str = ""
    language: str = "de"
    channel: Channel = Channel.IMPORTED
    origin: str = ""
    quote: str = ""
    rewording: str = ""


# The comment's id, a keyed hash of the voter, and what the voter said.
ImportedVote = tuple[uuid.UUID, str, VoteChoice]


def record_imported(
    session: Session,
    *,
    round: CommentRound,  # noqa: A002 - the word of the field.
    comments: Iterable[ImportedComment],
    at: datetime,
) -> list[Comment]:
    """Store comments with the status that they have where they come from, numbered in order.

    Raises NotFound if a passage is not one of the round.
    """
    number = next_number(session, round.id)
    elements = list(round.elements)
    stored: list[Comment] = []
    for imported in comments:
        passage = imported.passage
        if passage is not None and passage.round_id != round.id:
            raise NotFound("Diesen Abschnitt gibt es in dieser Runde nicht.")
        of_passage = [passage.element] if passage is not None and passage.element else elements
        comment = Comment(
            engagement_id=round.id,
            discussion_id=round.id,
            number=number + len(stored),
            passage_id=passage.id if passage else None,
            round_id=None if passage else round.id,
            level=1,
            stance=imported.stance,
            text=imported.text,
            status=ContributionStatus.PENDING,
            quote=imported.quote,
            rewording=imported.rewording,
            channel=imported.channel,
            origin=imported.origin,
            received_at=imported.received_at,
            source=imported.source,
            source_url=imported.source_url,
            source_id=imported.source_id,
            language=imported.language,
            elements=list(imported.elements or of_passage),
        )
        if imported.status is not ContributionStatus.PENDING:
            comment.move_to(imported.status, at=at)
        stored.append(comment)
    session.add_all(stored)
    session.flush()
    return stored


def import_votes(
    session: Session,
    *,
    round: CommentRound,  # noqa: A002 - the word of the field.
    rows: Iterable[ImportedVote],
) -> int:
    """Store votes that were cast elsewhere, the last one of a voter on a comment; return how many.

    `rows` are (comment id, keyed hash of the voter, choice) in the order in which they were
    cast. They are kept in memory once, as one choice for each pair, and inserted in batches.
    Raises NotFound if a comment is not one of the round, Conflict if one was voted on by the
    same voter before.
    """
    last: dict[tuple[uuid.UUID, str], VoteChoice] = {}
    for comment_id, voter, choice in rows:
        last[comment_id, voter] = choice
    known = set(session.scalars(sa.select(Comment.id).where(Comment.discussion_id == round.id)))
    if any(comment_id not in known for comment_id, _ in last):
        raise NotFound("Eine Stimme gilt einem Kommentar, den es in dieser Runde nicht gibt.")
    try:
        with session.begin_nested():
            for batch in _batches(_as_values(last)):
                session.execute(sa.insert(_VOTES), batch)
    except sa.exc.IntegrityError as error:
        raise Conflict(
            "Von dieser Person gibt es zu diesem Kommentar schon eine Stimme."
        ) from error
    _count_votes_cast(session, round_id=round.id)
    return len(last)


def _count_votes_cast(session: Session, *, round_id: int) -> None:
    """Set how often each comment of a round was voted on, after votes came in bulk."""
    cast = (
        sa.select(sa.func.count())
        .where(Vote.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery()
    )
    session.execute(
        sa.update(Comment).where(Comment.discussion_id == round_id).values(votes_cast=cast)
    )


def _as_values(last: dict[tuple[uuid.UUID, str], VoteChoice]) -> Iterator[dict[str, Any]]:
    # In the order of the key, so that the rows say nothing about who voted when.
    for comment_id, voter in sorted(last, key=lambda pair: (pair[0].bytes, pair[1])):
        yield {
            "comment_id": comment_id,
            "voter": voter,
            "choice": last[comment_id, voter],
            "important": False,
        }


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch
