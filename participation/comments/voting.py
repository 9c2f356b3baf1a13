"""Votes on comments.

A vote stands under the comment and a keyed hash of the voter. The unique key decides which
vote is the first one of a person; a later one replaces it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.comments import policy, queries
from participation.comments.models import Comment, CommentRound, Vote, VoteChoice
from participation.engagements.guests import Guest
from participation.engagements.operations import check_may_take_part, note_participation
from participation.foundation.errors import Conflict, NotFound


def cast_vote(
    session: Session,
    *,
    comment: Comment,
    voter: str,
    choice: VoteChoice,
    important: bool = False,
    account: Account | None,
    at: datetime,
    mark: str | None = None,
    form_opened_at: datetime | None = None,
    guest: Guest | None = None,
) -> bool:
    """Count a vote, or change the one that the voter cast before; tell whether it is new.

    `voter` is the participation mark of the purpose "vote". Raises NotFound for a comment that
    is not shown, Conflict where there is no voting, CannotTakePart while the round is not open.
    """
    comment_round = session.get(CommentRound, comment.discussion_id)
    if comment_round is None or not policy.may_be_voted_on(comment, comment_round):
        raise Conflict("Über diesen Kommentar wird nicht abgestimmt.")
    if not queries.is_published(session, comment.id):
        raise NotFound("Diesen Kommentar gibt es nicht.")
    check_may_take_part(
        comment_round, at=at, account=account, form_opened_at=form_opened_at, guest=guest
    )
    values = {"choice": choice, "important": important}
    is_new = _insert(session, comment_id=comment.id, voter=voter, **values)
    if is_new:
        _add_to_votes_cast(session, comment.id)
    else:
        session.execute(
            sa.update(Vote)
            .where(Vote.comment_id == comment.id, Vote.voter == voter)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    if mark is not None:
        note_participation(session, comment_round, mark=mark)
    return is_new


def _insert(session: Session, **values: Any) -> bool:
    """Insert a vote unless the voter has one; the database decides, also among two at once."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    inserted = session.execute(
        dialect.insert(Vote)
        .values(values)
        .on_conflict_do_nothing(index_elements=["comment_id", "voter"])
        .returning(Vote.voter)
    )
    return inserted.first() is not None


def _add_to_votes_cast(session: Session, comment_id: uuid.UUID) -> None:
    session.execute(
        sa.update(Comment)
        .where(Comment.id == comment_id)
        .values(votes_cast=Comment.votes_cast + 1)
        .execution_options(synchronize_session=False)
    )
