"""The addresses of public pages as QR codes, drawn here: no third party learns who looks."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import get_public_engagement
from participation.ideas.queries import find_shown
from participation.portal.blueprint import blueprint
from participation.web.extensions import db
from participation.web.qr_codes import qr_response


@blueprint.get("/beteiligung/<slug>/qr.svg")
@access.public
def engagement_code(slug: str) -> ResponseReturnValue:
    """Draw the address of an engagement."""
    engagement = get_public_engagement(db.session(), access.here().id, slug)
    return _drawn(url_for("portal.engagement", slug=engagement.slug, _external=True))


@blueprint.get("/beteiligung/<slug>/ideen/<int(max=2147483647):number>/qr.svg")
@access.public
def idea_code(slug: str, number: int) -> ResponseReturnValue:
    """Draw the address of a published idea."""
    call, idea = find_shown(db.session(), access.here().id, slug, number)
    return _drawn(url_for("portal.idea", slug=call.slug, number=idea.number, _external=True))


def _drawn(address: str) -> Response:
    response = qr_response(address)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return response
