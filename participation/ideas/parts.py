"""What an idea holds besides its words, as its author changes it: elements, answers,
images and a place.

A change is held as plain values, so that it can wait, take the place of what is shown, and be
taken back.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel
from participation.foundation.errors import Refused
from participation.foundation.geometry import Geometry, Point, Shape
from participation.ideas.call_fields import answers_to
from participation.ideas.image_changes import images_held, images_wanted, put_images
from participation.ideas.images import ReadyImage
from participation.ideas.models import (
    CallField,
    FieldAnswer,
    FieldKind,
    Idea,
    IdeaCall,
    IdeaPlace,
    PlaceKind,
    PlaceRule,
)
from participation.ideas.placing import ChosenPlace, place_of
from participation.strategy.models import Element

Values = dict[str, Any]


class Part(enum.Enum):
    """A part of an idea that its author changes besides the words."""

    ELEMENTS = "elements"
    ANSWERS = "answers"
    PLACE = "place"
    IMAGES = "images"


@dataclass(frozen=True)
class WantedParts:
    """What an idea is to hold besides its words, as its author filled it in."""

    elements: Sequence[Element]
    place: ChosenPlace | None
    asked: Sequence[CallField]
    answers: Mapping[int, str]
    images: Sequence[ReadyImage] = ()


def check_elements(call: IdeaCall, elements: Collection[Element]) -> None:
    """Refuse elements that a call is not about."""
    if not set(elements) <= set(call.elements):
        raise Refused("an idea is about elements of its call", field="elements")


def held_by(idea: Idea) -> Values:
    """Return what an idea holds now."""
    return {
        Part.ELEMENTS.value: sorted(element.id for element in idea.elements),
        Part.ANSWERS.value: {str(answer.field_id): answer.text for answer in idea.answers},
        Part.PLACE.value: _values_of(idea.place),
        Part.IMAGES.value: images_held(idea),
    }


def changes_of(idea: Idea, call: IdeaCall, wanted: WantedParts) -> Values:
    """Return the parts that are to be other than they are now. Raises Refused with the field.

    What the form does not offer any more stays: an element, the answer to a field.
    """
    held, is_demanded = held_by(idea), idea.channel is Channel.ONLINE
    check_elements(call, wanted.elements)
    elements = {*wanted.elements, *(one for one in idea.elements if one not in call.elements)}
    asked = {str(field.id) for field in wanted.asked}
    answers: dict[str, str] = held[Part.ANSWERS.value]
    typed = {
        field.id: wanted.answers.get(field.id, "")
        for field in wanted.asked
        if not _keeps_choice(field, answers, wanted.answers)
    }
    kept = {key: text for key, text in answers.items() if key not in asked or int(key) not in typed}
    given = answers_to(
        [field for field in wanted.asked if field.id in typed], typed, are_demanded=is_demanded
    )
    found: Values = {
        Part.ELEMENTS.value: sorted(element.id for element in elements),
        Part.ANSWERS.value: kept | {str(answer.field_id): answer.text for answer in given},
    }
    if call.asks_place is not PlaceRule.NONE:
        place = place_of(call, wanted.place, is_demanded=is_demanded)
        found[Part.PLACE.value] = _values_of(place)
    found[Part.IMAGES.value] = images_wanted(idea, wanted.images)
    return {name: value for name, value in found.items() if value != held[name]}


def shown_changes(session: Session, idea: Idea, changes: Values) -> list[str]:
    """Return which parts change for everybody: what only staff reads is told to nobody."""
    held = held_by(idea)
    names = [name for name, value in changes.items() if value != held[name]]
    if Part.ANSWERS.value in names:
        before, after = held[Part.ANSWERS.value], changes[Part.ANSWERS.value]
        others = {int(key) for key in {*before, *after} if before.get(key) != after.get(key)}
        public = session.scalar(
            sa.select(CallField.id)
            .where(CallField.id.in_(others), CallField.is_public.is_(True))
            .limit(1)
        )
        if public is None:
            names.remove(Part.ANSWERS.value)
    if Part.IMAGES.value in names:
        hidden = {str(image.id) for image in idea.images if not image.is_shown}
        seen = [
            [one for one in values[Part.IMAGES.value] if one["id"] not in hidden]
            for values in (held, changes)
        ]
        if seen[0] == seen[1]:
            names.remove(Part.IMAGES.value)
    return [part.value for part in Part if part.value in names]


def put_in_place(session: Session, idea: Idea, changes: Values) -> Values:
    """Let an idea hold what a change says; return what it held of that before."""
    held = held_by(idea)
    before = {name: held[name] for name in changes}
    for name, value in changes.items():
        _WRITE[Part(name)](session, idea, value)
    session.flush()
    session.expire(idea, [name for name in changes if name == Part.ELEMENTS.value])
    return before


def read_anew(session: Session, idea: Idea) -> None:
    """Forget what was read of the parts of an idea before it was locked."""
    session.expire(idea, [part.value for part in Part])


def place_from(call_id: int, value: Values | None) -> IdeaPlace | None:
    """Return a place as values hold it, not yet of any idea."""
    if value is None:
        return None
    kind = PlaceKind(value["kind"])
    place = IdeaPlace(idea_call_id=call_id, kind=kind, address=value["address"], points=[])
    if value["points"]:
        points = tuple(Point(north, east) for north, east in value["points"])
        place.draw(Geometry(Shape(kind.value), points))
    return place


def _keeps_choice(field: CallField, answers: Mapping[str, str], typed: Mapping[int, str]) -> bool:
    """Whether somebody once chose what is no choice any more, and chose nothing else since."""
    if field.kind is not FieldKind.CHOICE or typed.get(field.id):
        return False
    answer = answers.get(str(field.id))
    return answer is not None and answer not in field.choices


def _values_of(place: IdeaPlace | None) -> Values | None:
    if place is None:
        return None
    points = [list(point) for point in place.points or ()]
    return {"kind": place.kind.value, "address": place.address, "points": points}


def _write_elements(session: Session, idea: Idea, value: list[int]) -> None:
    idea.elements_corrected_at = None
    idea.elements = list(session.scalars(sa.select(Element).where(Element.id.in_(value))))


def _write_answers(session: Session, idea: Idea, value: dict[str, str]) -> None:
    # A field may have gone since somebody answered it.
    asked = session.scalars(
        sa.select(CallField.id).where(CallField.idea_call_id == idea.idea_call_id)
    ).all()
    idea.answers.clear()
    session.flush()
    idea.answers = [
        FieldAnswer(field_id=field_id, text=value[str(field_id)])
        for field_id in asked
        if str(field_id) in value
    ]


def _write_place(session: Session, idea: Idea, value: Values | None) -> None:
    idea.place = None
    session.flush()
    idea.place = place_from(idea.idea_call_id, value)


_WRITE: dict[Part, Callable[[Session, Idea, Any], None]] = {
    Part.ELEMENTS: _write_elements,
    Part.ANSWERS: _write_answers,
    Part.PLACE: _write_place,
    Part.IMAGES: put_images,
}
