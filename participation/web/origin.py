"""Who sent this form? Cross-site posts are refused; doubtful ones are asked to confirm."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request, session
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from participation.config import is_loopback
from participation.foundation import clock
from participation.foundation.tokens import keyed_hash, new_token
from participation.web.extensions import csrf
from participation.web.kept_fields import fields_to_send_again
from participation.web.paths import current_path
from participation.web.secrets import cookie_name, secret_key

View = TypeVar("View", bound=Callable[..., Any])

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CONFIRMATION = "_confirmed"
_CONFIRMATION_SECONDS = 15 * 60
_COOKIE = "confirmation"


class CrossSite(Forbidden):
    """A form that another site sent."""


def for_mail_programs(view: View) -> View:
    """Let a mail program send this view's form: the token in its address is leave enough.

    RFC 8058: the button „unsubscribe“ of a mail program posts `List-Unsubscribe=One-Click`.
    """
    view.for_mail_programs = True  # type: ignore[attr-defined]
    return view


def refuse_other_sites() -> None:
    """Refuse a form that a browser says another site sent. Raises CrossSite.

    This comes before the limits: their pages offer a form once more, with everything in it,
    and must not make ours out of what another site filled in.
    """
    if _changes_nothing():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        if site != "same-origin":
            raise CrossSite
    elif origin is not None and not _is_ours(origin):
        raise CrossSite


def check_origin() -> Response | None:
    """Let a writing request pass only if it comes from one of our own pages.

    Browsers say so in Sec-Fetch-Site or Origin, and `refuse_other_sites` has read both. One
    that says neither gets a page with a button that another site cannot press: what the button
    carries fits a cookie that only this browser has. Whoever is signed in needs the form's
    token, whatever the browser says.
    """
    if _changes_nothing():
        return None
    if "Sec-Fetch-Site" not in request.headers and "Origin" not in request.headers:
        if _is_one_click():
            return None
        if not current_user.is_authenticated and not _is_confirmed():
            return _ask_to_confirm()
    if current_user.is_authenticated:
        csrf.protect()  # type: ignore[no-untyped-call]
    return None


def _changes_nothing() -> bool:
    """Tell whether this request only reads, or leads nowhere."""
    return request.method in _SAFE or request.routing_exception is not None


def _is_one_click() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return (
        getattr(view, "for_mail_programs", False)
        and request.form.to_dict() == {"List-Unsubscribe": "One-Click"}
        and "_user_id" not in session
    )


def _is_ours(origin: str) -> bool:
    """Compare with the configured address. The Host header is what the sender says it is."""
    try:
        ours, theirs = urlsplit(current_app.config["BASE_ADDRESS"]), urlsplit(origin)
        same_place = ours.port == theirs.port and (
            ours.hostname == theirs.hostname
            or (is_loopback(ours.hostname or "") and is_loopback(theirs.hostname or ""))
        )
    except ValueError:
        return False
    return ours.scheme == theirs.scheme and same_place


def _is_confirmed() -> bool:
    cookie = request.cookies.get(cookie_name(_COOKIE), "")
    moment, _, seal = request.form.get(_CONFIRMATION, "").partition(".")
    if not cookie or not moment.isdecimal() or len(moment) > 12:
        return False
    if not 0 <= clock.now().timestamp() - int(moment) <= _CONFIRMATION_SECONDS:
        return False
    return secrets.compare_digest(seal.encode(), _seal(moment, cookie).encode())


def _seal(moment: str, cookie: str) -> str:
    path = request.script_root + request.path
    return keyed_hash(secret_key(), "confirm", path, moment, cookie)


def _ask_to_confirm() -> Response:
    cookie, moment = new_token(), str(int(clock.now().timestamp()))
    fields = [(name, value) for name, value in fields_to_send_again() if name != _CONFIRMATION]
    fields.append((_CONFIRMATION, f"{moment}.{_seal(moment, cookie)}"))
    page = render_template("errors/confirm_origin.html", action=current_path(), fields=fields)
    response = make_response(page, 200)
    response.set_cookie(
        cookie_name(_COOKIE),
        cookie,
        max_age=_CONFIRMATION_SECONDS,
        path="/",
        secure=cookie_name(_COOKIE).startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    return response
