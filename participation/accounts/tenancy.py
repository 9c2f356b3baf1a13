"""Which municipality an address belongs to.

With one municipality its pages stand at the root. With several, the first segment of the path
names it, and moves into SCRIPT_NAME: routes and `url_for` know nothing of it. Addresses from
the time when there was one only lead to the first municipality, so that they stay good.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Flask

from participation.accounts.models import Municipality
from participation.foundation.orm import reading_only
from participation.web.extensions import db

SLUG_KEY = "participation.municipality"
_GLOBAL = frozenset({"api", "static", "konto", "gesundheit"})
_REMEMBERED_SECONDS = 2.0

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Tenancy:
    """WSGI middleware that finds the municipality."""

    def __init__(self, app: Flask, inner: WSGIApp) -> None:
        self._app = app
        self._inner = inner
        self._slugs: list[str] = []
        self._read_at = float("-inf")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        first, _, rest = path.lstrip("/").partition("/")
        if first == "static":
            return self._inner(environ, start)
        slugs = self.slugs()
        if len(slugs) == 1:
            environ[SLUG_KEY] = slugs[0]
        elif first in slugs:
            environ[SLUG_KEY] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
        elif slugs and first and first not in _GLOBAL:
            return _redirect(environ, slugs[0], start)
        return self._inner(environ, start)

    def slugs(self) -> list[str]:
        """Return the short names of all municipalities, read anew every two seconds."""
        if time.monotonic() - self._read_at > _REMEMBERED_SECONDS:
            self._slugs = self._read_slugs()
            self._read_at = time.monotonic()
        return self._slugs

    def _read_slugs(self) -> list[str]:
        reading = reading_only.set(True)
        try:
            with self._app.app_context(), db.engine.connect() as connection:
                names = connection.scalars(sa.select(Municipality.slug).order_by(Municipality.id))
                return list(names)
        finally:
            reading_only.reset(reading)

    def forget(self) -> None:
        """Read the municipalities anew at the next request."""
        self._read_at = float("-inf")


def _redirect(environ: dict[str, Any], slug: str, start: Callable[..., Any]) -> Iterable[bytes]:
    # WSGI hands the bytes of a path over as if they were Latin-1.
    path = environ.get("PATH_INFO", "").lstrip("/").encode("latin-1")
    location = f"{environ.get('SCRIPT_NAME', '')}/{slug}/{quote(path)}"
    if environ.get("QUERY_STRING"):
        location += "?" + environ["QUERY_STRING"]
    start("308 Permanent Redirect", [("Location", location), ("Content-Length", "0")])
    return [b""]
