"""The console script, called in the process of the tests."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from participation import app as factory
from participation import cli


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> Any:
        """The JSON of the last line on standard output."""
        return json.loads(self.out.strip().splitlines()[-1])

    @property
    def refusal(self) -> str:
        """The one line that says what was wrong; fails unless there is exactly that."""
        assert self.code == 1, self
        assert self.out == "", self
        assert self.err.startswith("participation: "), self
        assert self.err.count("\n") == 1, self
        return self.err.removeprefix("participation: ").strip()


class CommandLine:
    """Calls `participation` on one database, after committing what the test has arranged.

    `folder` is the data folder.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        url: str,
        folder: Path,
        session: Session | None = None,
    ) -> None:
        self._session = session
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self._apps: dict[str, Flask] = {}
        self._create_app = factory.create_app
        self.folder = folder
        settings = {
            "DATABASE_URL": url,
            "DATA_FOLDER": str(folder),
            "SECRET_KEY": "a key for tests only",
            "BASE_ADDRESS": "http://localhost",
            "ARGON2_MEMORY": "8",
            "ARGON2_TIME": "1",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"PARTICIPATION_{name}", value)
        monkeypatch.setattr(factory, "create_app", self._one_app_each)

    def __call__(self, *arguments: str | Path) -> Ran:
        """Run a command to its end."""
        self._monkeypatch.setattr(sys, "argv", ["participation", *map(str, arguments)])
        self._capsys.readouterr()
        if self._session is not None:
            self._session.commit()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = self._capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)

    def on(self, url: str) -> CommandLine:
        """Return the same command line, on another database from now on."""
        self._monkeypatch.setenv("PARTICIPATION_DATABASE_URL", url)
        return self

    def close(self) -> None:
        """Let go of the databases."""
        for app in self._apps.values():
            with app.app_context():
                app.extensions["sqlalchemy"].engine.dispose()

    def _one_app_each(self) -> Flask:
        # A process has one application; to build it anew each time would only take time.
        url = os.environ["PARTICIPATION_DATABASE_URL"]
        if url not in self._apps:
            self._apps[url] = self._create_app()
        return self._apps[url]
