"""Duty pages, logo and the municipality's colour."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from participation.accounts import access, queries
from participation.accounts.default_texts import default_text
from participation.accounts.models import DutyText
from participation.foundation import clock
from participation.foundation.richtext import render_markdown
from participation.moderation.queries import figures
from participation.portal.blueprint import blueprint
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody

_FIGURES_SPAN = timedelta(days=365)
_PAGES = {
    "impressum": DutyText.IMPRINT,
    "datenschutz": DutyText.PRIVACY,
    "barrierefreiheit": DutyText.ACCESSIBILITY,
    "regeln": DutyText.RULES,
    "leichte-sprache": DutyText.EASY_LANGUAGE,
}


@blueprint.get('/<any(impressum, datenschutz, barrierefreiheit, regeln, "leichte-sprache"):page>')
@access.public
@same_for_everybody
def duty_page(page: str) -> ResponseReturnValue:
    """Show one of the texts that the municipality owes its citizens."""
    kind = _PAGES[page]
    here = access.here()
    text = queries.find_duty_text(db.session(), here.id, kind)
    html = text.html if text and text.completed else ""
    if not html and kind is DutyText.EASY_LANGUAGE:
        html = render_markdown(default_text(kind, here.name, here.kind))
    shown = None
    if kind is DutyText.RULES:
        shown = figures(db.session(), here.id, since=clock.now() - _FIGURES_SPAN)
    return render_template(
        "portal/duty_page.html",
        kind=kind,
        text=text,
        # The sanitiser cleaned it when it was written.
        html=Markup(html),  # noqa: S704
        figures=shown,
        map_host=_map_host() if kind is DutyText.PRIVACY else None,
    )


def _map_host() -> str | None:
    """Return who sees the address of whoever opens a map. No text can know what is set here."""
    address: str = current_app.config["TILE_SERVER"]
    return urlsplit(address).hostname


@blueprint.get("/farbe.css")
@access.public
def accent_stylesheet() -> ResponseReturnValue:
    """Give the municipality's colour to the style sheets, since no style may stand in a page."""
    colour = access.here().accent_colour
    return _kept(f":root{{--bt-accent:{colour}}}\n".encode(), "text/css; charset=utf-8")


@blueprint.get("/logo")
@access.public
def logo() -> ResponseReturnValue:
    """Show the municipality's logo, which was re-encoded when it was uploaded."""
    municipality = access.here()
    if municipality.logo is None or municipality.logo_type is None:
        abort(404)
    return _kept(municipality.logo, municipality.logo_type)


def _kept(content: bytes, content_type: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return response
