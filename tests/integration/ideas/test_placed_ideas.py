"""Ideas by where they are: near a point, in a section of the map, gathered in clusters."""

from __future__ import annotations

import random
from itertools import pairwise
from math import cos, hypot, radians

import pytest
import sqlalchemy as sa

from participation.contributions.models import ContributionStatus
from participation.contributions.operations import withdraw
from participation.foundation.geometry import WORLD, Box, Geometry, Point, Shape, read_geometry
from participation.foundation.tiles import far_from
from participation.ideas.models import Idea, IdeaPlace, PlaceKind
from participation.ideas.placing import ChosenPlace
from participation.portal.queries.idea_lists import (
    IdeaOrder,
    WantedIdeas,
    count_listed,
    filters_of,
    idea_page,
)
from participation.portal.queries.placed_ideas import (
    MOST_IN_CLUSTER,
    PlaceFilter,
    clusters,
    ideas_alone,
    seek_place,
)

HERE = Point(53_630_000, 12_410_000)
TOWN = Box(53_500_000, 12_200_000, 53_800_000, 12_700_000)


def at(north: int, east: int) -> ChosenPlace:
    return ChosenPlace(geometry=Geometry(Shape.POINT, (Point(north, east),)))


@pytest.fixture
def call(make):
    return make.idea_call(make.municipality())


@pytest.fixture
def scattered(make, call):
    """Ideas all over the town, some at the same spot, and some that nobody may see."""
    chance = random.Random(3)
    ideas = []
    for number in range(24):
        far = 10 ** chance.randint(2, 5)
        north = HERE.north + chance.randint(-far, far)
        east = HERE.east + chance.randint(-far, far)
        ideas.append(make.idea(call, place=at(north, east)))
        if number % 5 == 0:
            ideas.append(make.idea(call, place=at(north, east)))
        if number % 7 == 0:
            make.idea(call, place=at(north, east), status=ContributionStatus.HIDDEN)
    make.idea(call, place=ChosenPlace(address="Markt"))
    make.idea(call, place=ChosenPlace(is_everywhere=True))
    make.idea(call)
    return ideas


def pages(session, wanted, limit):
    shown: list[Idea] = []
    key: str | None = None
    for _ in range(100):
        page = idea_page(session, wanted, after=key, limit=limit)
        assert len(page.ideas) <= limit
        shown += page.ideas
        key = page.next_key
        if key is None:
            return shown
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_the_nearest_come_first_on_all_pages_and_each_once(session, call, scattered, limit):
    wanted = WantedIdeas(call.id, IdeaOrder.NEAREST, near=HERE)
    shown = pages(session, wanted, limit)
    assert {idea.number for idea in shown} == {idea.number for idea in scattered}
    assert len(shown) == len(scattered)
    keys = [(far_from(HERE, idea.place.centre), idea.number) for idea in shown]
    assert keys == sorted(keys)
    # As it is on the ground, give or take what is rounded.
    metres = [_metres(idea.place.centre) for idea in shown]
    assert all(one <= other * 1.01 + 2 for one, other in pairwise(metres))


def _metres(point: Point) -> float:
    north = (point.north - HERE.north) * 0.1113
    east = (point.east - HERE.east) * 0.1113 * cos(radians(HERE.north / 1e6))
    return hypot(north, east)


def test_the_nearest_are_found_from_far_away_and_where_there_are_few(session, make, call):
    first = make.idea(call, place=at(53_630_000, 12_410_000))
    second = make.idea(call, place=at(47_000_000, 8_000_000))
    for point in (HERE, Point(0, 0), Point(-89_000_000, 179_000_000), Point(90_000_000, 0)):
        shown = pages(session, WantedIdeas(call.id, IdeaOrder.NEAREST, near=point), 1)
        assert {idea.number for idea in shown} == {first.number, second.number}


def test_from_far_away_all_of_a_town_come_in_their_order(session, call, scattered):
    for away in (150_000, 600_000, 3_000_000):
        point = Point(HERE.north, HERE.east - away)
        shown = pages(session, WantedIdeas(call.id, IdeaOrder.NEAREST, near=point), 4)
        keys = [(far_from(point, idea.place.centre), idea.number) for idea in shown]
        assert keys == sorted(keys)
        assert {idea.number for idea in shown} == {idea.number for idea in scattered}


def test_near_goes_with_every_filter_and_counts_what_it_shows(session, make, call, scattered):
    found = make.idea(call, title="Seilbahn", place=at(53_631_000, 12_411_000))
    box = Box(53_629_000, 12_409_000, 53_632_000, 12_412_000)
    wanted = WantedIdeas(
        call.id,
        IdeaOrder.NEAREST,
        near=HERE,
        place=seek_place(session, call.id, wanted=None, box=box),
    )
    inside = [idea for idea in scattered if box.holds(idea.place.centre)]
    shown = pages(session, wanted, 5)
    assert {idea.number for idea in shown} == {idea.number for idea in (*inside, found)}
    assert count_listed(session, wanted) == len(inside) + 1


