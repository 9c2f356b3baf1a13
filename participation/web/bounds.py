"""What no request may bring: numbers and signs that a database refuses, bodies that are no form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import IntegerConverter, Map

_LARGEST = 2**31 - 1
_FORM_AROUND = 256 * 1024
_FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})

View = TypeVar("View", bound=Callable[..., Any])


class SmallIntegerConverter(IntegerConverter):
    """A number in a path that fits into an integer column; a larger one names nothing."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **({"max": _LARGEST} | options))


def takes_files(
    most: int, *, allowed: int | None = None, carried: int = 0
) -> Callable[[View], View]:
    """Let a view take a larger body than others: so many bytes, and a form around them.

    `allowed` is what a file may really have where the view itself refuses in words what is
    larger than that. `carried` is how much of what was read before its fields may hold.
    """

    def decorate(view: View) -> View:
        view.largest_body = most + carried + _FORM_AROUND  # type: ignore[attr-defined]
        view.most_carried = carried  # type: ignore[attr-defined]
        view.largest_file = allowed or most  # type: ignore[attr-defined]
        return view

    return decorate


def largest_file() -> int | None:
    """Return how many bytes a file for this view may have; None if it takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    most: int | None = getattr(view, "largest_file", None)
    return most


def widen_for_files() -> None:
    """Allow a body as large as its view takes, before anybody reads it."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "largest_body", None)
    if most is not None:
        request.max_content_length = most
    carried = getattr(view, "most_carried", 0)
    if carried:
        request.max_form_memory_size = carried + _FORM_AROUND


def refuse_other_bodies() -> None:
    """Refuse a body that no form makes.

    The library of the forms would read JSON, too, and its numbers and lists are no texts.
    """
    if request.mimetype not in _FORMS:
        raise BadRequest


def refuse_null_signs() -> None:
    """Refuse the one sign that no text has and that PostgreSQL cannot store."""
    if "\x00" in request.path:
        raise NotFound
    texts = [*request.args.values()]
    if request.method == "POST":
        texts += request.form.values()
    if any("\x00" in text for text in texts):
        raise BadRequest
