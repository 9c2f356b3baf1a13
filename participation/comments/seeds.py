"""Statements with which a municipality begins the voting on a round.

Whoever comes first finds something to agree or disagree with. A seed is only voted on: it is no
contribution of a citizen, so it stands in no list of comments and is counted among none.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.comments import policy
from participation.comments.models import Comment, CommentRound
from participation.comments.numbering import next_number
from participation.contributions.models import ContributionStatus
from participation.engagements.noting import note_on
from participation.engagements.policy import is_over
from participation.foundation.errors import Conflict, NotFound, Refused


def seeds_of(session: Session, round_id: int) -> Sequence[Comment]:
    """Return the seeds of a round that stand, in the order they were written."""
    return session.scalars(
        sa.select(Comment)
        .where(
            Comment.discussion_id == round_id,
            Comment.is_seed,
            Comment.status == ContributionStatus.PUBLISHED,
        )
        .order_by(Comment.number)
    ).all()


def sow(
    session: Session,
    *,
    comment_round: CommentRound,
    statements: Sequence[str],
    actor: Account | None,
    at: datetime,
) -> list[Comment]:
    """Add statements to vote on, each at most as long as a citizen's; repeated ones count once.

    Raises Conflict where there is no voting or the round has ended, Refused for statements that
    are too long or too many.
    """
    if not comment_round.voting:
        raise Conflict("In dieser Kommentarrunde wird nicht abgestimmt.")
    if is_over(comment_round, at=at):
        raise Conflict("Diese Kommentarrunde ist beendet.")
    standing = {seed.text for seed in seeds_of(session, comment_round.id)}
    wanted = [" ".join(statement.split()) for statement in statements]
    new = [text for text in dict.fromkeys(wanted) if text and text not in standing]
    _check(new, already=len(standing))
    first = next_number(session, comment_round.id) if new else 0
    seeds = [_seed(comment_round, number, text, at) for number, text in enumerate(new, first)]
    session.add_all(seeds)
    session.flush()
    if seeds:
        note_on(session, "comments.sown", comment_round, actor=actor, at=at, seeds=len(seeds))
    return seeds


def take_seed_back(
    session: Session,
    *,
    comment_round: CommentRound,
    number: int,
    actor: Account | None,
    at: datetime,
) -> None:
    """Withdraw a seed for good; the votes on it are counted no longer. Raises NotFound."""
    found = next(
        (seed for seed in seeds_of(session, comment_round.id) if seed.number == number), None
    )
    if found is None:
        raise NotFound("Diese Aussage gibt es nicht mehr.")
    found.withdraw()
    session.flush()
    note_on(session, "comments.seed_taken_back", comment_round, actor=actor, at=at, number=number)


def _check(statements: Sequence[str], *, already: int) -> None:
    for statement in statements:
        if len(statement) > policy.LONGEST_STATEMENT:
            raise Refused(
                "Zu lang ist „%(beginning)s …“: höchstens %(limit)s Zeichen je Aussage.",
                field="statements",
                beginning=statement[:40],
                limit=policy.LONGEST_STATEMENT,
            )
    if already + len(statements) > policy.MOST_SEEDS:
        raise Refused(
            "Höchstens %(limit)s Aussagen: Es sollen vor allem die Menschen zu Wort kommen.",
            field="statements",
            limit=policy.MOST_SEEDS,
        )


def _seed(comment_round: CommentRound, number: int, text: str, at: datetime) -> Comment:
    return Comment(
        id=uuid.uuid4(),
        engagement_id=comment_round.id,
        discussion_id=comment_round.id,
        round_id=comment_round.id,
        number=number,
        status=ContributionStatus.PUBLISHED,
        text=text,
        is_seed=True,
        received_at=at,
        published_at=at,
    )
