"""Count the people behind a group of equal ideas once, in the transaction that changes them.

Whoever changes an idea of a group, its supports or whether it is shown holds the row of the
group: it is locked first, then all its ideas in the order of their ids, so that nobody waits for
each other. Somebody who does not know yet that there is a group locks in the same order.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.changes import goes_along
from participation.contributions.models import Contribution, ContributionStatus
from participation.foundation.errors import Conflict
from participation.ideas.models import Idea, IdeaGroup, Support

# Somebody else changed the groups between a look and the lock; nobody does so without end.
_ATTEMPTS = 5

_ideas, _contributions = cast("sa.Table", Idea.__table__), Contribution.__table__


def lock_ideas(session: Session, idea_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int | None]:
    """Lock ideas with all that are in their groups, and before them the groups.

    Return the group of each.
    """
    for _attempt in range(_ATTEMPTS):
        seen = _groups_of(session, _rows(idea_ids))
        savepoint = session.begin_nested()
        locked = _lock_all(session, idea_ids, {one for one in seen.values() if one is not None})
        if {one: locked.get(one) for one in seen} == seen:
            savepoint.commit()
            return seen
        savepoint.rollback()
    raise _busy()


def recount(session: Session, group_id: int) -> None:
    """Say anew which idea stands for a group, and how many people are behind it.

    An idea that was withdrawn leaves for good; a group of one is none.
    """
    members = session.execute(
        sa.select(_ideas.c.id, _contributions.c.status)
        .join(_contributions, _contributions.c.id == _ideas.c.id)
        .where(_ideas.c.group_id == group_id)
        .order_by(_ideas.c.number)
    ).all()
    gone = [row.id for row in members if row.status is ContributionStatus.WITHDRAWN]
    left = [row for row in members if row.id not in gone]
    if len(left) < 2:
        release(session, [row.id for row in members])
        session.execute(sa.delete(IdeaGroup).where(IdeaGroup.id == group_id))
        return
    release(session, gone)
    _write(session, [row.id for row in left], is_listed=False)
    shown = [row.id for row in left if row.status is ContributionStatus.PUBLISHED]
    if shown:
        people = sa.select(sa.func.count(Support.supporter.distinct())).where(
            Support.idea_id.in_(shown)
        )
        _write(session, shown[:1], is_listed=True, people=people.scalar_subquery())


def release(session: Session, idea_ids: Collection[uuid.UUID]) -> None:
    """Let ideas stand for themselves again."""
    _write(session, idea_ids, is_listed=True, group_id=None)


def count_support(session: Session, idea: Idea, number: int, *, supporter: str) -> None:
    """Add a support that was stored, or take off one that was deleted; the idea is locked.

    Who supports another idea of the group as well is counted already.
    """
    _add(session, idea, number)
    if idea.group_id is not None and not _supports_another(session, idea, supporter):
        session.execute(
            sa.update(_ideas)
            .where(_ideas.c.group_id == idea.group_id, _ideas.c.is_listed)
            .values(people=_ideas.c.people + number)
        )
        _forget(session, lambda one: one.group_id == idea.group_id)
    session.expire(idea, ["supports", "people"])


def _add(session: Session, idea: Idea, number: int) -> None:
    # What stands for a group counts the group's people; all others count their own.
    counts_own = idea.group_id is None or not idea.is_listed
    session.execute(
        sa.update(_ideas)
        .where(_ideas.c.id == idea.id)
        .values(
            supports=_ideas.c.supports + number,
            people=_ideas.c.people + (number if counts_own else 0),
        )
    )


def _supports_another(session: Session, idea: Idea, supporter: str) -> bool:
    another = (
        sa.exists()
        .where(
            Support.idea_id == _ideas.c.id,
            Support.supporter == supporter,
            _ideas.c.group_id == idea.group_id,
            _ideas.c.id != idea.id,
            _contributions.c.id == _ideas.c.id,
            _contributions.c.status == ContributionStatus.PUBLISHED,
        )
        .select()
    )
    return bool(session.scalar(another))


def _busy() -> Conflict:
    return Conflict("Diese Gruppe ändert sich gerade. Bitte versuchen Sie es noch einmal.")


def _lock_all(
    session: Session, idea_ids: Collection[uuid.UUID], group_ids: Collection[int]
) -> dict[uuid.UUID, int | None]:
    if group_ids:
        session.execute(
            sa.select(IdeaGroup.id)
            .where(IdeaGroup.id.in_(group_ids))
            .order_by(IdeaGroup.id)
            .with_for_update()
        )
    rows = _rows(idea_ids, group_ids)
    return _groups_of(session, rows.order_by(_contributions.c.id).with_for_update())


def _rows(
    idea_ids: Collection[uuid.UUID], group_ids: Collection[int] = ()
) -> sa.Select[uuid.UUID, int | None]:
    """Both rows of an idea: PostgreSQL locks the other one itself when it checks the key."""
    chosen = _contributions.c.id.in_(idea_ids)
    return (
        sa.select(_ideas.c.id, _ideas.c.group_id)
        .select_from(_contributions.join(_ideas, _ideas.c.id == _contributions.c.id))
        .where(sa.or_(chosen, _ideas.c.group_id.in_(group_ids)) if group_ids else chosen)
    )


def _groups_of(
    session: Session, rows: sa.Select[uuid.UUID, int | None]
) -> dict[uuid.UUID, int | None]:
    return dict(session.execute(rows).all())


def _write(session: Session, idea_ids: Collection[uuid.UUID], **values: object) -> None:
    values.setdefault("people", _ideas.c.supports)
    if idea_ids:
        session.execute(sa.update(_ideas).where(_ideas.c.id.in_(idea_ids)).values(**values))
    _forget(session, lambda one: one.id in idea_ids)


def _forget(session: Session, concerned: Callable[[Idea], bool]) -> None:
    """Have what the session holds of ideas read anew: the database has been told otherwise."""
    for one in session.identity_map.values():
        if isinstance(one, Idea) and concerned(one):
            session.expire(one, ["people", "is_listed", "group_id"])


def _lock_one(session: Session, idea: Idea) -> None:
    """Lock one idea with what the session holds of it: the same as above in fewer steps."""
    for _attempt in range(_ATTEMPTS):
        seen = session.scalar(sa.select(_ideas.c.group_id).where(_ideas.c.id == idea.id))
        savepoint = session.begin_nested()
        if seen is not None:
            _lock_all(session, [idea.id], {seen})
        session.refresh(idea, with_for_update=True)
        if idea.group_id == seen:
            savepoint.commit()
            return
        savepoint.rollback()
    raise _busy()


def _settle(session: Session, idea: Idea) -> None:
    if idea.group_id is not None:
        recount(session, idea.group_id)


goes_along(Idea, lock=_lock_one, settle=_settle)
