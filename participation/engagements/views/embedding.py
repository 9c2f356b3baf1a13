"""Staff: the lines with which the town's own site shows the card of an engagement."""

from __future__ import annotations

from html import escape

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.blueprint import blueprint
from participation.engagements.queries import get_public_engagement
from participation.notifications.mails import link_from
from participation.web.extensions import db
from participation.web.headers import allow_frame

_HEIGHT = 360


@blueprint.get("/verwaltung/beteiligungen/<slug>/einbetten")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def embedding(slug: str) -> ResponseReturnValue:
    """Show the card and the lines to copy."""
    municipality = access.here()
    engagement = get_public_engagement(db.session(), municipality.id, slug)
    address = link_from(municipality.id, "portal.embed", slug=slug)
    title = _("Beteiligung: %(title)s", title=engagement.title)
    snippet = (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" '
        f'height="{_HEIGHT}" loading="lazy" frameborder="0"></iframe>'
    )
    page = render_template(
        "engagements/embedding.html",
        engagement=engagement,
        snippet=snippet,
        title=title,
        height=_HEIGHT,
        origins=municipality.embed_origins.split(),
    )
    return allow_frame(make_response(page))
