"""What no request may bring, whatever it is for: numbers and signs that a database refuses."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import IntegerConverter, Map

_LARGEST = 2**31 - 1


class SmallIntegerConverter(IntegerConverter):
    """A number in a path that fits into an integer column; a larger one names nothing."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **({"max": _LARGEST} | options))


def refuse_null_signs() -> None:
    """Refuse the one sign that no text has and that PostgreSQL cannot store."""
    if "\x00" in request.path:
        raise NotFound
    texts = [*request.args.values()]
    if request.method == "POST":
        texts += request.form.values()
    if any("\x00" in text for text in texts):
        raise BadRequest
