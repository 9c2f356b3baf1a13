"""What an idea said before, and what its author wants it to say: changed while its call is open.

With the words go all other parts: what it is about, where it is, what was answered, its images.
Until somebody supports or answers it, a change leaves nothing behind. From then on the wording
that people agreed with stays readable, and which other parts have changed is said. Where
moderation looks first, all that is published stays until the change is let through.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.changes import lock
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import Obstacle, is_within_time
from participation.foundation.errors import Conflict, Refused
from participation.ideas.image_changes import drop_loose_images
from participation.ideas.models import Idea, IdeaCall, IdeaStem, IdeaWording, WordingState
from participation.ideas.parts import (
    Part,
    Values,
    WantedParts,
    changes_of,
    put_in_place,
    read_anew,
    shown_changes,
)
from participation.ideas.stemming import insert_stems
from participation.ideas.words import checked_words

_EDITABLE = frozenset({ContributionStatus.PENDING, ContributionStatus.PUBLISHED})
# Comments are a neighbour; all that is read of them here is what they answer.
_COMMENT = sa.table("comment", sa.column("id"), sa.column("parent_id"))


class Changed(enum.Enum):
    """What became of a change."""

    NOTHING = "nothing"
    SHOWN = "shown"
    KEPT_BEFORE = "kept_before"
    WAITS = "waits"


class Overtaken(Refused):
    """Somebody else changed a part of an idea while its author had the form open."""


def may_edit(
    idea: Idea, call: IdeaCall, *, at: datetime, form_opened_at: datetime | None = None
) -> bool:
    """Tell whether its author may still change an idea."""
    if idea.status not in _EDITABLE:
        return False
    return is_within_time(call, at=at, form_opened_at=form_opened_at)


def change_idea(
    session: Session,
    *,
    idea: Idea,
    title: str,
    text: str,
    at: datetime,
    parts: WantedParts | None = None,
    form_opened_at: datetime | None = None,
) -> Changed:
    """Let an idea say and hold something else, as its author wants it.

    Without `parts` all but the words stays as it is shown. Raises CannotTakePart after closing,
    Conflict for what is not shown any more, and Refused.
    """
    title, text = checked_words(title, text)
    # From here on nobody supports or decides about it until this is done.
    lock(session, idea)
    call = session.get_one(IdeaCall, idea.idea_call_id)
    if not is_within_time(call, at=at, form_opened_at=form_opened_at):
        raise CannotTakePart(Obstacle.CLOSED)
    if idea.status not in _EDITABLE:
        raise Conflict("Diese Idee lässt sich nicht mehr ändern.")
    read_anew(session, idea)
    changes = changes_of(idea, call, parts) if parts is not None else {}
    if Part.ELEMENTS.value in changes and _was_corrected_since(idea, form_opened_at):
        raise Overtaken(
            "Inzwischen hat die Moderation geändert, wozu Ihre Idee gehört. Bitte sehen Sie "
            "nach, ob es so stimmt, und speichern Sie noch einmal.",
            field="elements",
        )
    waiting = waiting_wording(session, idea.id)
    is_reworded = (title, text) != (idea.title, idea.text)
    if not is_reworded and not changes:
        if waiting is not None:
            session.delete(waiting)
            session.flush()
            drop_loose_images(session, idea)
        return Changed.NOTHING
    if waiting is not None and (title, text, changes) == (
        waiting.title,
        waiting.text,
        waiting.parts,
    ):
        return Changed.WAITS
    idea.edited_at = at
    if idea.status is ContributionStatus.PUBLISHED and call.moderation_mode is (
        ModerationMode.BEFORE
    ):
        _let_wait(session, idea, waiting, (title, text), changes, at)
        drop_loose_images(session, idea)
        return Changed.WAITS
    also = shown_changes(session, idea, changes)
    is_shown = idea.status is ContributionStatus.PUBLISHED
    keeps = is_shown and bool(is_reworded or also) and is_relied_on(session, idea)
    if keeps:
        session.add(
            IdeaWording(
                idea_id=idea.id,
                state=WordingState.EARLIER,
                title=idea.title,
                text=idea.text,
                also=also,
                written_at=at,
                replaced_at=at,
            )
        )
    _write(session, idea, title, text)
    put_in_place(session, idea, changes)
    drop_loose_images(session, idea)
    return Changed.KEPT_BEFORE if keeps else Changed.SHOWN


def _was_corrected_since(idea: Idea, moment: datetime | None) -> bool:
    corrected_at = idea.elements_corrected_at
    return moment is not None and corrected_at is not None and corrected_at > moment


def let_through(session: Session, *, idea: Idea, wording: IdeaWording, at: datetime) -> None:
    """Publish a wording that waits; the one before is kept if anybody relied on it."""
    read_anew(session, idea)
    wording.also = shown_changes(session, idea, wording.parts)
    is_reworded = (wording.title, wording.text) != (idea.title, idea.text)
    is_kept = bool(is_reworded or wording.also) and is_relied_on(session, idea)
    wording.state = WordingState.EARLIER if is_kept else WordingState.REPLACED
    wording.replaced_at = at
    _swap(session, idea, wording)


def refuse(session: Session, *, wording: IdeaWording, at: datetime) -> None:
    """Let an idea say what it said; what was to be changed is shown to nobody."""
    wording.state, wording.replaced_at = WordingState.REFUSED, at
    session.flush()


def take_back(session: Session, *, idea: Idea, wording: IdeaWording) -> None:
    """Let a wording wait again about which was decided a moment ago.

    Raises Conflict if its author has written another one since.
    """
    if waiting_wording(session, idea.id) is not None:
        raise Conflict("Inzwischen gibt es schon eine neuere Fassung.")
    was_published = wording.state is not WordingState.REFUSED
    wording.state, wording.replaced_at = WordingState.WAITING, None
    wording.also = []
    if was_published:
        read_anew(session, idea)
        _swap(session, idea, wording)
    session.flush()


def forget_replaced(session: Session, *, at: datetime) -> None:
    """Erase wordings that were replaced before anybody relied on them.

    Of all others that wait no more, erase what else an idea held or was to hold: nobody reads
    that any more.
    """
    past = IdeaWording.replaced_at < at
    session.execute(
        sa.update(IdeaWording)
        .where(IdeaWording.state == WordingState.REPLACED, past)
        .values(title="", text="", parts={}, also=[])
    )
    session.execute(
        sa.update(IdeaWording)
        .where(IdeaWording.state.in_([WordingState.EARLIER, WordingState.REFUSED]), past)
        .where(sa.cast(IdeaWording.parts, sa.Text) != "{}")
        .values(parts={})
    )
    drop_loose_images(session)


def waiting_wording(session: Session, idea_id: uuid.UUID) -> IdeaWording | None:
    """Return the wording of an idea that waits to be let through."""
    return session.scalars(_in_state(idea_id, WordingState.WAITING)).first()


def refused_wording(session: Session, idea: Idea) -> IdeaWording | None:
    """Return the change that was refused, if it was the author's last one."""
    found = session.scalars(
        _in_state(idea.id, WordingState.REFUSED).order_by(IdeaWording.id.desc()).limit(1)
    ).first()
    return found if found is not None and found.written_at == idea.edited_at else None


