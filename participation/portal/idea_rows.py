"""A list of ideas as the rows of a table: what its pages show, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.comments.queries import count_below
from participation.foundation.cells import Cell
from participation.ideas.images import images_by_idea
from participation.ideas.models import Idea, IdeaCall, IdeaImage
from participation.portal.queries.idea_lists import WantedIdeas, idea_page
from participation.portal.queries.ideas import standings
from participation.web.filters import label, local_date

_AT_ONCE = 500


def idea_rows(session: Session, call: IdeaCall, wanted: WantedIdeas) -> Iterator[list[Cell]]:
    """Yield the heading and a row for each published idea, a page of the list at a time."""
    yield [
        str(_("Nummer")),
        str(_("Titel")),
        str(_("Text")),
        str(_("Sprache")),
        str(_("Eingegangen am")),
        str(_("Weg")),
        str(_("Unterstützungen")),
        str(_("Kommentare")),
        str(_("Bezug")),
        str(_("Stand")),
        str(_("Antwort")),
        str(_("Fassung der Strategie")),
        str(_("Adresse")),
        str(_("Bilder")),
    ]
    after: str | None = None
    while True:
        page = idea_page(session, wanted, after=after, limit=_AT_ONCE)
        yield from _rows_of(session, call, list(page.ideas))
        after = page.next_key
        if after is None:
            return


def _rows_of(session: Session, call: IdeaCall, ideas: list[Idea]) -> Iterator[list[Cell]]:
    ids = [idea.id for idea in ideas]
    reached, comments = standings(session, ids), count_below(session, ids)
    images = images_by_idea(session, ids)
    for idea in ideas:
        standing = reached[idea.id]
        yield [
            idea.number,
            idea.title,
            idea.text,
            idea.language,
            local_date(idea.received_at),
            label(idea.channel),
            idea.supports,
            comments.get(idea.id, 0),
            ", ".join(element.code for element in idea.elements),
            label(standing.state),
            label(standing.disposition),
            standing.version,
            url_for("portal.idea", slug=call.slug, number=idea.number, _external=True),
            "\n".join(
                f"{_address(call, idea, image)} ({image.shows})"
                for image in images.get(idea.id, ())
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
