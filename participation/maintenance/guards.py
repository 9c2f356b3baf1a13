"""The database's own guards, triggers that refuse to change what must never change.

A restore writes rows that are frozen already; it lifts the guards inside its transaction and
sets them again before it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from participation.foundation.orm import metadata


@contextmanager
def lifted_guards(connection: Connection) -> Iterator[None]:
    """Write without the guards; they stand again at the end, or the transaction is undone."""
    if connection.dialect.name == "sqlite":
        triggers = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for name, _statement in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _name, statement in triggers:
            connection.exec_driver_sql(statement)
        return
    tables = [connection.dialect.identifier_preparer.format_table(t) for t in metadata.sorted_tables]
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    # Deferred keys are checked now: a table with checks outstanding cannot be altered.
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
