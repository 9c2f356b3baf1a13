"""The browser's mark: a random cookie, set only when somebody takes part."""

from __future__ import annotations

import re

from flask import Response, g, request

from participation.foundation.tokens import new_token
from participation.web.secrets import cookie_name

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
_LIFETIME = 400 * 24 * 60 * 60


def browser_mark() -> str | None:
    """Return this browser's mark, or None if it never took part."""
    mark = request.cookies.get(cookie_name("mark"), "")
    return mark if _FORM.fullmatch(mark) else None


def ensure_browser_mark() -> str:
    """Return this browser's mark; a new one is set with the response."""
    mark = browser_mark() or g.get("new_mark")
    if mark is None:
        mark = g.new_mark = new_token()
    return mark


def set_new_mark(response: Response) -> Response:
    """Set the cookie if a mark was made in this request."""
    if "new_mark" in g:
        response.set_cookie(
            cookie_name("mark"),
            g.new_mark,
            max_age=_LIFETIME,
            path="/",
            secure=cookie_name("mark").startswith("__Host-"),
            httponly=True,
            samesite="Lax",
        )
    return response
