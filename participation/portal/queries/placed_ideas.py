"""Ideas by where they are: in a section of the map, near a point, in clusters on the map.

An index knows the points of each square of a map as one range of numbers (`foundation.tiles`), so
that nothing here goes through all ideas of a call to find those of a part of the town.
"""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from participation.contributions.models import Contribution
from participation.contributions.queries import published
from participation.foundation.geometry import Box, Point
from participation.foundation.number_rows import joined_in_order, number_rows
from participation.foundation.tiles import (
    Range,
    Tile,
    block_around,
    count_over,
    cover_box,
    cover_ring,
    parts_around,
    shrinking,
    tiles_over,
)
from participation.ideas.models import Idea, IdeaPlace, PlaceKind

# From how many places on a list asks each idea for its place, and not the places for their ideas.
_COMMON = 2_000
# A cluster is not counted further.
MOST_IN_CLUSTER = 99
_MOST_CELLS = 200
# How many squares of a map a cell is smaller than one: a quarter of its width.
_FINER = 2
_DRAWN = (PlaceKind.POINT, PlaceKind.LINE, PlaceKind.AREA)
# From some ten metres to a continent.
_ZOOMS = range(18, 2, -1)
# From here on the squares around a point are wider than a town, ten kilometres and more.
_FAR = 11
_FINER_FROM_AFAR = 4
_WORLD_WIDE = 400_000_000
# A page that goes on looks at least so much further: about ten metres.
_LEAST_STEP = 100
_MOST_SQUARES_IN_RING = 200


_PLACE = cast("sa.Table", IdeaPlace.__table__)
_IDEA = cast("sa.Table", Idea.__table__)
_CONTRIBUTION = cast("sa.Table", Contribution.__table__)
# The tables that a place is joined with, in the order in which they are read.
_IDEAS = (
    (_CONTRIBUTION, _CONTRIBUTION.c.id == _PLACE.c.idea_id),
    (_IDEA, _IDEA.c.id == _CONTRIBUTION.c.id),
)


class PlaceFilter(enum.Enum):
    """What somebody wants to know of the place of ideas."""

    EVERYWHERE = "everywhere"
    SOMEWHERE = "somewhere"


_KINDS = {
    PlaceFilter.EVERYWHERE: (PlaceKind.EVERYWHERE,),
    PlaceFilter.SOMEWHERE: (*_DRAWN, PlaceKind.ADDRESS),
}


@dataclass(frozen=True, slots=True)
class SoughtPlace:
    """Where wanted ideas are: of some kinds, or in a section; and how many are there.

    Very many are not counted.
    """

    kinds: tuple[PlaceKind, ...]
    box: Box | None
    count: int

    @property
    def is_common(self) -> bool:
        """Whether very many ideas are there."""
        return self.count > _COMMON


