"""The squares of web maps as numbers: what lies in a square is one range of numbers.

A map of zoom z has 2^z squares in a row. The number of a point is that of its square at the
finest zoom, with the bits of column and row in turn; all points in a square of any zoom have
numbers that follow one another, so that an index of a database knows them as a range. A section
or a ring around a point is covered by some ranges; the caller asks each point exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from participation.foundation.geometry import DEGREE, Box, Point

FINEST = 24
# How long a millionth of a degree to the north is.
METRES = 0.111
_MOST_NORTH = 85.05
# Scaled by thousandths, so that a database that reckons with whole numbers finds the same.
_WHOLE = 1_000
# A square may look a little smaller than it is, by what is rounded.
_SLACK = 20

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of a map."""

    zoom: int
    column: int
    row: int

    @property
    def numbers(self) -> Range:
        """The first and the last number of the points in it."""
        first = _woven(self.column, self.row) << 2 * (FINEST - self.zoom)
        return first, first + (1 << 2 * (FINEST - self.zoom)) - 1

    @property
    def box(self) -> Box:
        """Its edges."""
        return Box(
            south=_north_of(self.zoom, self.row + 1),
            west=_east_of(self.zoom, self.column),
            north=_north_of(self.zoom, self.row),
            east=_east_of(self.zoom, self.column + 1),
        )

    @property
    def quarters(self) -> Iterator[Tile]:
        """The squares in it, in the order of their numbers."""
        for row in (0, 1):
            for column in (0, 1):
                yield Tile(self.zoom + 1, 2 * self.column + column, 2 * self.row + row)

    def parts(self, finer: int) -> Iterator[Tile]:
        """The squares in it of a map that is so many zooms finer."""
        across = 1 << finer
        for row in range(across):
            for column in range(across):
                yield Tile(
                    self.zoom + finer, across * self.column + column, across * self.row + row
                )


def number_of(point: Point) -> int:
    """Return the number of a point."""
    tile = tile_at(point, FINEST)
    return _woven(tile.column, tile.row)


def tile_at(point: Point, zoom: int) -> Tile:
    """Return the square in which a point lies."""
    north = max(-_MOST_NORTH, min(_MOST_NORTH, point.north / DEGREE))
    across = point.east / DEGREE / 360 + 0.5
    down = (1 - math.asinh(math.tan(math.radians(north))) / math.pi) / 2
    last = (1 << zoom) - 1
    column, row = (min(last, int(part * (1 << zoom))) for part in (across, down))
    return Tile(zoom, column, row)


def tiles_over(box: Box, zoom: int) -> list[Tile]:
    """Return the squares of a zoom that a section touches."""
    first = tile_at(Point(box.north, box.west), zoom)
    last = tile_at(Point(box.south, box.east), zoom)
    return [
        Tile(zoom, column, row)
        for row in range(first.row, last.row + 1)
        for column in range(first.column, last.column + 1)
    ]


def shrinking(north: int) -> int:
    """Return how much shorter a degree to the east is than one to the north, in thousandths."""
    return round(math.cos(math.radians(north / DEGREE)) * _WHOLE)


def far_from(centre: Point, point: Point) -> int:
    """Return how far a point is, squared, in millionths of a degree to the north."""
    north = point.north - centre.north
    east = abs(point.east - centre.east) * shrinking(centre.north) // _WHOLE
    return north * north + east * east


def cover_box(box: Box, *, most: int = 24) -> list[Range]:
    """Return ranges that hold all points of a section: of the smallest squares, at most so many."""
    zoom = next(zoom for zoom in range(FINEST, -1, -1) if count_over(box, zoom) <= most)
    return _joined(sorted(tile.numbers for tile in tiles_over(box, zoom)))


def count_over(box: Box, zoom: int) -> int:
    """Return how many squares of a zoom a section touches."""
    first = tile_at(Point(box.north, box.west), zoom)
    last = tile_at(Point(box.south, box.east), zoom)
    return (last.row - first.row + 1) * (last.column - first.column + 1)


