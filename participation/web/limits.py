"""How often a form may be sent from one network.

Counting happens in a transaction of its own. On SQLite that would wait for the request's own
write lock, so a view's limit is counted before anything is read, and `too_often` and `count`
let go of what the request has read so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from participation.foundation.tokens import keyed_hash
from participation.web.extensions import db, limiter
from participation.web.rate_storage import limited_by
from participation.web.secrets import secret_key

View = TypeVar("View", bound=Callable[..., Any])


def limited(rate: str) -> Callable[[View], View]:
    """Limit the POSTs to a view, for example `@limited("20/hour")`; reading is never limited."""
    parse(rate)

    def decorate(view: View) -> View:
        view.rate_limit = rate  # type: ignore[attr-defined]
        return view

    return decorate


def check_limit() -> None:
    """Count a POST to a limited view. Raises TooManyRequests."""
    if request.method != "POST":
        return
    view = current_app.view_functions.get(request.endpoint or "")
    rate = getattr(view, "rate_limit", None)
    if rate is None:
        return
    limit, keys = parse(rate), (str(request.endpoint), limited_by())
    if not limiter.limiter.hit(limit, *keys):
        raise TooManyRequests(retry_after=_seconds_until(limit, keys))


def too_often(rate: str, *what: str) -> bool:
    """Tell whether something was counted as often as the rate allows."""
    _let_go()
    return not limiter.limiter.test(parse(rate), _key(what))


def count(rate: str, *what: str) -> None:
    """Count something once more, for `too_often` to find."""
    _let_go()
    limiter.limiter.hit(parse(rate), _key(what))


def _let_go() -> None:
    """End the request's transaction, in which nothing may have been written yet."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("counting would lose what is not committed yet")
    session.rollback()


def _key(what: tuple[str, ...]) -> str:
    return keyed_hash(secret_key(), "rate", *what)


def _seconds_until(limit: RateLimitItem, keys: tuple[str, ...]) -> int:
    reset_at = limiter.limiter.get_window_stats(limit, *keys).reset_time
    return max(1, int(reset_at - time.time()))
