"""Wordings that people proposed: taken over into a change, which then names their comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.comments.models import Comment, Passage
from participation.comments.passages import further_text, normalised
from participation.contributions.queries import published
from participation.revisions.models import Change, Revision, RevisionStatus, TakenWording
from participation.strategy.content import ElementContent
from participation.strategy.models import Element, StrategyVersion

MOST_WORDINGS = 30


@dataclass(frozen=True)
class TakenIn:
    """In which adopted version an element says what a comment proposed."""

    number: int
    code: str


@dataclass(frozen=True)
class TakenWordingOf:
    """A comment, and where its wording stands now."""

    comment: Comment
    taken: TakenIn


def proposed_wordings(session: Session, element_id: int) -> Sequence[Comment]:
    """Return the public comments that word a passage of an element anew, the newest first."""
    return session.scalars(
        sa.select(Comment)
        .join(Passage, Passage.id == Comment.passage_id)
        .where(Passage.element_id == element_id, Comment.rewording != "", published())
        .options(joinedload(Comment.passage), joinedload(Comment.engagement))
        .order_by(Comment.received_at.desc(), Comment.id)
        .limit(MOST_WORDINGS)
    ).all()


def taken_over(
    element: Element, content: ElementContent, passage: str, rewording: str
) -> ElementContent | None:
    """Return the content with a passage of it worded anew; None where it reads otherwise by now.

    A passage of a whole element ends with its effect and its criteria: these stay as they are,
    so a proposal for them is taken over by hand.
    """
    further = further_text(element, content)
    old, new = normalised(passage), normalised(rewording)
    if further and old != further and old.endswith(further):
        if not new.endswith(further):
            return None
        old, new = (text.removesuffix(further).rstrip() for text in (old, new))
    text = normalised(content.text)
    if old and old in text:
        return replace(content, text=text.replace(old, new, 1))
    if old == normalised(content.title):
        return replace(content, title=" ".join(new.split()))
    return None


def credits_of(session: Session, change_ids: Collection[int]) -> Mapping[int, Sequence[Comment]]:
    """Return the comments whose wording changes took over, as far as they are public."""
    found: dict[int, list[Comment]] = {change_id: [] for change_id in change_ids}
    if not found:
        return found
    rows = session.execute(
        sa.select(TakenWording.change_id, Comment)
        .join(Comment, Comment.id == TakenWording.comment_id)
        .where(TakenWording.change_id.in_(change_ids), published())
        .options(joinedload(Comment.engagement))
        .order_by(TakenWording.change_id, Comment.received_at, Comment.id)
    )
    for change_id, comment in rows:
        found[change_id].append(comment)
    return found


def taken_in(session: Session, comment: Comment) -> Sequence[TakenIn]:
    """Return where the wording that a comment proposed stands now, the newest version first."""
    if not comment.rewording:
        return ()
    rows = session.execute(
        sa.select(StrategyVersion.number, Element.code)
        .select_from(TakenWording)
        .join(Change, Change.id == TakenWording.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(StrategyVersion, StrategyVersion.id == Revision.resulting_version_id)
        .join(Element, Element.id == Change.element_id)
        .where(TakenWording.comment_id == comment.id, Revision.status == RevisionStatus.ADOPTED)
        .order_by(StrategyVersion.number.desc(), Element.kind, Element.number)
    )
    return [TakenIn(*row) for row in rows]


def wordings_taken_from(session: Session, round_ids: Collection[int]) -> Sequence[TakenWordingOf]:
    """Return the public comments of some rounds whose wording stands in an adopted version."""
    rows = session.execute(
        sa.select(Comment, StrategyVersion.number, Element.code)
        .join(TakenWording, TakenWording.comment_id == Comment.id)
        .join(Change, Change.id == TakenWording.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(StrategyVersion, StrategyVersion.id == Revision.resulting_version_id)
        .join(Element, Element.id == Change.element_id)
        .where(
            Comment.discussion_id.in_(round_ids),
            Revision.status == RevisionStatus.ADOPTED,
            published(),
        )
        .options(joinedload(Comment.engagement))
        .order_by(Comment.discussion_id, Comment.number, Element.kind, Element.number)
        .limit(MOST_WORDINGS)
    )
    return [TakenWordingOf(comment, TakenIn(number, code)) for comment, number, code in rows]
