"""Which ideas of a call, or comments of a round, say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.duplicates import Statement
from participation.comments.models import Comment, CommentRound, Stance
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import Engagement
from participation.foundation.errors import Refused
from participation.ideas.models import Idea, IdeaCall

_SIDES = {Stance.APPROVE: "for", Stance.CONCERN: "against"}
_AT_ONCE = 1_000


def statements_of(session: Session, engagement: Engagement) -> list[Statement]:
    """Return what was written in an idea call or a comment round, in the order of its numbers.

    All of it but what was withdrawn: a rejected idea may be the one that another repeats. Raises
    Refused for a survey.
    """
    if isinstance(engagement, IdeaCall):
        return list(_ideas(session, engagement))
    if isinstance(engagement, CommentRound):
        return list(_comments(session, engagement))
    raise Refused(f"“{engagement.slug}” is a survey; only ideas and comments are compared")


def _ideas(session: Session, call: IdeaCall) -> Iterator[Statement]:
    rows = session.execute(
        sa.select(Idea.number, Idea.title, Idea.text, Idea.source_id, Idea.source)
        .where(Idea.idea_call_id == call.id, _is_there())
        .order_by(Idea.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for number, title, text, source_id, source in rows:
        yield Statement(_name(number, source_id, source), text, title=title)


def _comments(session: Session, comment_round: CommentRound) -> Iterator[Statement]:
    rows = session.execute(
        sa.select(
            Comment.number,
            Comment.text,
            Comment.rewording,
            Comment.stance,
            Comment.passage_id,
            Comment.parent_id,
            Comment.source_id,
            Comment.source,
        )
        .where(Comment.discussion_id == comment_round.id, _is_there())
        .order_by(Comment.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for number, text, rewording, stance, passage_id, parent_id, source_id, source in rows:
        yield Statement(
            _name(number, source_id, source),
            f"{text}\n{rewording}".strip(),
            about=str(parent_id or passage_id or ""),
            side=_SIDES.get(stance, "") if stance else "",
        )


def _is_there() -> sa.ColumnElement[bool]:
    return Contribution.status != ContributionStatus.WITHDRAWN


def _name(number: int, source_id: str, source: str) -> str:
    return source_id or source or str(number)


def excerpts(statements: Sequence[Statement], longest: int) -> dict[str, str]:
    """Return the beginning of each statement by its name, to be read by people."""
    return {one.name: " ".join((one.title or one.text).split())[:longest] for one in statements}
