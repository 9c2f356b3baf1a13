"""Lists of ideas: their orders, what is left out of them, and what is found by words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from participation.contributions.models import ContributionStatus
from participation.foundation.errors import Refused
from participation.ideas.models import LAST_LOT
from participation.ideas.queries import CallNumbers, call_totals
from participation.ideas.search import seek, stems_of
from participation.portal.queries.idea_lists import (
    MOST_COUNTED,
    IdeaOrder,
    WantedIdeas,
    count_listed,
    draw_beginning,
    idea_page,
)
from participation.portal.queries.ideas import IdeaState
from participation.revisions.models import Disposition
from participation.strategy.queries import get_element

S = ContributionStatus


@pytest.fixture
def call(make):
    """A call without ideas."""
    return make.idea_call(make.municipality())


def numbers_of(session, wanted, limit=2):
    """The numbers of all ideas of a list, read page by page."""
    numbers, key = [], None
    while True:
        page = idea_page(session, wanted, after=key, limit=limit)
        numbers += [idea.number for idea in page.ideas]
        key = page.next_key
        if key is None:
            return numbers


def found(session, call, words):
    return set(numbers_of(session, WantedIdeas(call.id, sought=seek(session, call.id, words))))


@pytest.mark.parametrize("order", IdeaOrder)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_every_order_shows_each_published_idea_once_whatever_the_size_of_a_page(
    make, session, call, order, limit
):
    ideas = make.ideas(call, 7)
    make.idea(call, status=S.HIDDEN)
    make.idea(call, status=S.PENDING)
    for idea, comments in ((ideas[1], 2), (ideas[4], 1), (ideas[5], 2)):
        for _ in range(comments):
            make.comment(None, anchor=idea)
    for number, idea in enumerate(ideas):
        # Two of them drew the same lot.
        idea.lot = (5, 900, 31, 77, 31, 2, LAST_LOT)[number]
    session.flush()
    wanted = WantedIdeas(call.id, order=order, begin=31)
    assert sorted(numbers_of(session, wanted, limit)) == [1, 2, 3, 4, 5, 6, 7]
    assert numbers_of(session, wanted, limit) == numbers_of(session, wanted, 3)


def test_the_newest_come_first_page_after_page(make, session, call):
    make.ideas(call, 5)
    make.idea(call, status=S.HIDDEN)
    assert numbers_of(session, WantedIdeas(call.id)) == [5, 4, 3, 2, 1]


def test_the_most_supported_come_first_and_equal_ones_by_number(make, session, call):
    for supports in (1, 3, 1, 0):
        make.idea(call, supports=supports)
    wanted = WantedIdeas(call.id, order=IdeaOrder.MOST_SUPPORTED)
    first = idea_page(session, wanted, limit=3)
    assert [idea.number for idea in first.ideas] == [2, 3, 1]
    rest = idea_page(session, wanted, after=first.next_key)
    assert [idea.number for idea in rest.ideas] == [4]
    assert rest.next_key is None


def test_the_most_discussed_come_first_and_then_the_newest_of_the_others(make, session, call):
    ideas = make.ideas(call, 5)
    make.comment(None, anchor=ideas[0])
    first = make.comment(None, anchor=ideas[2])
    make.comment(None, anchor=ideas[2])
    # What nobody reads is not talk about an idea; an answer belongs to its comment.
    make.comment(None, anchor=ideas[4], status=S.HIDDEN)
    make.comment(None, anchor=first)
    make.comment(None, anchor=first)
    wanted = WantedIdeas(call.id, order=IdeaOrder.MOST_DISCUSSED)
    assert numbers_of(session, wanted) == [3, 1, 5, 4, 2]


def test_the_drawn_order_goes_round_and_stays_the_same_when_ideas_come(make, session, call):
    ideas = make.ideas(call, 4)
    for idea, lot in zip(ideas, (40, 10, 30, 20), strict=True):
        idea.lot = lot
    wanted = WantedIdeas(call.id, order=IdeaOrder.DRAWN, begin=30)
    assert numbers_of(session, wanted) == [3, 1, 2, 4]
    page = idea_page(session, wanted, limit=2)
    make.idea(call).lot = 35
    session.flush()
    rest = idea_page(session, wanted, after=page.next_key, limit=9)
    assert [idea.number for idea in rest.ideas] == [2, 4]


def test_a_drawn_list_begins_with_each_idea_equally_often(make, session, call):
    ideas = make.ideas(call, 5)
    make.idea(call, status=S.HIDDEN)
    for idea, lot in zip(ideas, (1, 2, 3, 4, LAST_LOT), strict=True):
        idea.lot = lot
    session.flush()
    drawn = [draw_beginning(session, call.id, chance / 100) for chance in range(100)]
    # The hidden one is the last of six; whoever draws it begins at the beginning.
    assert {lot: drawn.count(lot) for lot in drawn} == {
        1: 17,
        2: 17,
        3: 16,
        4: 17,
        LAST_LOT: 17,
        0: 16,
    }


def test_lots_are_drawn_when_ideas_are_stored(make, call):
    lots = {idea.lot for idea in make.ideas(call, 20)}
    assert len(lots) == 20
    assert all(0 <= lot <= LAST_LOT for lot in lots)


@pytest.mark.parametrize(
    "key", ["", "x", "1-2-3", "-5", "1e3", "²-1", "9" * 30, "1-", "9999999999-1"]
)
@pytest.mark.parametrize("order", IdeaOrder)
def test_a_key_that_is_none_is_refused(session, call, key, order):
    with pytest.raises(Refused):
        idea_page(session, WantedIdeas(call.id, order=order), after=key)


def test_ideas_are_filtered_by_any_of_the_elements_chosen(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    one, two, three = (get_element(session, strategy.id, code) for code in ("HF-1", "M-01", "M-02"))
    call = make.idea_call(town, elements=(one, two, three))
    make.idea(call, elements=(one, two))
    make.idea(call, elements=(two,))
    make.idea(call, elements=(three,))
    make.idea(call, elements=(one,), status=S.PENDING)
    wanted = WantedIdeas(call.id, element_ids=[one.id, two.id])
    assert numbers_of(session, wanted) == [2, 1]
    assert count_listed(session, wanted) == 2
    numbers, by_element = call_totals(session, call.id)
    assert by_element == {one.id: 1, two.id: 2, three.id: 1}
    assert numbers == CallNumbers(ideas=3, supports=0)


def test_ideas_are_filtered_by_how_far_they_came(make, session):
    town = make.municipality()
    loop = make.loop(town)
    call, adopted = loop.call, loop.idea
    element = loop.measure
    waiting = make.idea(call, elements=(element,))
    cited = make.idea(call, elements=(element,))
    make.finding(loop.strategy, elements=[element], contributions=[cited])
    answered = make.idea(call, elements=(element,))
    finding = make.finding(loop.strategy, elements=[element], contributions=[answered])
    draft = make.answer(finding, disposition=Disposition.NOT_ADOPTED, reasons="Dafür fehlt Geld.")
    expected = {
        IdeaState.OPEN: {waiting.number},
        IdeaState.IN_FINDING: {cited.number, answered.number},
        IdeaState.ANSWERED: {adopted.number},
        IdeaState.IN_STRATEGY: {adopted.number},
    }
    wanted = WantedIdeas(call.id)
    for state, numbers in expected.items():
        assert set(numbers_of(session, replace(wanted, state=state))) == numbers, state
    make.signed(draft, make.two_people(town))
    assert set(numbers_of(session, replace(wanted, state=IdeaState.ANSWERED))) == {
        adopted.number,
        answered.number,
    }


@pytest.mark.parametrize("common", [0, 2_000])
def test_words_are_found_in_all_their_forms_and_at_the_beginning_of_longer_ones(
    make, session, call, monkeypatch, common
):
    """Whether very many ideas have a word changes how it is looked for, not what is found."""
    monkeypatch.setattr("participation.ideas.search._COMMON", common)
    make.idea(call, title="Mehr Radwege", text="Die Straßen sind zu eng.")
    make.idea(call, title="Ein Rad zum Leihen", text="Vor dem Rathaus.")
    make.idea(call, title="5G im Zug", text="Das Netz fehlt.")
    make.idea(call, title="Hidden", text="Radweg", status=S.HIDDEN)
    assert found(session, call, "Radweg") == {1}
    assert found(session, call, "RÄDER") == {1, 2}
    assert found(session, call, "Straße") == {1}
    assert found(session, call, "5g") == {3}
    assert found(session, call, "Rad Rathaus") == {2}
    assert found(session, call, "Rad Zug") == set()
    assert found(session, call, "%") == {1, 2, 3}
    assert found(session, call, "Rad' OR 1=1 --") == {1, 2}


@pytest.mark.parametrize("words", ["", "und die", "ab", "!?", "2026"])
def test_words_that_every_text_has_find_nothing_by_themselves(words):
    assert stems_of(words) == ()


def test_of_very_many_words_only_a_few_are_looked_for():
    assert len(stems_of("Radweg Bahnhof Schule Brücke Fahrrad Ampel Markt Kirche")) == 6


def test_a_withdrawn_idea_is_found_no_more(make, session, call):
    idea = make.idea(call, title="Eisbahn", text="Eine Eisbahn im Winter.")
    assert found(session, call, "Eisbahn") == {1}
    idea.withdraw()
    session.flush()
    assert found(session, call, "Eisbahn") == set()


def test_what_is_very_much_is_counted_no_further(make, session, call, monkeypatch):
    make.ideas(call, 5)
    assert count_listed(session, WantedIdeas(call.id)) == 5
    monkeypatch.setattr("participation.portal.queries.idea_lists.MOST_COUNTED", 3)
    assert count_listed(session, WantedIdeas(call.id)) == 4
    assert MOST_COUNTED == 200
