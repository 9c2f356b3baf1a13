"""Points, lines and areas on the earth, in millionths of a degree, as people type or draw them.

Whole numbers are the same in every database and in every comparison; a millionth of a degree is
a tenth of a metre.
"""

from __future__ import annotations

import enum
import itertools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from participation.foundation.errors import Refused

DEGREE = 1_000_000
MOST_POINTS = 100
_LONGEST = 20_000
_NUMBER = r"([+-]?\d{1,3}(?:[.,]\d{1,20})?)"
_PAIR = re.compile(rf"{_NUMBER}(?:\s*,\s*|\s+){_NUMBER}", re.ASCII)
_BETWEEN = re.compile(r"[;\n]")


class Shape(enum.Enum):
    """What is drawn on a map."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Point:
    """A point in millionths of a degree."""

    north: int
    east: int

    @property
    def position(self) -> list[float]:
        """The point as GeoJSON writes it: east first."""
        return [self.east / DEGREE, self.north / DEGREE]

    def __str__(self) -> str:
        return f"{self.north / DEGREE:.6f}, {self.east / DEGREE:.6f}"


@dataclass(frozen=True, slots=True)
class Box:
    """A section of the earth; it does not go over the line of the date."""

    south: int
    west: int
    north: int
    east: int

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies in the section."""
        return self.south <= point.north <= self.north and self.west <= point.east <= self.east


WORLD = Box(-90 * DEGREE, -180 * DEGREE, 90 * DEGREE, 180 * DEGREE)


@dataclass(frozen=True, slots=True)
class Geometry:
    """A point, the points of a line, or those of an area's edge, the first one not repeated."""

    shape: Shape
    points: tuple[Point, ...]

    @property
    def centre(self) -> Point:
        """A point that stands for the whole on a map of many."""
        if self.shape is Shape.LINE:
            return _half_way(self.points)
        if self.shape is Shape.AREA:
            return _balance(self.points)
        return self.points[0]

    @property
    def typed(self) -> str:
        """The points as somebody would type them; an area ends where it began."""
        closing = self.points[:1] if self.shape is Shape.AREA else ()
        return "; ".join(str(point) for point in self.points + closing)

    @property
    def geojson(self) -> dict[str, Any]:
        """The geometry of RFC 7946: the edge of an area runs against the clock."""
        if self.shape is Shape.POINT:
            return {"type": "Point", "coordinates": self.points[0].position}
        if self.shape is Shape.LINE:
            return {"type": "LineString", "coordinates": [one.position for one in self.points]}
        ring = self.points if _twice_the_area(self.points) > 0 else self.points[::-1]
        return {
            "type": "Polygon",
            "coordinates": [[one.position for one in (*ring, ring[0])]],
        }


def read_geometry(text: str, *, within: Box = WORLD) -> Geometry | None:
    """Return what somebody typed or drew; None for nothing.

    Typed are pairs of north and east with semicolons between them: one is a point, several are a
    line, and those that end where they began an area. A geometry of GeoJSON is read too. Raises
    Refused.
    """
    text = text.strip()
    if not text:
        return None
    if len(text) > _LONGEST:
        _refuse_so_many()
    shape, points = _read_json(text) if text[0] in "{[" else _read_typed(text)
    return _checked(shape, points, within)


def read_point(text: str) -> Point | None:
    """Return the one point that somebody typed; None if it is none."""
    try:
        found = read_geometry(text[:100])
    except Refused:
        return None
    return found.points[0] if found is not None and found.shape is Shape.POINT else None


def _read_typed(text: str) -> tuple[Shape | None, list[Point]]:
    points = []
    for part in _BETWEEN.split(text.rstrip("; \n")):
        pair = _PAIR.fullmatch(part.strip())
        if pair is None:
            raise Refused(
                "Das sind keine Koordinaten. Schreiben Sie Breite und Länge, zum Beispiel "
                "53.6301, 12.4193."
            )
        north, east = (float(number.replace(",", ".")) for number in pair.groups())
        points.append(_point(north, east))
    return None, points


def _read_json(text: str) -> tuple[Shape | None, list[Point]]:
    try:
        read = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _not_read() from None
    if isinstance(read, dict) and read.get("type") == "Feature":
        read = read.get("geometry")
    if not isinstance(read, dict):
        raise _not_read()
    coordinates, kind = read.get("coordinates"), read.get("type")
    if kind == "Point":
        return Shape.POINT, [_position(coordinates)]
    if kind == "LineString":
        return Shape.LINE, _positions(coordinates)
    # An area with a hole in it is none that somebody draws here.
    if kind == "Polygon" and isinstance(coordinates, list) and len(coordinates) == 1:
        return Shape.AREA, _positions(coordinates[0])
    raise _not_read()


