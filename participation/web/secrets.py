"""The application's keys, for whoever asks inside a request."""

from __future__ import annotations

from flask import current_app


def secret_key() -> bytes:
    """Return the key of every keyed hash."""
    key: bytes = current_app.config["HASHING_KEY"]
    return key


def cookie_name(name: str) -> str:
    """Return a cookie's name, with the prefix that binds it to this host under https."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name
