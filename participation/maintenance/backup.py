"""Backup and restore: one archive that both databases write and read.

The archive is a zip file with a line of JSON for each row, table by table, in the order of
the primary key, so that it tells nothing about the order in which rows were written. It
holds no keys: without the installation's secret key the receipts in it open nothing.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection, Engine

from participation.foundation.errors import BrokenInput, Conflict
from participation.foundation.orm import UtcDateTime, metadata
from participation.foundation.tokens import keyed_hash
from participation.maintenance import schema
from participation.maintenance.guards import lifted_guards

_FORMAT = 1
_BATCH = 1_000
_MANIFEST = "manifest.json"
# Counters of rate limits and sign-ins are of the moment; people sign in anew after a restore.
_LEFT_OUT = frozenset({"rate_count", "account_session"})


@dataclass(frozen=True)
class TableContent:
    """What an archive holds of one table."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds, and for which tables and key it was made."""

    format: int
    revision: str
    made_at: str
    key_fingerprint: str
    tables: list[TableContent]


def fingerprint(key: bytes) -> str:
    """Return what tells one secret key from another without telling the key."""
    return keyed_hash(key, "backup")[:16]


def write_backup(
    engine: Engine,
    file: Path,
    *,
    key: bytes,
    at: datetime,
    progress: Callable[[str], None] = lambda _table: None,
) -> Manifest:
    """Write the whole database as it is at one moment, and return what was written.

    The file appears under its name only when it is whole. Raises Conflict if it exists.
    """
    if file.exists():
        raise Conflict(f"{file} exists; choose another name")
    unfinished = file.with_name(file.name + ".part")
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name != "sqlite" else {}
    with (
        engine.connect().execution_options(**options) as connection,
        zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        connection.begin()
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise Conflict("the database has no tables yet")
        contents = []
        for table in _tables():
            progress(table.name)
            contents.append(_write_table(connection, table, archive))
        manifest = Manifest(_FORMAT, revision, at.isoformat(), fingerprint(key), contents)
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
    unfinished.chmod(0o600)
    unfinished.replace(file)
    return manifest


def restore_backup(
    engine: Engine,
    file: Path,
    *,
    progress: Callable[[str], None] = lambda _table: None,
) -> Manifest:
    """Fill an empty database from an archive and bring it up to date.

    Raises Conflict if the database holds anything, BrokenInput if the archive is damaged.
    All or nothing: a damaged archive leaves empty tables.
    """
    _require_empty(engine)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            schema.upgrade(engine, manifest.revision)
            with engine.begin() as connection, lifted_guards(connection):
                _defer_keys(connection)
                for content in manifest.tables:
                    progress(content.name)
                    _read_table(connection, content, archive)
                _advance_sequences(connection)
    except (zipfile.BadZipFile, KeyError, OSError) as failure:
        raise BrokenInput(f"{file} is not a whole backup ({failure})") from failure
    schema.upgrade(engine)
    return manifest


def _tables() -> list[sa.Table]:
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _write_table(
    connection: Connection, table: sa.Table, archive: zipfile.ZipFile
) -> TableContent:
    digest, count = hashlib.sha256(), 0
    rows = connection.execution_options(yield_per=_BATCH).execute(
        sa.select(table).order_by(*table.primary_key.columns)
    )
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as stream:
        for row in rows.mappings():
            line = _line_of({column.name: row[column] for column in table.columns})
            stream.write(line)
            digest.update(line)
            count += 1
    return TableContent(table.name, count, digest.hexdigest())


def _read_table(connection: Connection, content: TableContent, archive: zipfile.ZipFile) -> None:
    table = metadata.tables.get(content.name)
    if table is None:
        raise BrokenInput(f"the backup holds a table “{content.name}” that is not known")
    digest = hashlib.sha256()
    count = 0
    with archive.open(f"{content.name}.jsonl") as stream:
        lines = _checked_lines(stream, digest)
        while batch := [_row_of(table, line) for line in islice(lines, _BATCH)]:
            connection.execute(sa.insert(table), batch)
            count += len(batch)
    if (count, digest.hexdigest()) != (content.rows, content.sha256):
        raise BrokenInput(f"the table “{content.name}” in the backup is damaged")


def _checked_lines(stream: IO[bytes], digest: Any) -> Iterator[bytes]:
    for line in stream:
        digest.update(line)
        yield line


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    values = json.loads(archive.read(_MANIFEST))
    if values["format"] != _FORMAT:
        raise BrokenInput("this backup was made by another version of the platform")
    tables = [TableContent(**content) for content in values.pop("tables")]
    return Manifest(tables=tables, **values)


def _require_empty(engine: Engine) -> None:
    with engine.connect() as connection:
        present = set(sa.inspect(connection).get_table_names()) & set(metadata.tables)
        for name in sorted(present):
            if connection.scalar(sa.select(sa.exists(sa.select(metadata.tables[name])))):
                raise Conflict(f"the database is not empty (table “{name}”); restore needs a new one")


def _defer_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")


def _advance_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the highest number; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in _tables():
        column = table.autoincrement_column
        if column is None:
            continue
        name = connection.scalar(
            sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name))
        )
        if name is not None:
            highest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(name, highest, False)))


def _line_of(values: dict[str, Any]) -> bytes:
    plain = {name: _plain(value) for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _row_of(table: sa.Table, line: bytes) -> dict[str, Any]:
    values = json.loads(line)
    return {
        column.name: _typed(column.type, values[column.name])
        for column in table.columns
        if column.name in values
    }


def _typed(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return sa.null() if isinstance(kind, sa.JSON) and kind.none_as_null else None
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    if isinstance(kind, sa.Uuid):
        return uuid.UUID(value)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float):
        return Decimal(value)
    return value
