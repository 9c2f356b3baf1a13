"""What is read about groups of equal ideas. Everybody sees of them what is published."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.contributions.models import Contribution, ContributionStatus
from participation.contributions.queries import published
from participation.ideas.models import Idea, IdeaGroup

_ideas, _contributions = Idea.__table__, Contribution.__table__


class InGroup(Protocol):
    """An idea, as far as its group goes."""

    @property
    def id(self) -> uuid.UUID: ...

    @property
    def group_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Equal:
    """One published idea of a group, as the others name it."""

    id: uuid.UUID
    number: int
    title: str
    language: str
    supports: int


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """The published ideas of a group, at least two; the first one stands for it in lists."""

    ideas: Sequence[Equal]
    people: int

    @property
    def first(self) -> Equal:
        return self.ideas[0]

    def another_of(self, idea_id: uuid.UUID, chosen: Collection[uuid.UUID]) -> Equal | None:
        """Return another idea of the group that is among the chosen ones."""
        return next((one for one in self.without(idea_id) if one.id in chosen), None)

    def without(self, idea_id: uuid.UUID) -> list[Equal]:
        """Return the others."""
        return [one for one in self.ideas if one.id != idea_id]


def groups_seen(session: Session, ideas: Collection[InGroup]) -> dict[int, SeenGroup]:
    """Return the groups of some ideas by their id, in one query; none costs nothing."""
    wanted = {idea.group_id for idea in ideas if idea.group_id is not None}
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(
            _ideas.c.group_id,
            _ideas.c.id,
            _ideas.c.number,
            _ideas.c.title,
            Contribution.language,
            _ideas.c.supports,
            _ideas.c.is_listed,
            _ideas.c.people,
        )
        .join(Contribution, Contribution.id == _ideas.c.id)
        .where(_ideas.c.group_id.in_(wanted), published())
        .order_by(_ideas.c.group_id, _ideas.c.number)
    )
    equals: dict[int, list[Equal]] = defaultdict(list)
    people: dict[int, int] = {}
    for group_id, *words, is_listed, counted in rows:
        equals[group_id].append(Equal(*words))
        if is_listed:
            people[group_id] = counted
    return {
        group_id: SeenGroup(found, people.get(group_id, 0))
        for group_id, found in equals.items()
        if len(found) > 1
    }


def group_seen(session: Session, idea: Idea) -> SeenGroup | None:
    """Return the group of one idea; None if no other of it is to be seen."""
    return groups_seen(session, [idea]).get(idea.group_id or 0)


def people_of(idea: Idea, group: SeenGroup | None) -> int:
    """Return how many people are behind an idea, each counted once."""
    return idea.supports if group is None else group.people


def standing_for(idea_ids: sa.Select[uuid.UUID]) -> sa.Select[uuid.UUID]:
    """Return the ideas that stand in lists for some published ones: mostly themselves.

    One plain query: only such a one lets SQLite begin with the few ideas that it finds.
    """
    member, standing = aliased(_ideas), aliased(_ideas)
    shown = aliased(_contributions)
    wanted = idea_ids.subquery()
    return (
        sa.select(sa.func.coalesce(standing.c.id, member.c.id))
        .select_from(wanted)
        .join(member, member.c.id == wanted.c[0])
        .join(shown, shown.c.id == member.c.id)
        .outerjoin(
            standing, sa.and_(standing.c.group_id == member.c.group_id, standing.c.is_listed)
        )
        .where(shown.c.status == ContributionStatus.PUBLISHED)
    )


def some_equal(
    condition_on: sa.FromClause, condition: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    """Return the condition that a published idea of the same group meets another one.

    `condition` is about `condition_on`, an alias of the table of ideas.
    """
    shown = aliased(_contributions)
    equal = sa.select(condition_on.c.id).where(
        condition_on.c.group_id == Idea.group_id,
        shown.c.id == condition_on.c.id,
        shown.c.status == ContributionStatus.PUBLISHED,
        condition,
    )
    return sa.and_(Idea.group_id.is_not(None), asked_of_each(equal))


def asked_of_each(rows: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that there are rows, asked of one idea after the other.

    PostgreSQL would read all rows of all ideas beforehand and look the first twenty up in them;
    an offset, also of nothing, keeps it from that.
    """
    return rows.offset(0).exists()


def with_equals(session: Session, contributions: Sequence[Contribution]) -> list[Contribution]:
    """Return contributions together with the published ideas that say the same."""
    groups = {one.group_id for one in contributions if isinstance(one, Idea) and one.group_id}
    if not groups:
        return list(contributions)
    equal = session.scalars(
        sa.select(Idea).where(Idea.group_id.in_(groups), published()).order_by(Idea.number)
    )
    return list({one.id: one for one in (*contributions, *equal)}.values())


def get_group(session: Session, call_id: int, group_id: int) -> IdeaGroup | None:
    """Return a group of a call; None if it is gone."""
    return session.scalars(
        sa.select(IdeaGroup).where(IdeaGroup.id == group_id, IdeaGroup.idea_call_id == call_id)
    ).first()


def groups_of_call(
    session: Session, call_id: int, *, before: int | None = None, limit: int = 20
) -> list[tuple[int, list[Idea]]]:
    """Return the groups of a call with all their ideas, the newest first, for staff."""
    wanted = sa.select(IdeaGroup.id).where(IdeaGroup.idea_call_id == call_id)
    if before is not None:
        wanted = wanted.where(IdeaGroup.id < before)
    ids = session.scalars(wanted.order_by(IdeaGroup.id.desc()).limit(limit)).all()
    found: dict[int, list[Idea]] = {group_id: [] for group_id in ids}
    for idea in session.scalars(
        sa.select(Idea).where(Idea.group_id.in_(ids)).order_by(Idea.number)
    ):
        if idea.group_id is not None:
            found[idea.group_id].append(idea)
    return list(found.items())
