"""Pages that are the same for everybody, kept until somebody writes to the database.

A page is kept for people whose browser told us nothing but a language. It is made anew as soon as
anything is written anywhere, so it never shows what moderation has hidden, and every minute,
because schedules go by the minute.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request, session
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from participation.foundation import clock
from participation.foundation.written import Writings
from participation.web.extensions import db
from participation.web.languages import current_language, language_cookie

View = TypeVar("View", bound=Callable[..., Any])

_ROOM = 8 * 1024 * 1024
_LARGEST = 512 * 1024
_MINUTE = 60


@dataclass(frozen=True)
class Moment:
    """What a page was made from: the state of the database and the minute."""

    written: str
    minute: int


@dataclass(frozen=True)
class KeptPage:
    """A page as it was sent."""

    made_at: Moment
    body: bytes
    headers: Headers
    etag: str

    def response(self) -> Response:
        """Return the page as an answer to this request; without content if the browser has it."""
        response = current_app.response_class(self.body, headers=self.headers.copy())
        response.set_etag(self.etag)
        return response.make_conditional(request)


class KeptPages:
    """The pages of one process; the one that was not asked for the longest goes first."""

    def __init__(self, writings: Writings) -> None:
        self.writings = writings
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self.size = 0

    def find(self, key: str, moment: Moment) -> KeptPage | None:
        """Return the page of a key if it was made at this very moment."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.made_at != moment:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: str, page: KeptPage) -> None:
        """Keep a page in place of an earlier one."""
        if len(page.body) > _LARGEST:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.size += len(page.body)
            while self.size > _ROOM:
                self._drop(next(iter(self._pages)))

    def forget(self) -> None:
        """Make every page anew when it is asked for next."""
        with self._lock:
            self._pages.clear()
            self.size = 0

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size -= len(page.body)


def same_for_everybody(view: View) -> View:
    """Say that a page depends on its address, the language, the time and the database alone.

    What makes one answer of it another for each, like a form with a key, calls `make_for_one`.
    """
    view.is_same_for_everybody = True  # type: ignore[attr-defined]
    return view


def make_for_one() -> None:
    """Say that the answer to this request is for whoever asked, and for nobody else."""
    g.is_for_one = True


def bind_kept_pages(app: Flask) -> None:
    """Show pages that are kept, and keep those that are made.

    Called before other hooks are registered: what runs after a request runs in the reverse order,
    and a page is kept with all its headers.
    """
    with app.app_context():
        app.extensions["kept_pages"] = KeptPages(Writings(db.engine))
    app.after_request(_keep_page)


def show_kept_page() -> Response | None:
    """Answer with a page that is kept, or note under which key it may be."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "is_same_for_everybody", False) or not _is_anybody():
        return None
    pages = _pages()
    moment = Moment(pages.writings.state(), int(clock.now().timestamp()) // _MINUTE)
    key = f"{current_language().code} {request.url}"
    if page := pages.find(key, moment):
        # It has all its headers.
        g.was_kept = True
        return page.response()
    g.may_be_kept = (key, moment)
    return None


def _is_anybody() -> bool:
    return request.method in {"GET", "HEAD"} and request.cookies.keys() <= {language_cookie()}


def _keep_page(response: Response) -> Response:
    if "may_be_kept" not in g or not _is_for_everybody(response):
        return response
    key, moment = g.may_be_kept
    body = response.get_data()
    page = KeptPage(
        made_at=moment,
        body=body,
        headers=Headers([one for one in response.headers if one[0] != "Content-Length"]),
        etag=hashlib.blake2b(body, digest_size=16).hexdigest(),
    )
    _pages().keep(key, page)
    return page.response()


def _is_for_everybody(response: Response) -> bool:
    return (
        response.status_code == 200
        and request.method == "GET"
        and not response.is_streamed
        and not response.direct_passthrough
        and "Set-Cookie" not in response.headers
        and not session.modified
        and not g.get("is_for_one")
    )


def _pages() -> KeptPages:
    pages: KeptPages = current_app.extensions["kept_pages"]
    return pages
