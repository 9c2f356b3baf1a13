"""What an author wants to change besides the words, as a moderator reads it: before and after."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.queries import NamedElement, named
from participation.ideas.image_changes import ImageValues
from participation.ideas.models import CallField, Idea, IdeaImage, IdeaPlace
from participation.ideas.parts import Part, Values, held_by, place_from
from participation.strategy.models import Element


@dataclass(frozen=True)
class ChangedAnswer:
    """An answer before and after; empty where there is none."""

    label: str
    is_public: bool
    before: str
    after: str


@dataclass(frozen=True)
class ChangedPlace:
    """A place before and after; None where there is none."""

    before: IdeaPlace | None
    after: IdeaPlace | None


@dataclass(frozen=True)
class ChangedImage:
    """An image that is to be added or to go, or to show something else in words."""

    image: IdeaImage
    before: str
    after: str


@dataclass(frozen=True)
class ChangedParts:
    """What differs; elements that an idea is about no more, and new ones."""

    gone: list[NamedElement]
    added: list[NamedElement]
    answers: list[ChangedAnswer]
    place: ChangedPlace | None
    images: list[ChangedImage]

    @property
    def is_anything(self) -> bool:
        """Whether anything differs but the words."""
        return bool(self.gone or self.added or self.answers or self.place or self.images)


def changed_parts(session: Session, idea: Idea, changes: Values) -> ChangedParts:
    """Return what a change that waits would make of an idea."""
    held = held_by(idea)
    wanted = held | changes
    before, after = set(held[Part.ELEMENTS.value]), set(wanted[Part.ELEMENTS.value])
    titles = _titles(session, before ^ after)
    return ChangedParts(
        gone=[titles[one] for one in sorted(before - after) if one in titles],
        added=[titles[one] for one in sorted(after - before) if one in titles],
        answers=_answers(session, held[Part.ANSWERS.value], wanted[Part.ANSWERS.value]),
        place=ChangedPlace(idea.place, place_from(idea.idea_call_id, changes[Part.PLACE.value]))
        if Part.PLACE.value in changes and changes[Part.PLACE.value] != held[Part.PLACE.value]
        else None,
        images=_images(idea, held[Part.IMAGES.value], wanted[Part.IMAGES.value]),
    )


def other_words(changes: Values) -> list[str]:
    """Return what was written into other fields, to be looked through."""
    place = changes.get(Part.PLACE.value) or {}
    shows = [one["shows"] for one in changes.get(Part.IMAGES.value, ())]
    return [*changes.get(Part.ANSWERS.value, {}).values(), place.get("address", ""), *shows]


def _images(idea: Idea, before: ImageValues, after: ImageValues) -> list[ChangedImage]:
    by_id = {str(image.id): image for image in idea.images}
    was = {one["id"]: one["shows"] for one in before}
    now = {one["id"]: one["shows"] for one in after}
    return [
        ChangedImage(by_id[one], was.get(one, ""), now.get(one, ""))
        for one in {**was, **now}
        if was.get(one) != now.get(one) and one in by_id
    ]


def _titles(session: Session, element_ids: Collection[int]) -> dict[int, NamedElement]:
    if not element_ids:
        return {}
    elements = session.scalars(sa.select(Element).where(Element.id.in_(element_ids)))
    return named(session, elements.all())


def _answers(
    session: Session, before: dict[str, str], after: dict[str, str]
) -> list[ChangedAnswer]:
    others = [int(key) for key in {*before, *after} if before.get(key) != after.get(key)]
    if not others:
        return []
    fields = session.scalars(
        sa.select(CallField)
        .where(CallField.id.in_(others))
        .order_by(CallField.position, CallField.id)
    )
    return [
        ChangedAnswer(
            field.label,
            field.is_public,
            before.get(str(field.id), ""),
            after.get(str(field.id), ""),
        )
        for field in fields
    ]