def block_around(point: Point, zoom: int) -> tuple[list[Range], int]:
    """Return the ranges of the squares around a point, and a distance within which they lie.

    They are two by two, and the point is nearer to the corner that they share than to an edge.
    """
    tiles = list(_around(point, zoom))
    farthest = max(_farthest(tile, point) for tile in tiles)
    return _joined(sorted(tile.numbers for tile in tiles)), farthest


def parts_around(point: Point, zoom: int, finer: int) -> dict[int, list[Range]]:
    """Return the ranges of the parts of these squares by the distance within which they lie.

    The parts are squares as well, of a map that is `finer` zooms finer.
    """
    parts: defaultdict[int, list[Range]] = defaultdict(list)
    for tile in _around(point, zoom):
        for part in tile.parts(finer):
            parts[_farthest(part, point)].append(part.numbers)
    return parts


def _around(point: Point, zoom: int) -> Iterator[Tile]:
    half = tile_at(point, zoom + 1)
    size = 1 << zoom
    columns = {max(0, min(size - 1, (half.column - 1) // 2 + step)) for step in (0, 1)}
    rows = {max(0, min(size - 1, (half.row - 1) // 2 + step)) for step in (0, 1)}
    return (Tile(zoom, column, row) for column in columns for row in rows)


def _farthest(tile: Tile, point: Point) -> int:
    scale = shrinking(point.north) / _WHOLE
    return math.ceil(_reach(tile.box, point, scale)[1]) + _SLACK


def cover_ring(centre: Point, inner: int, outer: int, finest: int) -> list[Range]:
    """Return ranges that hold all points from `inner` to `outer` away from a centre.

    Distances are millionths of a degree to the north; `finest` is the zoom of the smallest
    squares.
    """
    scale = shrinking(centre.north) / _WHOLE

    def where(tile: Tile) -> bool | None:
        nearest, farthest = _reach(tile.box, centre, scale)
        if nearest > outer + _SLACK or farthest < inner - _SLACK:
            return False
        return True if nearest >= inner and farthest <= outer else None

    return _joined(_parts(Tile(0, 0, 0), where, finest))


def _parts(tile: Tile, where: Callable[[Tile], bool | None], finest: int) -> Iterator[Range]:
    is_in = where(tile)
    if is_in is False:
        return
    if is_in or tile.zoom >= finest:
        yield tile.numbers
        return
    for quarter in tile.quarters:
        yield from _parts(quarter, where, finest)


def _reach(box: Box, centre: Point, scale: float) -> tuple[float, float]:
    """Return how far the nearest and the farthest point of a section are."""
    norths = (box.south - centre.north, box.north - centre.north)
    easts = ((box.west - centre.east) * scale, (box.east - centre.east) * scale)
    near = [0 if low <= 0 <= high else min(abs(low), abs(high)) for low, high in (norths, easts)]
    far = [max(abs(low), abs(high)) for low, high in (norths, easts)]
    return math.hypot(*near), math.hypot(*far)


def _joined(ranges: Iterator[Range] | list[Range]) -> list[Range]:
    joined: list[Range] = []
    for first, last in ranges:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return joined


def _woven(column: int, row: int) -> int:
    return _spread(column) | _spread(row) << 1


def _spread(number: int) -> int:
    """Put an empty bit between each two bits of a number."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        number = (number | number << shift) & mask
    return number


def _east_of(zoom: int, column: int) -> int:
    return round((column / (1 << zoom) - 0.5) * 360 * DEGREE)


@lru_cache(maxsize=4096)
def _north_of(zoom: int, row: int) -> int:
    if row <= 0:
        return 90 * DEGREE
    if row >= 1 << zoom:
        return -90 * DEGREE
    return round(math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / (1 << zoom))))) * DEGREE)
