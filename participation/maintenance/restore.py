"""Restore: fill an empty database, of either kind, from the archive of a backup."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection, Engine

from participation.foundation.errors import BrokenInput, Conflict
from participation.maintenance import schema
from participation.maintenance.archive import Manifest, read_manifest, read_table, shape_of
from participation.maintenance.guards import lifted_guards

_AT_ONCE = 1_000
# Written by whoever looks at the site of an empty database; nobody misses it.
_MAY_BE_FULL = frozenset({"alembic_version", "rate_count"})


def restore_backup(
    engine: Engine,
    file: Path,
    *,
    progress: Callable[[int], None] = lambda _number: None,
) -> Manifest:
    """Fill an empty database from an archive and bring it up to date.

    All or nothing. Raises Conflict if the database holds anything, BrokenInput if the archive
    is damaged or of a newer version. `progress` is told of each table.
    """
    with _opened(file) as archive:
        manifest = read_manifest(archive)
        if not schema.knows(manifest.revision):
            raise BrokenInput(f"this backup was made by a newer version ({manifest.revision})")
        _require_empty(engine)
        _make_tables(engine, manifest.revision)
        try:
            with engine.begin() as connection, lifted_guards(connection):
                _fill(connection, archive, manifest, progress)
                _advance_sequences(connection)
        except (sa.exc.SQLAlchemyError, ValueError, KeyError) as failure:
            reason = str(failure).partition("\n")[0]
            raise BrokenInput(f"this backup does not fit its own tables: {reason}") from failure
    schema.upgrade(engine)
    return manifest


def _opened(file: Path) -> zipfile.ZipFile:
    if file.exists() and not file.is_file():
        raise BrokenInput(f"{file} is not a file")
    try:
        return zipfile.ZipFile(file)
    except OSError as failure:
        raise BrokenInput(f"cannot read {file}: {failure.strerror}") from failure
    except zipfile.BadZipFile as failure:
        raise BrokenInput(f"{file} is not a whole backup ({failure})") from failure


def _require_empty(engine: Engine) -> None:
    with engine.connect() as connection:
        for name in sorted(set(sa.inspect(connection).get_table_names()) - _MAY_BE_FULL):
            if connection.scalar(
                sa.select(sa.exists(sa.select(sa.text("1")).select_from(sa.table(name))))
            ):
                raise Conflict(
                    f"the database is not empty (table “{name}”); restore needs a new one"
                )


def _make_tables(engine: Engine, revision: str) -> None:
    """Make the tables as they were when the backup was made."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present not in (None, revision):
        schema.downgrade(engine)
    schema.upgrade(engine, revision)


def _fill(
    connection: Connection,
    archive: zipfile.ZipFile,
    manifest: Manifest,
    progress: Callable[[int], None],
) -> None:
    present = set(sa.inspect(connection).get_table_names())
    for content in manifest.tables:
        if content.name not in present:
            raise BrokenInput(f"the backup holds a table “{content.name}” that is not known")
        rows, table = read_table(archive, content), shape_of(content)
        while batch := list(islice(rows, _AT_ONCE)):
            connection.execute(sa.insert(table), batch)
        progress(1)


def _advance_sequences(connection: Connection) -> None:
    """Let PostgreSQL count on from the highest number; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    owned = connection.execute(
        sa.text(
            "SELECT table_name, column_name,"
            " pg_get_serial_sequence(quote_ident(table_name), column_name)"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
        )
    ).all()
    for table, name, sequence in owned:
        column: sa.ColumnClause[int] = sa.column(name, sa.Integer)
        highest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).select_from(
            sa.table(table)
        )
        connection.execute(sa.select(sa.func.setval(sequence, highest.scalar_subquery(), False)))
