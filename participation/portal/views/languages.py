"""Choosing the language of the pages."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

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
    back = safe_path(request.args.get("weiter")) or url_for("portal.home")
    response = redirect(_without_language(back), 303)
    remember_language(response, LANGUAGES[code])
    return response


def _without_language(path: str) -> str:
    """Return a path that no longer asks for a language of its own, as those of surveys do."""
    parts = urlsplit(path)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "sprache"]
    return urlunsplit(parts._replace(query=urlencode(kept)))
