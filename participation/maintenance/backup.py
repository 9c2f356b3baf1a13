"""Backup: the whole database, as it is at one moment, in one archive.

Rows stand in it in the order of their primary key, so that it tells nothing about the order in
which they were written. It holds no keys: without the installation's secret key the receipts
in it open nothing.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection, Engine

from participation.foundation.errors import BrokenInput, Conflict
from participation.foundation.orm import metadata, only_reading
from participation.foundation.tokens import keyed_hash
from participation.maintenance.archive import FORMAT, Manifest, write_manifest, write_table

_AT_ONCE = 1_000
# Counters of rate limits and sign-ins are of the moment; people sign in anew after a restore.
_LEFT_OUT = frozenset({"rate_count", "account_session"})


def fingerprint(key: bytes) -> str:
    """Return what tells one secret key from another without telling the key."""
    return keyed_hash(key, "backup")[:16]


def write_backup(
    engine: Engine,
    file: Path,
    *,
    key: bytes,
    at: datetime,
    progress: Callable[[int], None] = lambda _number: None,
) -> Manifest:
    """Write the whole database as it is at one moment, and return what was written.

    The file appears under its name only when it is whole, and only its owner can read it.
    `progress` is told of each table. Raises Conflict if the file exists.
    """
    if file.exists():
        raise Conflict(f"there is already a file {file}; choose another name")
    with (
        _unfinished(file) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        _snapshot(engine) as connection,
    ):
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise Conflict("the database has no tables yet")
        contents = []
        for table in tables():
            contents.append(write_table(archive, table, _rows(connection, table)))
            progress(1)
        manifest = Manifest(FORMAT, revision, at.isoformat(), fingerprint(key), contents)
        write_manifest(archive, manifest)
    return manifest


def tables() -> list[sa.Table]:
    """Return the tables that a backup holds, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


@contextmanager
def _unfinished(file: Path) -> Iterator[IO[bytes]]:
    part = file.with_name(file.name + ".part")
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as failure:
        raise Conflict(
            f"another backup is being written, or one broke off; then remove {part}"
        ) from failure
    except OSError as failure:
        raise BrokenInput(f"cannot write {part}: {failure.strerror}") from failure
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the database as it is now, and keeps nobody from writing."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with (
        only_reading(),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection


def _rows(connection: Connection, table: sa.Table) -> Iterator[Mapping[Any, Any]]:
    found = connection.execute(
        sa.select(table).order_by(*table.primary_key.columns),
        execution_options={"yield_per": _AT_ONCE},
    )
    yield from found.mappings()
