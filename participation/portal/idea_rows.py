"""A list of ideas as the rows of a table: what its pages show, in their order."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.accounts.models import MunicipalityKind
from participation.comments.queries import count_below
from participation.foundation.cells import Cell
from participation.foundation.geometry import DEGREE
from participation.ideas.call_fields import answers_of, fields_of
from participation.ideas.groups import SeenGroup, groups_seen
from participation.ideas.images import images_by_idea
from participation.ideas.models import CallField, Idea, IdeaCall, IdeaImage
from participation.portal.idea_features import place_text
from participation.portal.queries.idea_lists import WantedIdeas, idea_page
from participation.portal.queries.ideas import standings
from participation.web.filters import label, local_date

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
    after: str | None = None
    while True:
        page = idea_page(session, wanted, after=after, limit=_AT_ONCE)
        yield from _rows_of(session, call, list(page.ideas), kind, fields)
        after = page.next_key
        if after is None:
            return


def _rows_of(
    session: Session,
    call: IdeaCall,
    ideas: list[Idea],
    kind: MunicipalityKind,
    fields: Sequence[CallField],
) -> Iterator[list[Cell]]:
    ids = [idea.id for idea in ideas]
    answers = answers_of(session, ids if fields else [], public_only=False)
    images = images_by_idea(session, ids)
    groups = groups_seen(session, ideas)
    reached, comments = standings(session, ids), comments_on(session, ideas, groups)
    for idea in ideas:
        standing = reached[idea.id]
        yield [
            idea.number,
            idea.title,
            idea.text,
            idea.language,
            local_date(idea.received_at),
            label(idea.channel),
            ", ".join(str(number) for number in _equal_numbers(idea, groups)),
            idea.people,
            comments.get(idea.id, 0),
            ", ".join(element.code for element in idea.elements),
            place_text(idea.place, kind),
            *_degrees(idea),
            label(standing.state),
            label(standing.disposition),
            standing.version,
            url_for("portal.idea", slug=call.slug, number=idea.number, _external=True),
            "\n".join(
                f"{_address(call, idea, image)} ({image.shows})"
                for image in images.get(idea.id, ())
            ),
            # Only the fields of the heading, whatever else was answered.
            *(
                answers[idea.id][field.id].text if field.id in answers.get(idea.id, {}) else ""
                for field in fields
            ),
        ]


def _address(call: IdeaCall, idea: Idea, image: IdeaImage) -> str:
    return url_for(
        "portal.idea_image",
        slug=call.slug,
        number=idea.number,
        image_id=image.id,
        size="gross",
        _external=True,
    )


def comments_on(
    session: Session, ideas: Sequence[Idea], groups: Mapping[int, SeenGroup]
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


def _equal_numbers(idea: Idea, groups: Mapping[int, SeenGroup]) -> list[int]:
    group = groups.get(idea.group_id or 0)
    return [one.number for one in group.without(idea.id)] if group else []


def _degrees(idea: Idea) -> list[Cell]:
    """Return north and east of the middle of what is drawn."""
    centre = idea.place.centre if idea.place else None
    if centre is None:
        return [None, None]
    return [Decimal(centre.north) / DEGREE, Decimal(centre.east) / DEGREE]
