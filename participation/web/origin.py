"""Who sent this form? Cross-site posts are refused; doubtful ones are asked to confirm."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from participation.foundation import clock
from participation.foundation.tokens import keyed_hash
from participation.web.extensions import csrf
from participation.web.secrets import secret_key

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CONFIRMATION = "_confirmed"
_CONFIRMATION_SECONDS = 15 * 60


def check_origin() -> Response | None:
    """Let a writing request pass only if it comes from one of our own pages.

    Browsers say so in Sec-Fetch-Site or Origin. One that says neither gets a page with a
    button that another site cannot press, because it cannot read what the button carries.
    """
    if request.method in _SAFE:
        return None
    if current_user.is_authenticated:
        csrf.protect()
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        return None if site == "same-origin" else _refuse()
    if origin is not None:
        return None if _is_ours(origin) else _refuse()
    if _is_confirmed():
        return None
    return _ask_to_confirm()


def _is_ours(origin: str) -> bool:
    ours = urlsplit(current_app.config["BASE_ADDRESS"])
    theirs = urlsplit(origin)
    return (theirs.scheme, theirs.netloc) in {
        (ours.scheme, ours.netloc),
        (request.scheme, request.host),
    }


def _refuse() -> Response:
    raise Forbidden("cross-site")


def _is_confirmed() -> bool:
    moment, _, seal = request.form.get(_CONFIRMATION, "").partition(".")
    if not moment.isdigit() or clock.now().timestamp() - int(moment) > _CONFIRMATION_SECONDS:
        return False
    return secrets.compare_digest(seal, _seal(moment))


def _seal(moment: str) -> str:
    return keyed_hash(secret_key(), "confirm", request.path, moment)


def _ask_to_confirm() -> Response:
    moment = str(int(clock.now().timestamp()))
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name != _CONFIRMATION
    ]
    fields.append((_CONFIRMATION, f"{moment}.{_seal(moment)}"))
    page = render_template("errors/confirm_origin.html", action=request.full_path, fields=fields)
    return make_response(page, 200)
