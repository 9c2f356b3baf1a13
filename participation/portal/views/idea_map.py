"""The ideas of a list on a map, and as a file for a map of one's own."""

from __future__ import annotations

from flask import Response, json, request
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import elements_about, get_public_engagement
from participation.foundation.errors import NotFound
from participation.ideas.models import IdeaCall
from participation.portal.blueprint import blueprint
from participation.portal.chosen_ideas import read_choice
from participation.portal.idea_features import listed_features, map_features
from participation.portal.queries.idea_lists import filters_of
from participation.portal.queries.placed_ideas import clusters, ideas_alone
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody
from participation.web.tables import GEOJSON, geojson_response

_FARTHEST_IN = 19


@blueprint.get("/beteiligung/<slug>/ideen/karte")
@access.public
@same_for_everybody
def ideas_map(slug: str) -> ResponseReturnValue:
    """Return what stands in a section of the map, gathered in clusters, with a list's filters."""
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    chosen = read_choice(request.args, elements_about(db.session(), call.id))
    zoom = request.args.get("zoom", "")
    is_zoom = zoom.isascii() and zoom.isdecimal() and len(zoom) < 3 and int(zoom) <= _FARTHEST_IN
    if chosen.section is None or not is_zoom:
        raise NotFound("there is no such section")
    box, chosen = chosen.section, chosen.without_section
    found = clusters(
        db.session(),
        call.id,
        list(filters_of(chosen.of(db.session(), call.id))),
        box=box,
        zoom=int(zoom),
    )
    numbers = [cluster.number for cluster in found if cluster.number is not None]
    alone = ideas_alone(db.session(), call.id, numbers)
    shown = {"type": "FeatureCollection", "features": map_features(call, found, alone)}
    return Response(json.dumps(shown), mimetype=GEOJSON)


@blueprint.get("/beteiligung/<slug>/ideen.geojson")
@access.public
def ideas_geojson(slug: str) -> ResponseReturnValue:
    """Return the ideas of a list as GeoJSON: what its pages show, in their order."""
    here = access.here()
    call = get_public_engagement(db.session(), here.id, slug, of=IdeaCall)
    chosen = read_choice(request.args, elements_about(db.session(), call.id))
    wanted = chosen.of(db.session(), call.id)
    features = listed_features(db.session(), call, wanted, here.kind)
    return geojson_response(f"ideen-{slug}", features)