@pytest.mark.parametrize("is_common", [False, True])
def test_a_section_of_the_map_holds_exactly_what_is_in_it(
    session, call, scattered, is_common, monkeypatch
):
    if is_common:
        monkeypatch.setattr("participation.portal.queries.placed_ideas._COMMON", 0)
    box = Box(53_600_000, 12_380_000, 53_650_000, 12_440_000)
    sought = seek_place(session, call.id, wanted=None, box=box)
    assert sought is not None
    assert sought.is_common is is_common
    shown = pages(session, WantedIdeas(call.id, place=sought), 9)
    inside = {idea.number for idea in scattered if box.holds(idea.place.centre)}
    assert inside
    assert {idea.number for idea in shown} == inside


@pytest.mark.parametrize("is_common", [False, True])
def test_a_list_is_filtered_by_what_kind_of_place_ideas_have(
    session, make, call, is_common, monkeypatch
):
    if is_common:
        monkeypatch.setattr("participation.portal.queries.placed_ideas._COMMON", 0)
    make.idea(call, title="Überall", place=ChosenPlace(is_everywhere=True))
    make.idea(call, title="Am Markt", place=ChosenPlace(address="Markt"))
    make.idea(call, title="Am Ufer", place=ChosenPlace(geometry=read_geometry("53.6 12.4")))
    make.idea(call, title="Nirgends")

    def titles(wanted):
        sought = seek_place(session, call.id, wanted=wanted, box=None)
        return [idea.title for idea in pages(session, WantedIdeas(call.id, place=sought), 20)]

    assert titles(PlaceFilter.EVERYWHERE) == ["Überall"]
    assert titles(PlaceFilter.SOMEWHERE) == ["Am Ufer", "Am Markt"]
    assert titles(None) == ["Nirgends", "Am Ufer", "Am Markt", "Überall"]


@pytest.mark.parametrize("zoom", [0, 12, 19])
def test_clusters_hold_every_published_idea_of_the_section_once(session, call, scattered, zoom):
    wanted = list(filters_of(WantedIdeas(call.id)))
    box = (
        WORLD
        if zoom < 10
        else TOWN
        if zoom < 19
        else Box(53_629_000, 12_409_000, 53_631_000, 12_411_000)
    )
    found = clusters(session, call.id, wanted, box=box, zoom=zoom)
    assert len(found) <= 200
    if zoom < 19:
        assert sum(cluster.count for cluster in found) == len(scattered)
    alone = ideas_alone(session, call.id, [one.number for one in found if one.number])
    for cluster in found:
        assert (cluster.count == 1) == (cluster.number is not None)
        if cluster.number:
            place = alone[cluster.number].place
            assert place is not None
            assert cluster.centre == place.centre


def test_a_cluster_is_counted_no_further_than_it_says(session, make, call):
    idea = make.idea(call, place=at(HERE.north, HERE.east))
    for number in range(MOST_IN_CLUSTER + 5):
        make.idea(call, title=f"Idee {number}", place=at(HERE.north, HERE.east))
    wanted = list(filters_of(WantedIdeas(call.id)))
    (cluster,) = clusters(session, call.id, wanted, box=TOWN, zoom=12)
    assert cluster.count == MOST_IN_CLUSTER + 1
    assert cluster.centre == idea.place.centre


@pytest.mark.parametrize("status", list(ContributionStatus))
def test_a_place_stands_on_the_map_only_while_its_idea_is_public(session, make, call, status):
    make.idea(call, place=at(HERE.north, HERE.east), status=status)
    wanted = list(filters_of(WantedIdeas(call.id)))
    found = clusters(session, call.id, wanted, box=TOWN, zoom=12)
    near = pages(session, WantedIdeas(call.id, IdeaOrder.NEAREST, near=HERE), 5)
    is_shown = status is ContributionStatus.PUBLISHED
    assert len(found) == len(near) == int(is_shown)


def test_a_withdrawn_idea_leaves_no_place_behind(session, make, call):
    idea = make.idea(call, place=ChosenPlace(address="Hinterm Bahnhof"))
    withdraw(session, contribution=idea, at=make.at)
    assert session.scalar(sa.select(sa.func.count()).select_from(IdeaPlace)) == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": PlaceKind.POINT},
        {"kind": PlaceKind.ADDRESS, "address": ""},
        {"kind": PlaceKind.EVERYWHERE, "tile": 1, "north": 1, "east": 1},
        {"kind": PlaceKind.POINT, "tile": 1, "north": 90_000_001, "east": 1},
    ],
)
def test_the_database_takes_no_half_place(session, make, call, broken):
    idea = make.idea(call)
    session.add(IdeaPlace(idea_id=idea.id, idea_call_id=call.id, **broken))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()
