"""A list of ideas as the rows of a table: what its pages show, in their order."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.accounts.models import MunicipalityKind
from participation.comments.queries import count_below
from participation.foundation import clock
from participation.foundation.cells import Cell
from participation.foundation.geometry import DEGREE
from participation.ideas.call_fields import answers_of, fields_of
from participation.ideas.groups import InGroup, SeenGroup, groups_seen
from participation.ideas.images import images_by_idea
from participation.ideas.models import CallField, IdeaCall, IdeaImage
from participation.portal.idea_features import addresses_of, place_text, words_in
from participation.portal.queries.idea_lists import WantedIdeas, listed_ideas
from participation.portal.queries.ideas import Standing, standings
from participation.portal.queries.listed_ideas import ListedIdea, codes_of
from participation.web.filters import label

_AT_ONCE = 500


def idea_rows(
    session: Session,
    call: IdeaCall,
    wanted: WantedIdeas,
    kind: MunicipalityKind,
    *,
    for_staff: bool = False,
) -> Iterator[list[Cell]]:
    """Yield the heading and a row for each published idea, a page of the list at a time.

    The answers to the call's own fields come last, those that are not public for staff alone.
    """
    fields = fields_of(session, call.id, with_removed=True, public_only=not for_staff)
    yield [
        str(_("Nummer")),
        str(_("Titel")),
        str(_("Text")),
        str(_("Sprache")),
        str(_("Eingegangen am")),
        str(_("Weg")),
        str(_("Gleiche Ideen")),
        str(_("Unterstützungen")),
        str(_("Kommentare")),
        str(_("Bezug")),
        str(_("Ort")),
        str(_("Breite")),
        str(_("Länge")),
        str(_("Stand")),
        str(_("Antwort")),
        str(_("Fassung der Strategie")),
        str(_("Adresse")),
        str(_("Bilder")),
        *(field.label for field in fields),
    ]
    said, address, words = cache(label), addresses_of(call), words_in(kind)
    for ideas in listed_ideas(session, wanted, at_once=_AT_ONCE):
        for idea, found in zip(ideas, _found_with(session, ideas, fields), strict=True):
            standing = found.standing
            yield [
                idea.number,
                idea.title,
                idea.text,
                idea.language,
                clock.local_date(idea.received_at).isoformat(),
                said(idea.channel),
                found.equal,
                idea.people,
                found.comments,
                found.codes,
                place_text(idea.place, words),
                *_degrees(idea),
                said(standing.state),
                said(standing.disposition),
                standing.version,
                address(idea.number),
                "\n".join(
                    f"{_address(call, idea, image)} ({image.shows})" for image in found.images
                ),
                *found.answers,
            ]


@dataclass(frozen=True, slots=True)
class _Found:
    """What else a table says of an idea; `answers` are in the order of the table's fields."""

    equal: str
    codes: str
    comments: int
    standing: Standing
    images: Sequence[IdeaImage]
    answers: list[str]


def _found_with(
    session: Session, ideas: Sequence[ListedIdea], fields: Sequence[CallField]
) -> Iterator[_Found]:
    ids = [idea.id for idea in ideas]
    answers = answers_of(session, ids if fields else [], public_only=False)
    images, codes = images_by_idea(session, ids), codes_of(session, ids)
    groups = groups_seen(session, ideas)
    reached, comments = standings(session, ids), comments_on(session, ideas, groups)
    for idea in ideas:
        answered = answers.get(idea.id, {})
        yield _Found(
            equal=", ".join(str(number) for number in _equal_numbers(idea, groups)),
            codes=", ".join(codes.get(idea.id, ())),
            comments=comments.get(idea.id, 0),
            standing=reached[idea.id],
            images=images.get(idea.id, ()),
            # Only the fields of the heading, whatever else was answered.
            answers=[answered[one.id].text if one.id in answered else "" for one in fields],
        )


def _address(call: IdeaCall, idea: ListedIdea, image: IdeaImage) -> str:
    return url_for(
        "portal.idea_image",
        slug=call.slug,
        number=idea.number,
        image_id=image.id,
        size="gross",
        _external=True,
    )


def comments_on(
    session: Session, ideas: Collection[InGroup], groups: Mapping[int, SeenGroup]
) -> dict[uuid.UUID, int]:
    """Return how many comments there are on each idea and on those equal to it, if any."""
    equal = {
        idea.id: [one.id for one in groups[idea.group_id].ideas]
        for idea in ideas
        if idea.group_id is not None and idea.group_id in groups
    }
    every = {idea.id for idea in ideas}.union(*equal.values())
    counts = count_below(session, every)
    found = {
        one.id: sum(counts.get(each, 0) for each in equal.get(one.id, [one.id])) for one in ideas
    }
    return {idea_id: number for idea_id, number in found.items() if number}


def _equal_numbers(idea: ListedIdea, groups: Mapping[int, SeenGroup]) -> list[int]:
    group = groups.get(idea.group_id or 0)
    return [one.number for one in group.without(idea.id)] if group else []


def _degrees(idea: ListedIdea) -> list[Cell]:
    """Return north and east of the middle of what is drawn."""
    centre = idea.place.centre if idea.place else None
    if centre is None:
        return [None, None]
    return [Decimal(centre.north) / DEGREE, Decimal(centre.east) / DEGREE]
