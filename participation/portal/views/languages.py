"""Choosing the language of the pages."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.portal.blueprint import blueprint
from participation.web.languages import LANGUAGES, remember_language
from participation.web.paths import safe_path


@blueprint.get("/sprache/<code>")
@access.public
def choose_language(code: str) -> ResponseReturnValue:
    """Lead back to the page that somebody was on, and let their browser keep the language."""
    if code not in LANGUAGES:
        abort(404)
    response = redirect(safe_path(request.args.get("weiter")) or url_for("portal.home"), 303)
    remember_language(response, LANGUAGES[code])
    return response
