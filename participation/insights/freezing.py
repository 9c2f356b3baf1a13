"""Triggers that keep a released aggregate as it is.

They are created with the tables, and the first migration executes the same texts
(`CREATE[dialect]`, undone by `DROP[dialect]`). SQLite drops a table's triggers together with
the table, so a migration that rebuilds one of these tables has to create them again.
"""

from __future__ import annotations

import sqlalchemy as sa

MESSAGE = "a released aggregate never changes"
GUARDED_TABLES = ("aggregate", "aggregate_element")

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION guard_aggregate() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$"
)


def _sqlite_guard(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_frozen_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for event in ("UPDATE", "DELETE")
    )


def _postgresql_guard(table: str) -> tuple[str, ...]:
    trigger = (
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION guard_aggregate()"
    )
    return _FUNCTION, trigger


_GUARDS = {
    "sqlite": {table: _sqlite_guard(table) for table in GUARDED_TABLES},
    "postgresql": {table: _postgresql_guard(table) for table in GUARDED_TABLES},
}

CREATE: dict[str, tuple[str, ...]] = {
    dialect: tuple(statement for statements in guards.values() for statement in statements)
    for dialect, guards in _GUARDS.items()
}

# Executed after the tables are dropped, which takes their triggers along.
DROP: dict[str, tuple[str, ...]] = {
    "sqlite": (),
    "postgresql": ("DROP FUNCTION IF EXISTS guard_aggregate()",),
}


def guard(table: sa.Table) -> None:
    """Have the triggers of a table created right after it."""
    for dialect, guards in _GUARDS.items():
        for statement in guards[table.name]:
            ddl = sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            sa.event.listen(table, "after_create", ddl)