@dataclass(frozen=True, slots=True)
class NearKey:
    """The last idea of a page: how far it is, squared, its number, and how deep the page was."""

    far: int
    number: int
    step: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Ideas that stand together on a map; `number` is that of the only one."""

    count: int
    centre: Point
    number: int | None


def seek_place(
    session: Session, call_id: int, *, wanted: PlaceFilter | None, box: Box | None
) -> SoughtPlace | None:
    """Return where somebody looks for the ideas of a call; None for everywhere."""
    few = few_at(call_id, wanted=wanted, box=box)
    if few is None:
        return None
    count = session.scalar(sa.select(sa.func.count()).select_from(few)) or 0
    return sought_place(count, wanted=wanted, box=box)


def few_at(call_id: int, *, wanted: PlaceFilter | None, box: Box | None) -> sa.Subquery | None:
    """Return the places to count where somebody looks, no more than make many."""
    if wanted is None and box is None:
        return None
    sought = sought_place(0, wanted=wanted, box=box)
    return _at(call_id, sought).limit(_COMMON + 1).subquery()


def sought_place(count: int, *, wanted: PlaceFilter | None, box: Box | None) -> SoughtPlace:
    """Return where somebody looks, from the number of `few_at`."""
    kinds = _DRAWN if wanted is None else _KINDS[wanted]
    return SoughtPlace(kinds, box, count)


def lies_at(call_id: int, sought: SoughtPlace) -> sa.ColumnElement[bool]:
    """Return the condition that an idea is where somebody looks."""
    if sought.is_common:
        return sa.exists().where(IdeaPlace.idea_id == Idea.id, *_exactly(sought))
    return Idea.id.in_(_at(call_id, sought))


def is_drawn() -> sa.ColumnElement[bool]:
    """Return the condition that an idea stands on the map."""
    return sa.exists().where(IdeaPlace.idea_id == Idea.id, IdeaPlace.tile.is_not(None))


def _at(call_id: int, sought: SoughtPlace) -> sa.Select[Any]:
    rows = sa.select(_PLACE.c.idea_id).where(_PLACE.c.idea_call_id == call_id, *_exactly(sought))
    if sought.box is None:
        return rows
    ranges = number_rows(("first", "last"), cover_box(sought.box))
    return rows.select_from(joined_in_order(ranges, (_PLACE, _is_in(ranges))))


def _exactly(sought: SoughtPlace) -> Iterator[sa.ColumnElement[bool]]:
    if sought.box is None:
        yield IdeaPlace.kind.in_(sought.kinds)
        return
    yield IdeaPlace.north.between(sought.box.south, sought.box.north)
    yield IdeaPlace.east.between(sought.box.west, sought.box.east)
    if PlaceKind.POINT not in sought.kinds:
        # What is drawn is not everywhere.
        yield IdeaPlace.kind.in_(sought.kinds)


# Near a point ----------------------------------------------------------------------------------


def nearest(
    session: Session,
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    point: Point,
    *,
    after: NearKey | None,
    limit: int,
    options: Sequence[ORMOption] = (),
) -> list[tuple[int, Idea]]:
    """Return how far ideas are, squared, and the ideas, the nearest first.

    `conditions` are those of the ideas besides their call. Looks as far as it takes to find the
    wanted number, and from where the page before ended.
    """
    for step in _steps(session, call_id, conditions, point, after, limit):
        ring = _in_ring(call_id, conditions, point, after, step).limit(limit).subquery()
        rows = sa.select(ring.c.far, Idea).join(ring, ring.c.id == Idea.id).options(*options)
        found = session.execute(rows.order_by(ring.c.far, Idea.number)).all()
        if len(found) >= limit or step >= _WORLD_WIDE:
            return [(int(far), idea) for far, idea in found]
    return []


def _steps(
    session: Session,
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    point: Point,
    after: NearKey | None,
    limit: int,
) -> Iterator[int]:
    if after is None:
        yield _first_reach(session, call_id, conditions, point, limit)
    else:
        step = max(_LEAST_STEP, 2 * after.step)
        yield from (step, 6 * step)
    yield _WORLD_WIDE


def _first_reach(
    session: Session,
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    point: Point,
    limit: int,
) -> int:
    """Return a distance within which enough ideas are, but not very many."""
    blocks = {zoom: block_around(point, zoom) for zoom in _ZOOMS}
    ranges = {zoom: ranges for zoom, (ranges, _reach) in blocks.items()}
    counts = _counts_in(session, call_id, conditions, ranges, limit)
    enough = [zoom for zoom, number in counts.items() if number >= limit]
    if not enough:
        return _WORLD_WIDE
    zoom = max(enough)
    _ranges, reach = blocks[zoom]
    return reach if zoom > _FAR else _narrowed(session, call_id, conditions, point, zoom, limit)


def _narrowed(
    session: Session,
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    point: Point,
    zoom: int,
    limit: int,
) -> int:
    """Return a distance within which enough ideas are of those in the squares around a point.

    From far away all ideas of a town are in one of the squares, so smaller ones are counted.
    """
    parts = parts_around(point, zoom, _FINER_FROM_AFAR)
    counts = _counts_in(session, call_id, conditions, parts, limit)
    number = 0
    for reach in sorted(counts):
        number += counts[reach]
        if number >= limit:
            return reach
    return _WORLD_WIDE


def _counts_in(
    session: Session,
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    ranges: Mapping[int, Sequence[Range]],
    most: int,
) -> Counter[int]:
    """Return how many ideas there are in the ranges under each key, each counted to `most`."""
    rows = [(key, first, last) for key, those in ranges.items() for first, last in those]
    ranges_of = number_rows(("key", "first", "last"), rows)
    few = _few_in(call_id, conditions, sa.literal(1).label("one"), within=ranges_of, most=most)
    count = sa.select(sa.func.count()).select_from(few).scalar_subquery()
    counts: Counter[int] = Counter()
    for key, number in session.execute(sa.select(ranges_of.c.key, count)):
        counts[key] += number
    return counts


def _in_ring(
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    point: Point,
    after: NearKey | None,
    step: int,
) -> sa.Select[Any]:
    inner = math.isqrt(after.far) if after else 0
    outer = inner + step
    north = _PLACE.c.north - point.north
    east = sa.func.abs(_PLACE.c.east - point.east) * shrinking(point.north) // 1_000
    far = (north * north + east * east).label("far")
    ranges = number_rows(("first", "last"), _cover(point, inner, outer, step))
    rows = _placed(call_id, conditions, far, _IDEA.c.id, among=ranges)
    if step < _WORLD_WIDE:
        rows = rows.where(far <= outer * outer)
    if after is not None:
        last = sa.tuple_(sa.literal(after.far, sa.BigInteger), sa.literal(after.number))
        rows = rows.where(sa.tuple_(far, _IDEA.c.number) > last)
    return rows.order_by(far, _IDEA.c.number)


def _cover(point: Point, inner: int, outer: int, step: int) -> list[Range]:
    """Cover a ring with squares as wide as it is deep, but not with very many."""
    if step >= _WORLD_WIDE:
        return [Tile(0, 0, 0).numbers]
    side = max(step, 2 * math.pi * outer / _MOST_SQUARES_IN_RING)
    finest = math.ceil(math.log2(360_000_000 / max(side, 1)))
    return cover_ring(point, inner, outer, max(1, min(22, finest)))


def _placed(
    call_id: int,
    conditions: Iterable[sa.ColumnElement[bool]],
    *columns: Any,
    among: sa.Subquery,
) -> sa.Select[Any]:
    """Return what stands in ranges of numbers.

    Ranges are read first, then the places in them, and last what is asked of each idea.
    """
    tables = joined_in_order(among, (_PLACE, _is_in(among)), *_IDEAS)
    rows = sa.select(*columns).select_from(tables).where(_PLACE.c.idea_call_id == call_id)
    return rows.where(*conditions)


def _few_in(
    call_id: int,
    conditions: Iterable[sa.ColumnElement[bool]],
    *columns: Any,
    within: sa.Subquery,
    most: int,
) -> sa.Subquery:
    """Return what stands in the range of a row of the query around this one, at most so much.

    The order is that of the index: PostgreSQL expects a ninth of all places in a range and would
    go through all of them.
    """
    rows = (
        sa.select(*columns)
        .select_from(joined_in_order(_PLACE, *_IDEAS))
        .where(_PLACE.c.idea_call_id == call_id, *conditions, _is_in(within))
        .order_by(_PLACE.c.idea_call_id, _PLACE.c.tile)
        .limit(most)
    )
    return rows.correlate(within).subquery()


def _is_in(ranges: sa.Subquery) -> sa.ColumnElement[bool]:
    return _PLACE.c.tile.between(ranges.c.first, ranges.c.last)


# On the map ------------------------------------------------------------------------------------


def clusters(
    session: Session,
    call_id: int,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    box: Box,
    zoom: int,
) -> list[Cluster]:
    """Return what stands in a section of a map, gathered in cells of a size that suits its zoom.

    At most `MOST_IN_CLUSTER` + 1 ideas of a cell are looked at.
    """
    cells = _cells(box, zoom)
    rows = number_rows(
        ("cell", "first", "last"), [(place, *cell.numbers) for place, cell in enumerate(cells)]
    )
    few = _few_in(
        call_id,
        conditions,
        _PLACE.c.north,
        _PLACE.c.east,
        _IDEA.c.number,
        within=rows,
        most=MOST_IN_CLUSTER + 1,
    )
    # A subquery gives one value: four numbers with blanks between them.
    parts = (
        sa.func.count(),
        sa.func.sum(few.c.north),
        sa.func.sum(few.c.east),
        sa.func.max(few.c.number),
    )
    told: sa.ColumnElement[str] = sa.cast(parts[0], sa.Text)
    for part in parts[1:]:
        told = told + sa.literal(" ") + sa.cast(part, sa.Text)
    found = sa.select(rows.c.cell, sa.select(told).select_from(few).scalar_subquery())
    return [
        _cluster(*map(int, words.split()))
        for _cell, words in session.execute(found)
        if words is not None
    ]


def _cells(box: Box, zoom: int) -> list[Tile]:
    wanted = zoom + _FINER
    while wanted > 0 and count_over(box, wanted) > _MOST_CELLS:
        wanted -= 1
    return tiles_over(box, wanted)


def _cluster(count: int, north: int, east: int, number: int) -> Cluster:
    return Cluster(count, Point(north // count, east // count), number if count == 1 else None)


def ideas_alone(session: Session, call_id: int, numbers: Sequence[int]) -> dict[int, Idea]:
    """Return published ideas of a call with their places, by number."""
    if not numbers:
        return {}
    found = session.scalars(
        sa.select(Idea)
        .where(Idea.idea_call_id == call_id, Idea.number.in_(numbers), published())
        .options(selectinload(Idea.place))
    )
    return {idea.number: idea for idea in found}
