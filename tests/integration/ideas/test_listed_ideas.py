"""A table holds what the pages of its list show, in their order, and reads it in bulk."""

from __future__ import annotations

import pytest

from participation.contributions.models import ContributionStatus
from participation.foundation.geometry import Geometry, Point, Shape
from participation.ideas.placing import ChosenPlace
from participation.portal.queries.idea_lists import (
    IdeaOrder,
    WantedIdeas,
    idea_page,
    listed_ideas,
)
from participation.portal.queries.listed_ideas import codes_of
from participation.strategy.queries import get_element
from tests.statements import statements_on

HERE = Point(53_630_000, 12_410_000)


def spot(number):
    return ChosenPlace(geometry=Geometry(Shape.POINT, (Point(HERE.north + number, HERE.east),)))


@pytest.fixture
def call(make):
    """A call whose ideas are at points, at an address, everywhere and nowhere."""
    call = make.idea_call(make.municipality())
    for number in range(5):
        make.idea(call, place=spot(number), supports=number % 3)
    make.idea(call, place=ChosenPlace(address="Markt"))
    make.idea(call, place=ChosenPlace(is_everywhere=True))
    make.comment(None, anchor=make.idea(call))
    make.idea(call, status=ContributionStatus.HIDDEN)
    return call


def wanted_from(call, order):
    near = HERE if order is IdeaOrder.NEAREST else None
    return WantedIdeas(call.id, order=order, near=near, begin=7)


def parts_of(place):
    return place and (place.kind, place.address, place.centre, place.geometry)


@pytest.mark.parametrize("order", IdeaOrder)
@pytest.mark.parametrize("at_once", [1, 3, 50])
def test_a_table_has_the_ideas_of_the_pages_in_every_order(session, call, order, at_once):
    wanted = wanted_from(call, order)
    listed = [one for few in listed_ideas(session, wanted, at_once=at_once) for one in few]
    paged = idea_page(session, wanted, limit=50).ideas
    assert len(listed) == (5 if order is IdeaOrder.NEAREST else 8)
    for one, idea in zip(listed, paged, strict=True):
        for name in ("id", "number", "title", "text", "language", "received_at", "channel"):
            assert getattr(one, name) == getattr(idea, name)
        assert (one.people, one.supports, one.group_id) == (idea.people, idea.supports, None)
        assert parts_of(one.place) == parts_of(idea.place)


def test_ideas_of_a_table_take_one_query_and_nothing_for_each(session, call):
    session.flush()
    with statements_on(session.get_bind()) as queries:
        (ideas,) = listed_ideas(session, WantedIdeas(call.id), at_once=50)
        assert [idea.place.kind for idea in ideas if idea.place]
    assert len(queries) == 1


def test_elements_stand_in_the_order_of_their_codes(make, session):
    strategy = make.adopted_strategy(town := make.municipality())
    elements = [get_element(session, strategy.id, code) for code in ("M-01", "HF-1")]
    call = make.idea_call(town, elements=elements)
    about = make.idea(call, elements=elements)
    without = make.idea(call)
    assert codes_of(session, [about.id, without.id]) == {about.id: ["HF-1", "M-01"]}
    assert codes_of(session, []) == {}
