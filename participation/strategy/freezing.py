"""Triggers that keep what a version says once it is no draft any more.

The operations refuse first and in words; these hold against everything else that writes. They
are created with the tables, and the first migration executes the same texts
(`CREATE[dialect]`, undone by `DROP[dialect]`). SQLite drops a table's triggers together with
the table, so a migration that rebuilds one of these tables has to create them again.

A version is filled while it is a draft; its wording may be written only then. The version
itself may go from draft to in consultation or adopted, and from adopted to superseded.
"""

from __future__ import annotations

import sqlalchemy as sa

MESSAGE = "a strategy version that is no draft never changes"

# The tables whose rows belong to a wording, and through it to a version.
_PARTS = ("success_criterion", "financing_line", "measure_goal")
_KEPT_COLUMNS = (
    "id",
    "strategy_id",
    "number",
    "consultation",
    "created_at",
    "adopted_at",
    "resolution_body",
    "resolution_on",
    "resolution_number",
)


def _sqlite_refusal(name: str, event: str, table: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def _sqlite_guard_of_rows(table: str, frozen: str, column: str) -> tuple[str, ...]:
    """Return the triggers of one table; `frozen` asks about the row that `{row}` names.

    A row whose version is gone is being deleted with it and was checked there.
    """
    old, new = (frozen.format(key=f"{row}.{column}") for row in ("OLD", "NEW"))
    return (
        _sqlite_refusal(f"{table}_frozen_insert", "INSERT", table, new),
        _sqlite_refusal(f"{table}_frozen_update", "UPDATE", table, f"{old} OR {new}"),
        _sqlite_refusal(f"{table}_frozen_delete", "DELETE", table, old),
    )


def _sqlite_guards() -> dict[str, tuple[str, ...]]:
    kept = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _KEPT_COLUMNS)
    superseded = f"OLD.status = 'adopted' AND NEW.status = 'superseded' AND {kept}"
    version_frozen = (
        "EXISTS (SELECT 1 FROM strategy_version WHERE id = {key} AND status <> 'draft')"
    )
    wording_frozen = (
        "EXISTS (SELECT 1 FROM element_wording JOIN strategy_version"
        " ON strategy_version.id = element_wording.version_id"
        " WHERE element_wording.id = {key} AND strategy_version.status <> 'draft')"
    )
    return {
        "strategy_version": (
            _sqlite_refusal(
                "strategy_version_frozen_update",
                "UPDATE",
                "strategy_version",
                "(OLD.status = 'draft' AND NEW.status = 'superseded')"
                f" OR (OLD.status <> 'draft' AND NOT ({superseded}))",
            ),
            _sqlite_refusal(
                "strategy_version_frozen_delete",
                "DELETE",
                "strategy_version",
                "OLD.status <> 'draft'",
            ),
        ),
        "element_wording": _sqlite_guard_of_rows("element_wording", version_frozen, "version_id"),
    } | {table: _sqlite_guard_of_rows(table, wording_frozen, "wording_id") for table in _PARTS}


def _postgresql_function(name: str, declare: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"{declare} BEGIN {body} END $$"
    )


def _postgresql_trigger(table: str, function: str, events: str) -> str:
    return (
        f"CREATE TRIGGER {table}_frozen BEFORE {events} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


_RAISE = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation';"
_RETURN = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"


def _postgresql_row_check(state_of: str) -> str:
    """Return the body that looks at the versions of the old and the new row.

    FOR SHARE makes a writer wait for an adoption that is under way, and the other way round:
    otherwise a row could slip into a version between its last check and its commit.
    """
    checks = "".join(
        f"IF TG_OP <> '{but}' THEN {state_of.format(row=row)}"
        f" IF state <> 'draft' THEN {_RAISE} END IF; END IF; "
        for row, but in (("OLD", "INSERT"), ("NEW", "DELETE"))
    )
    return checks + _RETURN


def _postgresql_guards() -> dict[str, tuple[str, ...]]:
    kept = ", ".join(f"{{row}}.{column}" for column in _KEPT_COLUMNS)
    version_check = (
        "IF TG_OP = 'DELETE' THEN"
        f" IF OLD.status <> 'draft' THEN {_RAISE} END IF; RETURN OLD; END IF; "
        "IF OLD.status = 'draft' AND NEW.status <> 'superseded' THEN RETURN NEW; END IF; "
        "IF OLD.status = 'adopted' AND NEW.status = 'superseded'"
        f" AND ROW({kept.format(row='NEW')}) IS NOT DISTINCT FROM ROW({kept.format(row='OLD')})"
        f" THEN RETURN NEW; END IF; {_RAISE}"
    )
    wording_check = _postgresql_row_check(
        "SELECT status INTO state FROM strategy_version WHERE id = {row}.version_id FOR SHARE;"
    )
    part_check = _postgresql_row_check(
        "SELECT version.status INTO state FROM strategy_version version"
        " JOIN element_wording wording ON wording.version_id = version.id"
        " WHERE wording.id = {row}.wording_id FOR SHARE OF version;"
    )
    every_write = "INSERT OR UPDATE OR DELETE"
    declare = "DECLARE state text;"
    guards: dict[str, tuple[str, ...]] = {
        "strategy_version": (
            _postgresql_function("guard_strategy_version", "", version_check),
            _postgresql_trigger("strategy_version", "guard_strategy_version", "UPDATE OR DELETE"),
        ),
        "element_wording": (
            _postgresql_function("guard_element_wording", declare, wording_check),
            _postgresql_trigger("element_wording", "guard_element_wording", every_write),
        ),
    }
    for table in _PARTS:
        guards[table] = (
            _postgresql_function("guard_wording_part", declare, part_check),
            _postgresql_trigger(table, "guard_wording_part", every_write),
        )
    return guards


_GUARDS = {"sqlite": _sqlite_guards(), "postgresql": _postgresql_guards()}

GUARDED_TABLES = tuple(_GUARDS["sqlite"])

CREATE: dict[str, tuple[str, ...]] = {
    dialect: tuple(statement for statements in guards.values() for statement in statements)
    for dialect, guards in _GUARDS.items()
}

# Executed after the tables are dropped, which takes their triggers along.
DROP: dict[str, tuple[str, ...]] = {
    "sqlite": (),
    "postgresql": tuple(
        f"DROP FUNCTION IF EXISTS {name}()"
        for name in ("guard_strategy_version", "guard_element_wording", "guard_wording_part")
    ),
}


def guard(table: sa.Table) -> None:
    """Have the triggers of a table created right after it."""
    for dialect, guards in _GUARDS.items():
        for statement in guards[table.name]:
            ddl = sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            sa.event.listen(table, "after_create", ddl)
