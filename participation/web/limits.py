"""How often a form may be sent from one network.

A household, a school and a library are one network each: above the limit of a form for
everybody, people answer a question and go on, and only far above it they have to wait.

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
from participation.web.challenges import Covers, demand_answer
from participation.web.extensions import db, limiter
from participation.web.rate_storage import limited_by
from participation.web.secrets import secret_key

View = TypeVar("View", bound=Callable[..., Any])


def limited(
    rate: str, *, at_most: str | None = None, covers: Covers = Covers.FORM
) -> Callable[[View], View]:
    """Limit the POSTs to a view, for example `@limited("20/hour")`; reading is never limited.

    With `at_most` somebody above the rate answers a question and goes on, up to that many more.
    """
    parse(rate)
    if at_most is not None:
        parse(at_most)

    def decorate(view: View) -> View:
        view.rate_limit = rate  # type: ignore[attr-defined]
        view.rate_ceiling = at_most  # type: ignore[attr-defined]
        view.answer_covers = covers  # type: ignore[attr-defined]
        return view

    return decorate


def check_limit() -> None:
    """Count a POST to a limited view. Raises TooManyRequests, or Challenged below the ceiling."""
    if request.method != "POST":
        return
    view = current_app.view_functions.get(request.endpoint or "")
    rate = getattr(view, "rate_limit", None)
    if rate is None:
        return
    limit, keys = parse(rate), (str(request.endpoint), limited_by())
    if limiter.limiter.hit(limit, *keys):
        return
    ceiling = getattr(view, "rate_ceiling", None)
    if ceiling is None:
        raise TooManyRequests(retry_after=_seconds_until(limit, keys))
    # Every sending above the limit counts, with a right answer, a wrong one or none.
    highest, above = parse(ceiling), ("ceiling", *keys)
    if not limiter.limiter.hit(highest, *above):
        raise TooManyRequests(retry_after=_seconds_until(highest, above))
    demand_answer(view.answer_covers)  # type: ignore[union-attr]


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
