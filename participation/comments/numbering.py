"""The running numbers by which people name comments."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import Comment
from participation.engagements.models import Engagement


def next_number(session: Session, discussion_id: int) -> int:
    """Return the number of the next comment; until the transaction ends nobody else gets one."""
    session.execute(
        sa.select(Engagement.id)
        .where(Engagement.id == discussion_id)
        .with_for_update(key_share=True)
    )
    last = session.scalar(
        sa.select(sa.func.max(Comment.number)).where(Comment.discussion_id == discussion_id)
    )
    return (last or 0) + 1
