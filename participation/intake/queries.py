"""What is read before something is entered: what equals it, and which tables there were."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.sameness import SAME, sameness
from participation.analysis.wordings import read
from participation.comments.models import Comment, CommentRound, Passage
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import NotFound
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.similar import similar_ideas
from participation.intake.models import TableImport

_MOST_IMPORTS = 50
_MOST_SHOWN = 3
_AT_ONCE = 200

# What something is about, as its table names it, and what it says.
Words = tuple[str, str]


def same_ideas(session: Session, call: IdeaCall, *, title: str, text: str) -> list[Idea]:
    """Return the ideas of a call that say the same: word for word, or read as the same wish."""
    word_for_word = session.scalars(
        sa.select(Idea)
        .where(
            Idea.idea_call_id == call.id,
            Idea.text == text,
            Idea.status != ContributionStatus.WITHDRAWN,
        )
        .order_by(Idea.number)
        .limit(_MOST_SHOWN)
    ).all()
    said = read(text, title=title)
    alike = [
        idea
        for idea in similar_ideas(session, call_id=call.id, title=title, text=text)
        if sameness(said, read(idea.text, title=idea.title)) >= SAME
    ]
    found = {idea.id: idea for idea in [*word_for_word, *alike]}
    return list(found.values())[:_MOST_SHOWN]


def same_comments(
    session: Session, comment_round: CommentRound, *, passage: Passage | None, text: str
) -> list[Comment]:
    """Return the comments of a round that say the same about the same passage, word for word."""
    about = Comment.passage_id.is_not_distinct_from(passage.id if passage else None)
    return list(
        session.scalars(
            sa.select(Comment)
            .where(
                Comment.discussion_id == comment_round.id,
                Comment.level == 1,
                Comment.parent_id.is_(None),
                about,
                Comment.text == text,
                Comment.status != ContributionStatus.WITHDRAWN,
            )
            .order_by(Comment.number)
            .limit(_MOST_SHOWN)
        )
    )


def known_ideas(session: Session, call: IdeaCall, texts: Collection[str]) -> dict[Words, int]:
    """Return the number of the idea that a call has already, by its text, for some texts."""
    rows = sa.select(Idea.text, sa.func.min(Idea.number)).where(
        Idea.idea_call_id == call.id, Idea.status != ContributionStatus.WITHDRAWN
    )
    return {
        ("", text): number
        for some in _some(texts)
        for text, number in session.execute(rows.where(Idea.text.in_(some)).group_by(Idea.text))
    }


def known_comments(
    session: Session, comment_round: CommentRound, texts: Collection[str]
) -> dict[Words, int]:
    """Return the number of the comment that a round has already, by its passage and its text."""
    code = sa.func.coalesce(Passage.code, "")
    rows = (
        sa.select(code, Comment.text, sa.func.min(Comment.number))
        .outerjoin(Passage, Passage.id == Comment.passage_id)
        .where(
            Comment.discussion_id == comment_round.id,
            Comment.parent_id.is_(None),
            Comment.status != ContributionStatus.WITHDRAWN,
        )
        .group_by(code, Comment.text)
    )
    return {
        (passage, text): number
        for some in _some(texts)
        for passage, text, number in session.execute(rows.where(Comment.text.in_(some)))
    }


def _some(texts: Collection[str]) -> Iterator[list[str]]:
    wanted = sorted(set(texts))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


def imports_of(session: Session, engagement_id: int) -> Sequence[TableImport]:
    """Return the tables that were taken over, the latest first."""
    return session.scalars(
        sa.select(TableImport)
        .where(TableImport.engagement_id == engagement_id)
        .order_by(TableImport.id.desc())
        .limit(_MOST_IMPORTS)
    ).all()


def get_import(session: Session, engagement_id: int, number: int) -> TableImport:
    """Return a table that was taken over. Raises NotFound."""
    found = session.get(TableImport, number)
    if found is None or found.engagement_id != engagement_id:
        raise NotFound("there is no such table")
    return found


def earlier_import(session: Session, engagement_id: int, content_hash: str) -> TableImport | None:
    """Return the import of the same table that stands, if there was one."""
    return session.scalars(
        sa.select(TableImport)
        .where(
            TableImport.engagement_id == engagement_id,
            TableImport.content_hash == content_hash,
            TableImport.undone_at.is_(None),
        )
        .limit(1)
    ).first()
