"""The running numbers by which people name comments."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentRound
from participation.engagements.models import Engagement

_ROUNDS = cast(sa.Table, CommentRound.__table__)


def next_number(session: Session, discussion_id: int) -> int:
    """Return the number of the next comment; until the transaction ends nobody else gets one."""
    session.execute(
        sa.select(Engagement.id)
        .where(Engagement.id == discussion_id)
        .with_for_update(key_share=True)
    )
    last = sa.select(sa.func.max(Comment.number)).where(Comment.discussion_id == discussion_id)
    removed = sa.select(_ROUNDS.c.last_removed).where(_ROUNDS.c.id == discussion_id)
    numbers = session.execute(sa.select(last.scalar_subquery(), removed.scalar_subquery())).one()
    return max(number or 0 for number in numbers) + 1


def retire_numbers(session: Session, comment_round: CommentRound) -> None:
    """Have no number that was given until now given again, whatever is deleted."""
    comment_round.last_removed = next_number(session, comment_round.id) - 1
    session.flush()
