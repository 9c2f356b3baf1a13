"""Fixtures of the operator's commands: the console script and a town to use it for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from tests.command_line import CommandLine
from tests.factories import Make


@pytest.fixture
def command(
    database_url: str,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[CommandLine]:
    """The console script on a fresh database, once of each kind."""
    command = CommandLine(monkeypatch, capsys, database_url, tmp_path / "var", session)
    yield command
    command.close()


@pytest.fixture
def town(make: Make, session: Session) -> Municipality:
    """A town with a draft of a strategy: L-1, HF-1 and HF-2."""
    town = make.municipality()
    make.strategy(town)
    session.commit()
    return town
