"""Ideas as features of GeoJSON (RFC 7946): those of a list, and what a map shows of a section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.accounts.models import MunicipalityKind
from participation.comments.queries import count_below
from participation.foundation import clock
from participation.ideas.models import Idea, IdeaCall, IdeaPlace, PlaceKind
from participation.portal.queries.idea_lists import WantedIdeas, listed_ideas
from participation.portal.queries.ideas import Standing, standings
from participation.portal.queries.listed_ideas import ListedIdea, ListedPlace, codes_of
from participation.portal.queries.placed_ideas import MOST_IN_CLUSTER, Cluster
from participation.web.filters import label

_AT_ONCE = 500

Feature = dict[str, Any]


def place_text(place: IdeaPlace | ListedPlace | None, words: Callable[[PlaceKind], str]) -> str:
    """Return where an idea is in words; nothing if it does not say.

    `words` gives those for a place that has none of its own.
    """
    if place is None:
        return ""
    if place.address and place.kind is not PlaceKind.EVERYWHERE:
        return place.address
    return words(place.kind)


def words_in(kind: MunicipalityKind) -> Callable[[PlaceKind], str]:
    """Return what gives the words of a kind of place, which is looked up once."""
    return cache(partial(words_for, kind=kind))


def words_for(place: PlaceKind, kind: MunicipalityKind) -> str:
    """Return the words for a place that has none of its own."""
    if place is not PlaceKind.EVERYWHERE:
        return label(place)
    return str(
        {
            MunicipalityKind.TOWN: _("ganze Stadt"),
            MunicipalityKind.COMMUNE: _("ganze Gemeinde"),
            MunicipalityKind.AMT: _("ganzes Amt"),
            MunicipalityKind.COUNTY: _("ganzer Landkreis"),
            MunicipalityKind.ASSOCIATION: _("ganzes Verbandsgebiet"),
        }[kind]
    )


def distance_text(metres: float) -> str:
    """Return how far something is, as people say it."""
    if metres < 1_000:
        return str(_("%(metres)s m entfernt", metres=max(10, int(round(metres, -1)))))
    kilometres = f"{metres / 1_000:.1f}" if metres < 10_000 else str(round(metres / 1_000))
    return str(_("%(kilometres)s km entfernt", kilometres=kilometres.replace(".", ",")))


def listed_features(
    session: Session, call: IdeaCall, wanted: WantedIdeas, kind: MunicipalityKind
) -> Iterator[Feature]:
    """Yield each published idea of a list, a page at a time; some have no geometry."""
    address, words = addresses_of(call), words_in(kind)
    for ideas in listed_ideas(session, wanted, at_once=_AT_ONCE):
        ids = [idea.id for idea in ideas]
        reached, comments = standings(session, ids), count_below(session, ids)
        codes = codes_of(session, ids)
        for idea in ideas:
            found = _listed(idea, reached[idea.id], codes.get(idea.id, []), words)
            found["properties"]["comments"] = comments.get(idea.id, 0)
            found["properties"]["address"] = address(idea.number)
            yield found


def addresses_of(call: IdeaCall) -> Callable[[int], str]:
    """Return what gives the whole address of an idea of a call by its number."""
    # Made once: among 100,000 ideas it takes seconds otherwise.
    first = url_for("portal.idea", slug=call.slug, number=0, _external=True)
    begin = first.removesuffix("0")
    return lambda number: f"{begin}{number}"


def _listed(
    idea: ListedIdea, standing: Standing, codes: list[str], words: Callable[[PlaceKind], str]
) -> Feature:
    geometry = idea.place.geometry if idea.place else None
    return {
        "type": "Feature",
        "id": idea.number,
        "geometry": geometry.geojson if geometry else None,
        "properties": {
            "number": idea.number,
            "title": idea.title,
            "text": idea.text,
            "language": idea.language,
            "received_on": clock.local_date(idea.received_at).isoformat(),
            "supports": idea.supports,
            "elements": codes,
            "state": standing.state.value,
            "version": standing.version,
            "place": place_text(idea.place, words),
        },
    }


def map_features(call: IdeaCall, found: Sequence[Cluster], alone: dict[int, Idea]) -> list[Feature]:
    """Return what a map shows: clusters as points, and each idea that stands alone as drawn."""
    return [_on_map(call, cluster, alone.get(cluster.number or 0)) for cluster in found]


def _on_map(call: IdeaCall, cluster: Cluster, idea: Idea | None) -> Feature:
    centre: dict[str, Any] = {"type": "Point", "coordinates": cluster.centre.position}
    told: dict[str, Any] = {
        "count": min(cluster.count, MOST_IN_CLUSTER),
        "more": cluster.count > MOST_IN_CLUSTER,
    }
    if idea is None:
        return {"type": "Feature", "geometry": centre, "properties": told}
    geometry = idea.place.geometry if idea.place else None
    told["centre"] = centre["coordinates"]
    told["title"] = idea.title
    told["language"] = idea.language
    told["address"] = url_for("portal.idea", slug=call.slug, number=idea.number)
    return {
        "type": "Feature",
        "geometry": geometry.geojson if geometry else centre,
        "properties": told,
    }
