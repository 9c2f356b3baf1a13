"""What an author changes of an idea besides its words: at once, with a note, or looked at first."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.contributions.models import Channel
from participation.engagements.models import ModerationMode
from participation.foundation.errors import Refused
from participation.foundation.geometry import read_geometry
from participation.ideas.call_fields import FieldDraft, add_field, change_field, remove_field
from participation.ideas.models import (
    FieldAnswer,
    FieldKind,
    IdeaPlace,
    IdeaWording,
    PlaceKind,
    PlaceRule,
    WordingState,
)
from participation.ideas.parts import WantedParts
from participation.ideas.placing import ChosenPlace
from participation.ideas.queries import call_totals
from participation.ideas.wordings import Changed, change_idea, earlier_wordings, forget_replaced
from participation.moderation.models import Action, Ground
from participation.moderation.operations import decide, undo
from participation.moderation.queries import queue
from participation.strategy.models import ElementKind

WORDS = {"title": "Bank am Bahnhof", "text": "Im Wartehaus fehlt eine Bank."}
AT_THE_POND = ChosenPlace(address="Mühlteich")
ON_THE_MAP = ChosenPlace(geometry=read_geometry("53.63, 12.41"))


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def elements(make, town):
    strategy = make.strategy(town)
    return [make.element(strategy, ElementKind.MEASURE) for _number in range(3)]


@pytest.fixture
def call(make, town, elements):
    return make.idea_call(town, elements=tuple(elements[:2]), moderation_mode=ModerationMode.AFTER)


def field(session, call, label="Wer hilft?", **more):
    draft = FieldDraft(**({"kind": FieldKind.SHORT, "label": label, "is_public": True} | more))
    return add_field(session, call=call, draft=draft)


def change(session, make, idea, asked=(), **parts):
    wanted = {"elements": (), "place": None, "answers": {}} | parts
    at = wanted.pop("at", make.at)
    words = {"title": idea.title, "text": idea.text}
    return change_idea(session, idea=idea, at=at, parts=WantedParts(asked=asked, **wanted), **words)


def answers(session, idea):
    rows = sa.select(FieldAnswer.text).where(FieldAnswer.idea_id == idea.id)
    return list(session.scalars(rows))


def test_all_parts_are_changed_at_once_and_counted_at_once(session, make, call, elements):
    asked = [field(session, call)]
    idea = make.idea(
        call,
        elements=elements[:1],
        place=AT_THE_POND,
        asked=asked,
        answers={asked[0].id: "Ich"},
        **WORDS,
    )
    changed = change(
        session,
        make,
        idea,
        asked,
        elements=elements[1:2],
        place=ON_THE_MAP,
        answers={asked[0].id: "Wir"},
    )
    assert changed is Changed.SHOWN
    assert call_totals(session, call.id)[1] == {elements[1].id: 1}
    place = session.scalars(sa.select(IdeaPlace)).one()
    assert (place.kind, place.address, place.points) == (
        PlaceKind.POINT,
        "",
        [[53_630_000, 12_410_000]],
    )
    assert place.tile is not None
    assert answers(session, idea) == ["Wir"]
    assert earlier_wordings(session, idea.id) == []


def test_a_form_that_changes_nothing_changes_nothing(session, make, call, elements):
    asked = [field(session, call)]
    held = {
        "elements": elements[:2],
        "place": ChosenPlace(
            address="Teich", geometry=read_geometry("53.63, 12.41; 53.64, 12.4199995")
        ),
        "answers": {asked[0].id: "Ich"},
    }
    idea = make.idea(call, supports=1, asked=asked, **held, **WORDS)
    assert change(session, make, idea, asked, **held) is Changed.NOTHING
    assert idea.edited_at is None


def test_all_parts_can_be_taken_away(session, make, call, elements):
    asked = [field(session, call)]
    idea = make.idea(
        call, elements=elements[:2], place=AT_THE_POND, asked=asked, answers={asked[0].id: "x"}
    )
    change(session, make, idea, asked)
    assert idea.elements == []
    assert session.scalars(sa.select(IdeaPlace)).all() == []
    assert answers(session, idea) == []


def test_readers_are_told_what_else_has_changed(session, make, call, elements):
    idea = make.idea(call, supports=1, place=AT_THE_POND, **WORDS)
    assert change(session, make, idea, elements=elements[:1]) is Changed.KEPT_BEFORE
    (earlier,) = earlier_wordings(session, idea.id)
    assert earlier.also == ["elements", "place"]
    assert (earlier.title, earlier.parts) == (WORDS["title"], {})


def test_nobody_is_told_of_what_only_staff_reads(session, make, call):
    asked = [field(session, call, is_public=False)]
    idea = make.idea(call, supports=1, **WORDS)
    changed = change(session, make, idea, asked, answers={asked[0].id: "Ruft mich an"})
    assert changed is Changed.SHOWN
    assert earlier_wordings(session, idea.id) == []
    assert answers(session, idea) == ["Ruft mich an"]


@pytest.mark.parametrize("supports", [0, 1])
def test_parts_wait_with_the_words_and_are_taken_back_with_them(
    session, make, town, elements, supports
):
    call = make.idea_call(town, elements=tuple(elements), moderation_mode=ModerationMode.BEFORE)
    idea = make.idea(call, supports=supports, place=AT_THE_POND, elements=elements[:1], **WORDS)
    moderator = make.account()
    assert change(session, make, idea, elements=elements[:2], place=ON_THE_MAP) is Changed.WAITS
    assert change(session, make, idea, elements=elements[:2], place=ON_THE_MAP) is Changed.WAITS
    assert (idea.elements, idea.place.address) == (elements[:1], "Mühlteich")
    assert [item.contribution for item in queue(session, town.id)] == [idea]
    decision = decide(
        session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=make.at
    )
    assert (idea.elements, idea.place.kind) == (elements[:2], PlaceKind.POINT)
    assert [one.also for one in earlier_wordings(session, idea.id)] == (
        [["elements", "place"]] if supports else []
    )
    undo(session, decision=decision, actor=moderator, at=make.at + timedelta(seconds=5))
    session.expire_all()
    assert (idea.elements, idea.place.address) == (elements[:1], "Mühlteich")
    waiting = session.scalars(sa.select(IdeaWording)).one()
    assert (waiting.state, waiting.also) == (WordingState.WAITING, [])
    decide(session, contribution=idea, action=Action.PUBLISH, actor=moderator, at=make.at)
    assert (idea.elements, idea.place.kind) == (elements[:2], PlaceKind.POINT)
    forget_replaced(session, at=make.at + timedelta(minutes=1))
    session.expire_all()
    assert session.scalars(sa.select(IdeaWording)).one().parts == {}


def test_parts_that_are_refused_leave_the_idea_as_it_is(session, make, town, elements):
    call = make.idea_call(town, elements=tuple(elements), moderation_mode=ModerationMode.BEFORE)
    idea = make.idea(call, place=AT_THE_POND, **WORDS)
    change(session, make, idea, elements=elements)
    decide(
        session,
        contribution=idea,
        action=Action.REJECT,
        ground=Ground.PERSONAL_DATA,
        actor=make.account(),
        at=make.at,
    )
    session.expire_all()
    assert (idea.elements, idea.place.address) == ([], "Mühlteich")


def test_a_field_that_went_while_a_change_waited_is_left_out(session, make, town):
    call = make.idea_call(town, moderation_mode=ModerationMode.BEFORE)
    asked = [field(session, call), field(session, call, "Wann?")]
    idea = make.idea(call, **WORDS)
    change(session, make, idea, asked, answers={asked[0].id: "Ich", asked[1].id: "Bald"})
    assert remove_field(session, field=asked[0])
    decide(session, contribution=idea, action=Action.PUBLISH, actor=make.account(), at=make.at)
    assert answers(session, idea) == ["Bald"]


def test_what_the_form_does_not_offer_any_more_stays(session, make, call, elements):
    asked = field(session, call)
    chosen = field(
        session, call, "Wo?", kind=FieldKind.CHOICE, choices=("Nord", "Süd"), is_public=True
    )
    typed = {asked.id: "Ich", chosen.id: "Nord"}
    idea = make.idea(
        call, elements=elements[:2], asked=[asked, chosen], answers=typed, place=AT_THE_POND
    )
    remove_field(session, field=asked)
    draft = FieldDraft(FieldKind.CHOICE, "Wo?", choices=("Süd", "West"), is_public=True)
    change_field(session, field=chosen, draft=draft)
    call.elements = elements[:1]
    call.asks_place = PlaceRule.NONE
    session.flush()
    assert change(session, make, idea, [chosen], elements=elements[:1]) is Changed.NOTHING
    change(session, make, idea, [chosen], elements=(), answers={chosen.id: "West"})
    assert idea.elements == elements[1:2]
    assert sorted(answers(session, idea)) == ["Ich", "West"]
    assert idea.place is not None


def test_what_handing_in_refuses_a_change_refuses_with_the_field(session, make, call, elements):
    idea = make.idea(call, place=AT_THE_POND, **WORDS)
    demanded = field(session, call, is_required=True)
    choice = field(session, call, "Wo?", kind=FieldKind.CHOICE, choices=("Nord", "Süd"))
    call.asks_place = PlaceRule.REQUIRED
    right = {"place": AT_THE_POND, "answers": {demanded.id: "Ich"}}
    for wrong, name in (
        ({"elements": elements[2:]}, "elements"),
        ({"place": None}, "place_address"),
        ({"place": ChosenPlace(is_everywhere=True, address="Hier")}, "place_everywhere"),
        ({"place": ChosenPlace(address="x" * 201)}, "place_address"),
        ({"answers": {}}, demanded.name),
        ({"answers": {demanded.id: "x" * 201}}, demanded.name),
        ({"answers": {demanded.id: "Ich", choice.id: "Mond"}}, choice.name),
    ):
        with pytest.raises(Refused) as refusal:
            change(session, make, idea, [demanded, choice], **right | wrong)
        assert refusal.value.field == name
    session.expire_all()
    assert idea.place.address == "Mühlteich"


def test_nothing_is_demanded_of_what_staff_wrote_down(session, make, call):
    idea = make.idea(call, channel=Channel.LETTER, **WORDS)
    call.asks_place = PlaceRule.REQUIRED
    demanded = field(session, call, is_required=True)
    assert change(session, make, idea, [demanded]) is Changed.NOTHING
