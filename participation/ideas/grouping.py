"""Put ideas that say the same into a group, and take them out again. No support is moved."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.models import ContributionStatus, Follow
from participation.engagements.noting import note_on
from participation.foundation.errors import Conflict, Refused
from participation.ideas.counting import lock_ideas, recount, release
from participation.ideas.models import Idea, IdeaCall, IdeaGroup, SuggestedPair
from participation.jobs.operations import enqueue

MOST_IDEAS = 100
TELLING_JOB = "tell_grouping"
_NEVER = frozenset({ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN})


def group_ideas(
    session: Session, *, ideas: Sequence[Idea], actor: Account | None, at: datetime
) -> IdeaGroup:
    """Put ideas of one call into one group; groups that they are in already become one.

    Each keeps its page and its supports. Raises Refused for fewer than two, for ideas of
    different calls, and for what was rejected or withdrawn.
    """
    by_id = {idea.id: idea for idea in ideas}
    if len(by_id) < 2:
        raise Refused("Bitte wählen Sie mindestens zwei Ideen aus.", field="idea")
    if len({idea.idea_call_id for idea in ideas}) > 1:
        raise Refused("Nur Ideen aus demselben Aufruf bilden eine Gruppe.", field="idea")
    before = lock_ideas(session, by_id)
    for idea in by_id.values():
        session.refresh(idea)
        if idea.status in _NEVER:
            raise Conflict(
                "Idee %(number)s ist abgelehnt oder zurückgezogen. Sie kommt in keine Gruppe.",
                number=idea.number,
            )
    known = sorted({group_id for group_id in before.values() if group_id is not None})
    if len(known) == 1 and None not in before.values():
        return session.get_one(IdeaGroup, known[0])
    group = _take_together(session, ideas[0].idea_call_id, by_id, known, at)
    recount(session, group.id)
    members = members_of(session, group.id)
    _tell_later(session, [idea for idea in members if idea.group_id == group.id], group.id, at)
    _note(session, "ideas.grouped", members, actor, at)
    return group


def remove_from_group(session: Session, *, idea: Idea, actor: Account | None, at: datetime) -> None:
    """Let one idea of a group stand for itself again. Raises Conflict if it is in none."""
    group_id = lock_ideas(session, [idea.id])[idea.id]
    if group_id is None:
        raise Conflict("Diese Idee ist in keiner Gruppe mehr.")
    members = members_of(session, group_id)
    release(session, [idea.id])
    recount(session, group_id)
    alone = [one for one in members if one.group_id is None]
    _tell_later(session, alone, group_id, at)
    _note(session, "ideas.ungrouped", alone, actor, at)


def dissolve(session: Session, *, group: IdeaGroup, actor: Account | None, at: datetime) -> None:
    """Let all ideas of a group stand for themselves again."""
    group_id = group.id
    lock_ideas(session, [idea.id for idea in members_of(session, group_id)])
    members = members_of(session, group_id)
    if not members:
        raise Conflict("Diese Gruppe gibt es nicht mehr.")
    release(session, [idea.id for idea in members])
    session.expunge(group)
    session.execute(sa.delete(IdeaGroup).where(IdeaGroup.id == group_id))
    _tell_later(session, members, group_id, at)
    _note(session, "ideas.ungrouped", members, actor, at)


def dismiss(
    session: Session, *, ideas: Sequence[Idea], actor: Account | None, at: datetime
) -> None:
    """Note that ideas do not say the same, so that nobody is asked again."""
    wanted = {idea.id for idea in ideas}
    pairs = [
        {
            "idea_call_id": one.idea_call_id,
            "one_id": min(one.id, other.id),
            "other_id": max(one.id, other.id),
        }
        for place, one in enumerate(ideas)
        for other in ideas[:place]
        if one.id != other.id
    ]
    if not pairs:
        raise Refused("Bitte wählen Sie mindestens zwei Ideen aus.", field="idea")
    session.execute(
        sa.delete(SuggestedPair).where(
            SuggestedPair.one_id.in_(wanted), SuggestedPair.other_id.in_(wanted)
        )
    )
    session.execute(sa.insert(SuggestedPair), [pair | {"dismissed_at": at} for pair in pairs])
    _note(session, "ideas.told_apart", ideas, actor, at)


def members_of(session: Session, group_id: int) -> Sequence[Idea]:
    """Return the ideas of a group in the order of their numbers, in whatever state."""
    return session.scalars(
        sa.select(Idea).where(Idea.group_id == group_id).order_by(Idea.number)
    ).all()


def _take_together(
    session: Session,
    call_id: int,
    idea_ids: Collection[uuid.UUID],
    known: Sequence[int],
    at: datetime,
) -> IdeaGroup:
    table = cast("sa.Table", Idea.__table__)
    joining = sa.or_(table.c.id.in_(idea_ids), table.c.group_id.in_(known))
    number = session.scalar(sa.select(sa.func.count()).select_from(table).where(joining)) or 0
    if number > MOST_IDEAS:
        raise Refused("In einer Gruppe sind höchstens %(limit)s Ideen.", limit=MOST_IDEAS)
    if known:
        group = session.get_one(IdeaGroup, known[0])
    else:
        group = IdeaGroup(idea_call_id=call_id, grouped_at=at)
        session.add(group)
        session.flush()
    session.execute(
        sa.update(table)
        .where(joining)
        .values(group_id=group.id, is_listed=False, people=table.c.supports)
    )
    session.execute(sa.delete(IdeaGroup).where(IdeaGroup.id.in_(known[1:])))
    return group


def _tell_later(session: Session, ideas: Iterable[Idea], group_id: int, at: datetime) -> None:
    """Have the authors told a little later, as long as what they are told still holds."""
    followed = set(
        session.scalars(
            sa.select(Follow.contribution_id).where(
                Follow.contribution_id.in_([idea.id for idea in ideas])
            )
        )
    )
    for idea_id in sorted(followed):
        enqueue(
            session,
            kind=TELLING_JOB,
            key=f"{TELLING_JOB}:{idea_id}:{at.isoformat()}",
            due_at=at,
            payload={"idea_id": str(idea_id), "group_id": group_id},
        )


def _note(
    session: Session, action: str, ideas: Sequence[Idea], actor: Account | None, at: datetime
) -> None:
    call = session.get_one(IdeaCall, ideas[0].idea_call_id)
    note_on(session, action, call, actor=actor, at=at, ideas=[f"{idea.number}" for idea in ideas])
