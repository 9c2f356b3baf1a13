"""The addresses of public pages as QR codes, drawn here: no third party learns who looks."""

from __future__ import annotations

import io

import segno
from flask import Response, make_response, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import get_public_engagement
from participation.ideas.queries import find_shown
from participation.portal.blueprint import blueprint
from participation.web.extensions import db

# White around a code, in its own squares: without it cameras do not find it.
_MARGIN = 4


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
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", border=_MARGIN, light="#fff", omitsize=True
    )
    response = make_response(picture.getvalue())
    response.headers["Content-Type"] = "image/svg+xml"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return response
