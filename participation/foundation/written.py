"""Whether anybody wrote to the database since somebody looked, asked for next to nothing."""

from __future__ import annotations

import os
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine


class Writings:
    """Names the state that a database is in; another name, and somebody may have written.

    A name taken before something is read is never newer than what is read. Names mean something
    within one process only.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._lock = threading.Lock()
        self._watching: Any = None
        self._process = 0

    def state(self) -> str:
        """Return the name of the present state."""
        return self._state_of_sqlite() if self._is_sqlite else self._state_of_postgresql()

    def _state_of_sqlite(self) -> str:
        # SQLite counts what other connections write, so this one must never write itself. It must
        # not be used by a process that was forked from its own either.
        with self._lock:
            if self._process != os.getpid():
                self._watching = self._engine.raw_connection()
                self._watching.detach()
                self._process = os.getpid()
            (version,) = self._watching.cursor().execute("PRAGMA data_version").fetchone()
        return f"{self._process}.{version}"

    def _state_of_postgresql(self) -> str:
        # Which transactions are over is all that decides about what can be seen.
        with self._engine.connect() as connection:
            return str(connection.scalar(sa.text("SELECT pg_current_snapshot()")))
