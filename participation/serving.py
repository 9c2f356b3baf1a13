"""The processes of `participation serve`: gunicorn's, and the worker's beside them."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from participation.config import PREFIX, is_loopback

BASE_ADDRESS = f"{PREFIX}BASE_ADDRESS"
_SHORTEST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_STEADY_SECONDS = 60.0


def address_of_demo(environment: Mapping[str, str], host: str, port: int) -> str | None:
    """Return where the links of a demo lead: to where it listens, if nobody has said otherwise."""
    is_said = BASE_ADDRESS in environment or f"{PREFIX}CONFIG" in environment
    if is_said or not is_loopback(host):
        return None
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told everything by us instead of by a file."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self._app = app
        self._options = options | {
            "worker_class": "gthread",
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "graceful_timeout": 20,
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn, which asks for them here."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return what is to be served."""
        return self._app


class Announcement:
    """Says how long it took from the beginning until a visitor really got a page."""

    def __init__(self, host: str, port: int, begun: float) -> None:
        self._host = host
        self._port = port
        self._begun = begun

    def begin(self, worker: Any) -> None:
        """Ask until there is an answer, beside the first process that serves."""
        if worker.age == 1:
            threading.Thread(target=self._wait, name="announcement", daemon=True).start()

    def _wait(self) -> None:
        while not self._answers():
            time.sleep(0.05)
        click.echo(f"The site answers after {time.time() - self._begun:.1f} s. Ctrl+C ends it.")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=60)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            return answer.status == 200 and bool(answer.read())
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep a worker process running; one that dies is replaced after a pause, and it is said.

    Without it the site would go on taking contributions while nobody sends the mails.
    """
    owner = os.getpid()
    keeper = _WorkerKeeper()
    keeper.start()
    try:
        yield
    finally:
        # The processes that serve are forked from this one, and when they end they come by here.
        if os.getpid() == owner:
            keeper.end()


class _WorkerKeeper:
    """Waits for the worker's end; only that thread begins another."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process = self._begin()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        self._process.terminate()
        self._thread.join(timeout=30)

    @staticmethod
    def _begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "participation", "worker", "--parent", str(os.getpid())]
        # A group of its own: Ctrl+C is for the server, which then ends the worker itself.
        return subprocess.Popen(command, process_group=0)  # noqa: S603 - our own program.

    def _keep(self) -> None:
        pause = _SHORTEST_PAUSE_SECONDS
        while True:
            begun = time.monotonic()
            self._process.wait()
            if self._ending.is_set():
                return
            if time.monotonic() - begun > _STEADY_SECONDS:
                pause = _SHORTEST_PAUSE_SECONDS
            click.echo(
                f"participation: the worker has ended; another one begins in {pause:.0f} s",
                err=True,
            )
            if self._ending.wait(pause):
                return
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            self._process = self._begin()
            if self._ending.is_set():
                self._process.terminate()
