"""Places as people type and draw them, and the squares of maps in which they are found."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from participation.foundation.errors import Refused
from participation.foundation.geometry import (
    DEGREE,
    MOST_POINTS,
    Box,
    Point,
    Shape,
    read_geometry,
    read_point,
)
from participation.foundation.tiles import (
    FINEST,
    block_around,
    cover_box,
    cover_ring,
    far_from,
    number_of,
    parts_around,
    tile_at,
)

HERE = Box(53 * DEGREE, 12 * DEGREE, 54 * DEGREE, 13 * DEGREE)


@pytest.mark.parametrize(
    "text",
    [
        "53.63, 12.41",
        "53.63,12.41",
        "53,63 12,41",
        "53,63, 12,41",
        " +53.63   12.41 ; ",
        '{"type": "Point", "coordinates": [12.41, 53.63]}',
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [12.41, 53.63]}}',
    ],
)
def test_a_point_is_typed_in_many_ways(text):
    found = read_geometry(text, within=HERE)
    assert found is not None
    assert found.shape is Shape.POINT
    assert found.points == (Point(53_630_000, 12_410_000),)
    assert read_point(text) == found.points[0]


def test_nothing_is_no_place():
    assert read_geometry("  \n ") is None
    assert read_point("") is None
    assert read_point("53.6 12.4; 53.7 12.5") is None


def test_several_points_are_a_line_and_an_area_when_they_end_where_they_began():
    line = read_geometry("53.6 12.4; 53.6 12.4; 53.7 12.4; 53.7 12.6")
    assert line is not None
    assert line.shape is Shape.LINE
    assert len(line.points) == 3
    # Half of the way, not the middle of its box.
    assert line.centre == Point(53_700_000, 12_450_000)
    area = read_geometry("53.6 12.4; 53.7 12.4; 53.7 12.5; 53.6 12.5; 53.6 12.4")
    assert area is not None
    assert area.shape is Shape.AREA
    assert area.centre == Point(53_650_000, 12_450_000)
    assert read_geometry(area.typed) == area
    assert read_geometry(line.typed) == line


def test_the_edge_of_an_area_runs_against_the_clock_and_closes_whatever_was_drawn():
    open_ring = [[12.4, 53.6], [12.4, 53.7], [12.5, 53.7]]
    found = read_geometry(json.dumps({"type": "Polygon", "coordinates": [open_ring]}))
    assert found is not None
    (ring,) = found.geojson["coordinates"]
    assert ring[0] == ring[-1]
    assert ring == [[12.5, 53.7], [12.4, 53.7], [12.4, 53.6], [12.5, 53.7]]
    assert read_geometry(json.dumps(found.geojson)) is not None


def _polygon(*points: tuple[Any, Any]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [list(points)]})


@pytest.mark.parametrize(
    "text",
    [
        "Marktplatz",
        "53.63",
        "53.63, 12.41, 7",
        "91, 12",
        "53, 181",
        "53.6 12.4; hier",
        "NaN NaN",
        "1e1 12",
        "48.1, 11.5",
        _polygon((-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)),
        _polygon((12.4, 53.6), (12.5, 53.6)),
        _polygon((12.4, 53.6), (12.5, 53.6), (12.6, 53.6)),
        # A bow tie.
        _polygon((12.4, 53.6), (12.5, 53.7), (12.5, 53.6), (12.4, 53.7), (12.4, 53.6)),
        '{"type": "Point", "coordinates": [NaN, 53.6]}',
        '{"type": "Point", "coordinates": [Infinity, 53.6]}',
        '{"type": "Point", "coordinates": [1e999, 53.6]}',
        '{"type": "Point", "coordinates": [12.4, 53.6, 100]}',
        '{"type": "Point", "coordinates": ["12.4", "53.6"]}',
        '{"type": "Point", "coordinates": [true, 53.6]}',
        '{"type": "Point", "coordinates": [[12.4, 53.6]]}',
        '{"type": "Point", "coordinates": null}',
        '{"type": "Point"}',
        '{"type": "LineString", "coordinates": [12.4, 53.6]}',
        '{"type": "LineString", "coordinates": [[12.4, 53.6], [12.4, 53.6]]}',
        '{"type": "Polygon", "coordinates": [[12.4, 53.6], [12.5, 53.6], [12.5, 53.7]]}',
        '{"type": "Polygon", "coordinates": [[], []]}',
        '{"type": "MultiPoint", "coordinates": [[12.4, 53.6]]}',
        '{"type": "GeometryCollection", "geometries": []}',
        '{"type": {"a": 1}, "coordinates": {}}',
        "{",
        "[12.4, 53.6]",
        "[" * 10_000,
        '{"a":' * 3_000,
        '{"type": "Point", "coordinates": [1' + "0" * 5_000 + ", 53.6]}",
        "53.6 12.4; " * 5_000,
        ";".join(f"53.{number:03} 12.4" for number in range(MOST_POINTS + 1)),
        json.dumps({"type": "LineString", "coordinates": [[12.4, 53.6]] * 10_000}),
    ],
)
def test_what_is_no_place_here_is_refused_with_a_sentence(text):
    with pytest.raises(Refused) as refusal:
        read_geometry(text, within=HERE)
    assert refusal.value.message[0].isupper()


def test_as_many_points_as_allowed_are_taken():
    text = ";".join(f"53.{number:03} 12.4" for number in range(MOST_POINTS))
    assert read_geometry(text, within=HERE) is not None


# Squares ---------------------------------------------------------------------------------------

CENTRE = Point(53_630_000, 12_410_000)


@pytest.fixture
def points():
    chance = random.Random(7)
    return [
        Point(
            CENTRE.north + chance.randint(-60_000, 60_000),
            CENTRE.east + chance.randint(-90_000, 90_000),
        )
        for _ in range(2_000)
    ]


def test_the_points_of_a_square_have_numbers_in_its_range(points):
    for point in points[:200]:
        for zoom in (0, 1, 9, 16, FINEST):
            tile = tile_at(point, zoom)
            first, last = tile.numbers
            assert first <= number_of(point) <= last
            box = tile.box
            assert box.south - 1 <= point.north <= box.north + 1
            assert box.west - 1 <= point.east <= box.east + 1
    assert all(tile_at(Point(north, 180 * DEGREE), 3) for north in (90 * DEGREE, -90 * DEGREE))


@pytest.mark.parametrize("most", [1, 9, 200])
def test_ranges_cover_a_section(points, most):
    box = Box(53_600_000, 12_390_000, 53_640_000, 12_430_000)
    ranges = cover_box(box, most=most)
    inside = [point for point in points if box.holds(point)]
    assert inside
    assert all(_covered(point, ranges) for point in inside)
    if most == 200:
        assert not all(_covered(point, ranges) for point in points)


@pytest.mark.parametrize(
    ("inner", "outer", "finest"), [(0, 5_000, 14), (20_000, 22_000, 15), (0, 90_000_000, 6)]
)
def test_ranges_cover_a_ring(points, inner, outer, finest):
    ranges = cover_ring(CENTRE, inner, outer, finest)
    inside = [point for point in points if inner**2 <= far_from(CENTRE, point) <= outer**2]
    assert inside
    assert all(_covered(point, ranges) for point in inside)
    assert ranges == sorted(ranges)


@pytest.mark.parametrize("zoom", [3, 11, 17])
def test_the_squares_around_a_point_hold_what_is_nearest(points, zoom):
    ranges, reach = block_around(CENTRE, zoom)
    beside = tile_at(CENTRE, zoom).box
    quarter = (beside.north - beside.south) // 5
    for point in points:
        away = far_from(CENTRE, point)
        if _covered(point, ranges):
            assert away <= reach**2
        else:
            assert away > quarter**2


@pytest.mark.parametrize("zoom", [3, 9, 11])
def test_the_parts_of_these_squares_hold_the_same_and_say_how_far_they_reach(points, zoom):
    ranges, reach = block_around(CENTRE, zoom)
    parts = parts_around(CENTRE, zoom, 4)
    assert sum(len(numbers) for numbers in parts.values()) == 4 * 4**4
    assert max(parts) == reach
    for point in points:
        within = [part for part, numbers in parts.items() if _covered(point, numbers)]
        assert len(within) == _covered(point, ranges)
        assert all(far_from(CENTRE, point) <= part**2 for part in within)


def _covered(point: Point, ranges: list[tuple[int, int]]) -> bool:
    number = number_of(point)
    return any(first <= number <= last for first, last in ranges)
