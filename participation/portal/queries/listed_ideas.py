"""Ideas as a table holds them: many at once, and read without what a page needs besides."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel, ContributionElement
from participation.foundation.geometry import Geometry, Point, Shape
from participation.ideas.models import Idea, IdeaPlace, PlaceKind
from participation.strategy.models import Element


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """Where an idea of a table is; `points` are pairs of north and east."""

    kind: PlaceKind
    address: str
    points: list[list[int]]
    centre: Point | None

    @property
    def geometry(self) -> Geometry | None:
        """What is drawn; None for a place in words."""
        if not self.points:
            return None
        return Geometry(Shape(self.kind.value), tuple(Point(*point) for point in self.points))


@dataclass(frozen=True, slots=True)
class ListedIdea:
    """A published idea in a table."""

    place: ListedPlace | None
    id: uuid.UUID
    number: int
    title: str
    text: str
    language: str
    received_at: datetime
    channel: Channel
    group_id: int | None
    people: int
    supports: int


COLUMNS: tuple[Any, ...] = (
    Idea.id,
    Idea.number,
    Idea.title,
    Idea.text,
    Idea.language,
    Idea.received_at,
    Idea.channel,
    Idea.group_id,
    Idea.people,
    Idea.supports,
    IdeaPlace.kind,
    IdeaPlace.address,
    IdeaPlace.points,
    IdeaPlace.north,
    IdeaPlace.east,
)
_OF_IDEA = 10


def with_place(rows: sa.Select[Any]) -> sa.Select[Any]:
    """Let a query of `COLUMNS` read the places as well, where there are some."""
    return rows.outerjoin(IdeaPlace, IdeaPlace.idea_id == Idea.id)


def read_listed(row: Any) -> ListedIdea:
    """Return the idea that a row with `COLUMNS` at its beginning is about."""
    kind, address, points, north, east = row[_OF_IDEA : len(COLUMNS)]
    if kind is None:
        return ListedIdea(None, *row[:_OF_IDEA])
    centre = None if north is None or east is None else Point(north, east)
    return ListedIdea(ListedPlace(kind, address, points, centre), *row[:_OF_IDEA])


def as_listed(idea: Idea) -> ListedIdea:
    """Return an idea that was read whole as a table holds it."""
    own: Iterator[Any] = (getattr(idea, column.key) for column in COLUMNS[:_OF_IDEA])
    place = idea.place
    if place is None:
        return ListedIdea(None, *own)
    return ListedIdea(ListedPlace(place.kind, place.address, place.points, place.centre), *own)


def codes_of(session: Session, idea_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return the codes of the elements that ideas are about, in their order."""
    if not idea_ids:
        return {}
    rows = session.execute(
        sa.select(ContributionElement.contribution_id, Element.code)
        .join(Element, Element.id == ContributionElement.element_id)
        .where(ContributionElement.contribution_id.in_(idea_ids))
        .order_by(Element.kind, Element.number)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for idea_id, code in rows:
        found.setdefault(idea_id, []).append(code)
    return found
