"""An application that is really served on loopback, while its clock stands still."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from participation.foundation import clock

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Quiet(WSGIRequestHandler):
    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: a test that fails shows what it asked for."""


class _StandingClock:
    """Gives every request the same time, whatever thread it runs in."""

    def __init__(self, inner: WSGIApp, at: datetime) -> None:
        self._inner = inner
        self._at = at

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        with clock.standing_at(self._at):
            body = self._inner(environ, start)
            try:
                return [b"".join(body)]
            finally:
                if hasattr(body, "close"):
                    body.close()


@contextmanager
def served(app: Flask, *, at: datetime) -> Iterator[str]:
    """Serve an application; give its address."""
    server = make_server(
        "127.0.0.1", 0, _StandingClock(app, at), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
