"""Fixtures of the operator's commands: the console script and a town to use it for."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.foundation import clock
from participation.maintenance.backup import write_backup
from tests.command_line import CommandLine
from tests.conftest import NOON, psycopg_url
from tests.drill import Filled, content, opened
from tests.everything import fill_every_table
from tests.factories import Make
from tests.factories_engagements import KEY


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


@pytest.fixture
def arranged(make: Make, session: Session) -> None:
    """Two towns, one with a strategy and an open call for ideas."""
    town = make.municipality()
    strategy = make.strategy(town)
    make.municipality("neudorf", "Neudorf")
    element = make.worded(strategy, "HF-1", title="Verwaltung")
    make.idea_call(town, title="Offene Ideen", elements=(element,))
    session.commit()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that has no tables yet, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite'}"
        return
    postgres = request.getfixturevalue("postgres")
    name = f"new_{uuid.uuid4().hex[:12]}"
    yield psycopg_url(postgres.create_database(name)).render_as_string(hide_password=False)
    postgres.drop_database(name)


def _filled(url: str, folder: Path) -> Filled:
    with opened(url) as engine, Session(engine) as session, clock.standing_at(NOON):
        code = fill_every_table(Make(session, at=NOON), session)
        session.close()
        archive = folder / "backup.zip"
        write_backup(engine, archive, key=KEY, at=NOON)
        return Filled(content(engine), archive, code)


@pytest.fixture(scope="module")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(sqlite_template, folder / "filled.sqlite")
    return _filled(f"sqlite:///{folder / 'filled.sqlite'}", folder)


@pytest.fixture(scope="module")
def filled_postgres(
    postgres: Any, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Filled]:
    name = f"filled_{uuid.uuid4().hex[:8]}"
    url = psycopg_url(postgres.create_database(name, postgres_template))
    yield _filled(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("filled"))
    postgres.drop_database(name)


@pytest.fixture(params=["from sqlite", "from postgresql"])
def filled(request: pytest.FixtureRequest) -> Filled:
    """Such a database of each kind."""
    kind = "filled_sqlite" if request.param == "from sqlite" else "filled_postgres"
    found: Filled = request.getfixturevalue(kind)
    return found


@pytest.fixture
def on_new(
    new_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Iterator[CommandLine]:
    """The console script on a database without tables."""
    command = CommandLine(monkeypatch, capsys, new_url, tmp_path / "var")
    yield command
    command.close()
