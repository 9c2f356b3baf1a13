"""One world for all tests of a file: building two towns takes a while."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from participation.app import create_app
from tests.conftest import psycopg_url, settings_for
from tests.security import world as worlds
from tests.security.world import World
from tests.servers.postgres import Postgres
from tests.shared_work import share_templates


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two towns, and everybody who might look at them."""
    with _on_sqlite(sqlite_template, tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world_on_both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The same, once on each database."""
    folder = tmp_path_factory.mktemp("world")
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        with _on_sqlite(template, folder) as world:
            yield world
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"world_{uuid.uuid4().hex[:12]}"
    url = server.create_database(name, request.getfixturevalue("postgres_template"))
    with _at(psycopg_url(url).render_as_string(hide_password=False), folder) as world:
        yield world
    server.drop_database(name)


@contextmanager
def _on_sqlite(template: Path, folder: Path) -> Iterator[World]:
    file = folder / "participation.sqlite"
    shutil.copy(template, file)
    with _at(f"sqlite:///{file}", folder) as world:
        yield world


@contextmanager
def _at(url: str, folder: Path) -> Iterator[World]:
    app = create_app(settings_for(url, folder))
    share_templates(app)
    with worlds.opened(app) as world:
        yield world
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
