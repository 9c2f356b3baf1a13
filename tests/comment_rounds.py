"""What comment tests look at: the adopted texts, the public numbers, the table."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from participation.comments.models import Comment
from participation.contributions.queries import published
from participation.strategy.queries import adopted_version, contents_of

TABLE = cast(sa.Table, Comment.__table__)


def adopted_contents(session, strategy):
    """Return the version in force and what it says, by code."""
    version = adopted_version(session, strategy.id)
    assert version is not None
    return version, contents_of(session, version.id)


def public_numbers(session, discussion_id):
    rows = sa.select(Comment.number).where(Comment.discussion_id == discussion_id, published())
    return sorted(session.scalars(rows))
