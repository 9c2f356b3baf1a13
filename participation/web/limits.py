"""How often a form may be sent from one network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from participation.web.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])


def limited(rate: str) -> Callable[[View], View]:
    """Limit the POSTs to a view, for example `@limited("20/hour")`; reading is never limited."""

    def decorate(view: View) -> View:
        limit: View = limiter.limit(rate, methods=["POST"])(view)
        return limit

    return decorate
