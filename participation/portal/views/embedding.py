"""A small card of an engagement, for the town's own site to show in a frame."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import get_public_engagement
from participation.foundation import clock
from participation.ideas.models import IdeaCall
from participation.portal.blueprint import blueprint
from participation.portal.queries.engagements import cards_of
from participation.web.extensions import db
from participation.web.headers import allow_framing_on
from participation.web.kept_pages import same_for_everybody


@blueprint.get("/einbetten/<slug>")
@access.public
@same_for_everybody
def embed(slug: str) -> ResponseReturnValue:
    """Show title, question, days left, a number and a button: the same for everybody."""
    municipality = access.here()
    engagement = get_public_engagement(db.session(), municipality.id, slug)
    (card,) = cards_of(db.session(), [engagement], clock.now())
    page = render_template(
        "portal/embed.html",
        engagement=engagement,
        question=engagement.question if isinstance(engagement, IdeaCall) else "",
        card=card,
    )
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    return allow_framing_on(response, municipality.embed_origins.split())