def earlier_wordings(session: Session, idea_id: uuid.UUID) -> Sequence[IdeaWording]:
    """Return what an idea said before to people who relied on it, the first wording first."""
    return session.scalars(
        _in_state(idea_id, WordingState.EARLIER).order_by(IdeaWording.replaced_at, IdeaWording.id)
    ).all()


def edited_on(session: Session, idea_id: uuid.UUID) -> datetime | None:
    """Return when an idea was last changed that people had relied on."""
    return session.scalar(
        sa.select(sa.func.max(IdeaWording.replaced_at)).where(
            IdeaWording.idea_id == idea_id, IdeaWording.state == WordingState.EARLIER
        )
    )


def has_waiting_wording() -> sa.ColumnElement[bool]:
    """The condition under which a contribution has a wording that waits to be let through."""
    return Contribution.id.in_(
        sa.select(IdeaWording.idea_id).where(IdeaWording.state == WordingState.WAITING)
    )


def is_relied_on(session: Session, idea: Idea) -> bool:
    """Tell whether somebody supports an idea or has said something about it."""
    if idea.supports > 0:
        return True
    comment = Contribution.__table__.alias("answer")
    gone = (ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN)
    found = session.scalar(
        sa.select(sa.literal(1))
        .select_from(_COMMENT)
        .join(comment, comment.c.id == _COMMENT.c.id)
        .where(_COMMENT.c.parent_id == idea.id, comment.c.status.not_in(gone))
        .limit(1)
    )
    return found is not None


def _let_wait(
    session: Session,
    idea: Idea,
    waiting: IdeaWording | None,
    words: tuple[str, str],
    changes: Values,
    at: datetime,
) -> None:
    if waiting is None:
        waiting = IdeaWording(idea_id=idea.id, state=WordingState.WAITING)
        session.add(waiting)
    waiting.title, waiting.text = words
    waiting.parts, waiting.written_at = changes, at
    session.flush()


def _swap(session: Session, idea: Idea, wording: IdeaWording) -> None:
    before = idea.title, idea.text
    _write(session, idea, wording.title, wording.text)
    wording.title, wording.text = before
    wording.parts = put_in_place(session, idea, wording.parts)
    session.flush()


def _write(session: Session, idea: Idea, title: str, text: str) -> None:
    """Let an idea say something else, also to those who search."""
    if (idea.title, idea.text) == (title, text):
        return
    idea.title, idea.text = title, text
    session.flush()
    session.execute(sa.delete(IdeaStem).where(IdeaStem.idea_id == idea.id))
    insert_stems(session, [idea])
    session.expire(idea, ["stems"])


def _in_state(idea_id: uuid.UUID, state: WordingState) -> sa.Select[IdeaWording]:
    return sa.select(IdeaWording).where(IdeaWording.idea_id == idea_id, IdeaWording.state == state)
