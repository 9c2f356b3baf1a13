"""The database's own guards: triggers that refuse to change what must never change, and keys
that must lead somewhere.

A restore writes rows that are frozen already, and tables that refer to each other or to
themselves. It lifts the guards inside its transaction and sets them again before it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@contextmanager
def lifted_guards(connection: Connection) -> Iterator[None]:
    """Write without the guards; they stand again at the end, or the transaction is undone.

    Keys are checked at the end at the latest. Raises IntegrityError if one leads nowhere.
    """
    lifted = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    with lifted(connection):
        yield


@contextmanager
def _on_sqlite(connection: Connection) -> Iterator[None]:
    triggers = connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for name, _statement in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _name, statement in triggers:
        connection.exec_driver_sql(statement)


@contextmanager
def _on_postgresql(connection: Connection) -> Iterator[None]:
    guarded = connection.scalars(
        sa.text("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    ).all()
    keys = connection.execute(
        sa.text(
            "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint"
            " WHERE contype = 'f' AND NOT condeferrable"
            " AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for table in guarded:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, key in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE")
    connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
    yield
    # All keys are checked now: a table with checks outstanding cannot be altered.
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, key in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE")
    for table in guarded:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
