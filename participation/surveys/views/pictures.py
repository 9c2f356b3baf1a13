"""The pictures that stand beside questions."""

from __future__ import annotations

from flask import make_response, request
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import get_engagement, get_public_engagement
from participation.foundation.errors import NotFound
from participation.foundation.images import TYPE
from participation.surveys.blueprint import blueprint
from participation.surveys.models import Survey
from participation.surveys.pictures import get_picture
from participation.surveys.policy import may_see_totals
from participation.web.extensions import db


@blueprint.get("/beteiligung/<slug>/bilder/<code>")
@access.public
def picture(slug: str, code: str) -> ResponseReturnValue:
    """Show the picture of a question; of a survey that is not published only to its staff."""
    find = get_engagement if may_see_totals(access.my_roles()) else get_public_engagement
    survey = find(db.session(), access.here().id, slug)
    if not isinstance(survey, Survey):
        raise NotFound("only surveys have pictures")
    text = request.args.get("fassung", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    response = make_response(get_picture(db.session(), survey, code, version))
    response.headers["Content-Type"] = TYPE
    response.headers["Cache-Control"] = "private, max-age=300"
    response.add_etag()
    return response