def _no_number(_name: str) -> NoReturn:
    raise ValueError("not a number")


def _positions(found: Any) -> list[Point]:
    if not isinstance(found, list):
        raise _not_read()
    if len(found) > MOST_POINTS + 1:
        _refuse_so_many()
    return [_position(one) for one in found]


def _position(found: Any) -> Point:
    # A height is refused: nobody would see it, and it would be kept.
    if not isinstance(found, list) or len(found) != 2:
        raise _not_read()
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in found):
        raise _not_read()
    east, north = found
    return _point(north, east)


def _point(north: float, east: float) -> Point:
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise Refused(
            "Diesen Ort gibt es nicht: Die Breite geht bis 90 Grad, die Länge bis 180 Grad."
        )
    return Point(round(north * DEGREE), round(east * DEGREE))


def _checked(shape: Shape | None, points: list[Point], within: Box) -> Geometry:
    points = [one for one, _again in itertools.groupby(points)]
    is_closed = len(points) > 3 and points[0] == points[-1]
    if shape is None:
        shape = Shape.AREA if is_closed else Shape.LINE if len(points) > 1 else Shape.POINT
    if shape is Shape.AREA and is_closed:
        points.pop()
    if len(points) > MOST_POINTS:
        _refuse_so_many()
    if not all(within.holds(point) for point in points):
        raise Refused("Der Ort liegt weit außerhalb. Setzen Sie ihn bitte auf unserem Gebiet.")
    if shape is Shape.LINE and len(points) < 2:
        raise Refused("Eine Linie hat mindestens zwei Punkte.")
    if shape is Shape.AREA and (len(set(points)) < 3 or not _twice_the_area(points)):
        raise Refused("Eine Fläche hat mindestens drei Punkte, die nicht auf einer Linie liegen.")
    if shape is Shape.AREA and _crosses_itself(points):
        raise Refused("Der Rand der Fläche kreuzt sich selbst. Zeichnen Sie sie bitte noch einmal.")
    return Geometry(shape, tuple(points))


def _not_read() -> Refused:
    return Refused("Das ist kein Punkt, keine Linie und keine Fläche.")


def _refuse_so_many() -> NoReturn:
    raise Refused(
        "Das sind mehr als %(most)s Punkte. Zeichnen Sie den Ort bitte einfacher.",
        most=MOST_POINTS,
    )


def _twice_the_area(ring: Sequence[Point]) -> int:
    """Return twice the area in a ring: more than nothing if it runs against the clock."""
    return sum(
        one.east * other.north - other.east * one.north
        for one, other in zip(ring, (*ring[1:], ring[0]), strict=True)
    )


def _balance(ring: Sequence[Point]) -> Point:
    """Return the point on which an area would balance."""
    # Measured from its first point, so that the numbers stay small.
    start = ring[0]
    moved = [Point(one.north - start.north, one.east - start.east) for one in ring]
    north = east = 0
    for one, other in zip(moved, (*moved[1:], moved[0]), strict=True):
        part = one.east * other.north - other.east * one.north
        north += (one.north + other.north) * part
        east += (one.east + other.east) * part
    six_areas = 3 * _twice_the_area(moved)
    return Point(start.north + round(north / six_areas), start.east + round(east / six_areas))


def _half_way(line: Sequence[Point]) -> Point:
    lengths = [
        math.hypot(other.north - one.north, other.east - one.east)
        for one, other in itertools.pairwise(line)
    ]
    left = sum(lengths) / 2
    for (one, other), length in zip(itertools.pairwise(line), lengths, strict=True):
        if left <= length:
            share = left / length
            return Point(
                one.north + round((other.north - one.north) * share),
                one.east + round((other.east - one.east) * share),
            )
        left -= length
    return line[-1]


def _crosses_itself(ring: Sequence[Point]) -> bool:
    edges = list(zip(ring, (*ring[1:], ring[0]), strict=True))
    for place, (one, other) in enumerate(edges):
        # Neighbours meet in their common point.
        for third, fourth in edges[place + 2 : len(edges) - (place == 0)]:
            if _side(one, other, third) * _side(one, other, fourth) <= 0 and (
                _side(third, fourth, one) * _side(third, fourth, other) <= 0
            ):
                return True
    return False


def _side(one: Point, other: Point, third: Point) -> int:
    """Return on which side of a line a point lies: 1, -1, or 0 on it."""
    turn = (other.east - one.east) * (third.north - one.north) - (other.north - one.north) * (
        third.east - one.east
    )
    return (turn > 0) - (turn < 0)
