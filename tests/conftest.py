"""Fixtures of all tests: both databases, an application, a client, factories."""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import shutil
import sys
import uuid
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

import participation
from participation.app import create_app
from participation.config import Settings, load_settings
from participation.foundation import clock
from participation.foundation.orm import tune_engine
from participation.maintenance import schema
from tests.factories import Make
from tests.real_input import input_folder
from tests.shared_work import share_addresses, share_statements, share_templates
from tests.site import Site

if TYPE_CHECKING:
    # Imported before pytest loads them as plugins, their asserts could not be explained.
    from tests.servers.kept import Databases
    from tests.servers.postgres import Postgres

pytest_plugins = [
    "tests.servers.postgres",
    "tests.servers.kept",
    "tests.servers.chromium",
    "tests.servers.smtp",
]

REAL_DATA = Path(os.environ.get("PARTICIPATION_REAL_DATA", "../shared/data"))
# A Thursday in spring, so that days, weeks and summer time are nothing special.
NOON = datetime(2026, 5, 7, 10, 0, tzinfo=UTC)

# Databases come and go with each test; in memory, none waits for the disk.
_MEMORY, _ROOM = Path("/dev/shm"), 4 * 1024**3
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
# Programs that tests start, and the next run, find compiled what the first has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
share_addresses()

# A polymorphic child whose class was never imported raises when it is loaded.
for _room in pkgutil.iter_modules(participation.__path__):
    for _name in ("models", "answers"):
        if _room.ispkg and importlib.util.find_spec(f"participation.{_room.name}.{_name}"):
            importlib.import_module(f"participation.{_room.name}.{_name}")


# What is loaded and collected stays: looking for garbage in it took a fifth of a short run.
gc.disable()


def pytest_report_header() -> str:
    """Say which sets of input are read: a folder may be named that is not there."""
    return f"sets of input: {input_folder(REAL_DATA)}"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage once all tests are found, and only in what comes then."""
    found = yield
    gc.collect()
    gc.freeze()
    # What one page or one row leaves behind is soon gone by itself: looking for the rest as often
    # as usual took a tenth of the time.
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    return found


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    engine = sa.create_engine(f"sqlite:///{file}")
    tune_engine(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """A migrated, empty PostgreSQL database to copy."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    engine = sa.create_engine(psycopg_url(postgres.create_database(name)))
    schema.upgrade(engine)
    engine.dispose()
    return name


def psycopg_url(url: str) -> sa.URL:
    """Return the address with the driver that the platform uses."""
    return sa.make_url(url).set(drivername="postgresql+psycopg")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    file = tmp_path / "participation.sqlite"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_database_url(postgres_databases: Databases) -> Iterator[str]:
    """An empty PostgreSQL database."""
    address = postgres_databases.lend()
    yield address
    postgres_databases.take_back(address)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database, once of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_database_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def engine(request: pytest.FixtureRequest, database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database of each kind."""
    if not database_url.startswith("sqlite"):
        databases: Databases = request.getfixturevalue("postgres_databases")
        yield share_statements(databases.lent[database_url].engine())
        return
    engine = share_statements(sa.create_engine(database_url))
    tune_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh database of each kind."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def make(session: Session) -> Make:
    """Makes rows of every kind in the session."""
    return Make(session, at=NOON)


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still at noon of 7 May 2026."""
    with clock.standing_at(NOON):
        yield NOON


def settings_for(url: str, folder: Path, **more: str) -> Settings:
    """Return settings on a database, with cheap passwords."""
    values = {
        "DATA_FOLDER": str(folder / "var"),
        "DATABASE_URL": url,
        "SECRET_KEY": "a key for tests only",
        "BASE_ADDRESS": "http://localhost",
        "ARGON2_MEMORY": "8",
        "ARGON2_TIME": "1",
        # Its own tests set it; elsewhere signing in stays one step.
        "SECOND_FACTOR": "waived",
    } | more
    return load_settings({f"PARTICIPATION_{name}": value for name, value in values.items()})


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a fresh SQLite database."""
    yield from _application(sqlite_url, tmp_path)


@pytest.fixture
def app_on_both(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a fresh database of each kind."""
    yield from _application(database_url, tmp_path)


def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(settings_for(url, folder))
    share_templates(app)
    with app.app_context():
        engine = share_statements(app.extensions["sqlalchemy"].engine)
    yield app
    engine.dispose()


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """The application with a town, as its people use it."""
    with Site.opened(app, at=NOON) as site:
        yield site


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """Somebody who is not signed in, on the town's pages."""
    return site.visitor()
