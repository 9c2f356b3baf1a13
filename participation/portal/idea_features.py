"""Ideas as features of GeoJSON (RFC 7946): those of a list, and what a map shows of a section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.accounts.models import MunicipalityKind
from participation.comments.queries import count_below
from participation.foundation import clock
from participation.ideas.models import Idea, IdeaCall, IdeaPlace, PlaceKind
from participation.portal.queries.idea_lists import WantedIdeas, idea_page
from participation.portal.queries.ideas import Standing, standings
from participation.portal.queries.placed_ideas import MOST_IN_CLUSTER, Cluster
from participation.web.filters import label

_AT_ONCE = 500

Feature = dict[str, Any]


def place_text(place: IdeaPlace | None, kind: MunicipalityKind) -> str:
    """Return where an idea is in words; nothing if it does not say."""
    if place is None:
        return ""
    if place.kind is PlaceKind.EVERYWHERE:
        return str(
            {
                MunicipalityKind.TOWN: _("ganze Stadt"),
                MunicipalityKind.COMMUNE: _("ganze Gemeinde"),
                MunicipalityKind.AMT: _("ganzes Amt"),
                MunicipalityKind.COUNTY: _("ganzer Landkreis"),
                MunicipalityKind.ASSOCIATION: _("ganzes Verbandsgebiet"),
            }[kind]
        )
    return place.address or label(place.kind)


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
    after: str | None = None
    while True:
        page = idea_page(session, wanted, after=after, limit=_AT_ONCE)
        ids = [idea.id for idea in page.ideas]
        reached, comments = standings(session, ids), count_below(session, ids)
        for idea in page.ideas:
            found = _listed(call, idea, reached[idea.id], kind)
            found["properties"]["comments"] = comments.get(idea.id, 0)
            yield found
        after = page.next_key
        if after is None:
            return


def _listed(call: IdeaCall, idea: Idea, standing: Standing, kind: MunicipalityKind) -> Feature:
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
            "elements": [element.code for element in idea.elements],
            "state": standing.state.value,
            "version": standing.version,
            "place": place_text(idea.place, kind),
            "address": url_for("portal.idea", slug=call.slug, number=idea.number, _external=True),
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
