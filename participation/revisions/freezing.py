"""Triggers that keep published answers and the changes of an adopted revision as they are.

The operations refuse first and in words; these hold against everything else that writes. They
are created with the tables, and the first migration executes the same texts
(`CREATE[dialect]`, undone by `DROP[dialect]`).

A published answer keeps its words, its signatures and its findings, and these keep their
sentence. Only who signed may be forgotten, when an account is erased. Of an adopted revision
every change stays, so that the public difference never tells another story.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

ANSWER_MESSAGE = "a published answer never changes"
CHANGE_MESSAGE = "the changes of an adopted revision never change"


@dataclass(frozen=True)
class _Guard:
    """When a row is frozen ({row} names it), and what of it may still become empty."""

    frozen: str
    message: str
    kept: tuple[str, ...]
    forgettable: tuple[str, ...] = ()
    # A row may be inserted, or come to be frozen, by the act of publishing itself.
    may_freeze: bool = False


_PUBLISHED_ANSWER = (
    "EXISTS (SELECT 1 FROM official_answer"
    " WHERE official_answer.id = {row}.answer_id AND official_answer.published_at IS NOT NULL)"
)
_PUBLISHED_FINDING = (
    "EXISTS (SELECT 1 FROM answered_finding"
    " JOIN official_answer ON official_answer.id = answered_finding.answer_id"
    " WHERE answered_finding.finding_id = {row}.id AND official_answer.published_at IS NOT NULL)"
)
_ADOPTED_REVISION = (
    "EXISTS (SELECT 1 FROM revision"
    " WHERE revision.id = {row}.revision_id AND revision.status = 'adopted')"
)
_ADOPTED_CHANGE = (
    "EXISTS (SELECT 1 FROM change JOIN revision ON revision.id = change.revision_id"
    " WHERE change.id = {row}.change_id AND revision.status = 'adopted')"
)

_GUARDS: dict[str, _Guard] = {
    "official_answer": _Guard(
        "{row}.published_at IS NOT NULL",
        ANSWER_MESSAGE,
        kept=(
            "id",
            "strategy_id",
            "disposition",
            "reasons",
            "with_adoption",
            "drafted_at",
            "signed_at",
            "second_signed_at",
            "published_at",
        ),
        forgettable=("drafted_by_id", "signed_by_id", "second_id"),
        may_freeze=True,
    ),
    "answered_finding": _Guard(_PUBLISHED_ANSWER, ANSWER_MESSAGE, kept=("finding_id", "answer_id")),
    "finding": _Guard(
        _PUBLISHED_FINDING,
        ANSWER_MESSAGE,
        kept=("id", "strategy_id", "number", "sentence", "recorded_at"),
        forgettable=("recorded_by_id",),
    ),
    "change": _Guard(
        _ADOPTED_REVISION,
        CHANGE_MESSAGE,
        kept=("id", "revision_id", "element_id", "operation", "proposed_at"),
        forgettable=("proposed_by_id",),
    ),
    "changed_field": _Guard(_ADOPTED_CHANGE, CHANGE_MESSAGE, kept=()),
    "change_reason": _Guard(_ADOPTED_CHANGE, CHANGE_MESSAGE, kept=()),
    "taken_wording": _Guard(_ADOPTED_CHANGE, CHANGE_MESSAGE, kept=()),
}

GUARDED_TABLES = tuple(_GUARDS)


def _stays(guard: _Guard, same: str) -> str:
    """Return the condition under which an update touches nothing that must stay."""
    kept = [f"NEW.{column} {same} OLD.{column}" for column in guard.kept]
    forgotten = [
        f"(NEW.{column} {same} OLD.{column} OR NEW.{column} IS NULL)"
        for column in guard.forgettable
    ]
    return " AND ".join(kept + forgotten) or "1 = 0"


def _sqlite_triggers(table: str, guard: _Guard) -> tuple[str, ...]:
    old, new = (guard.frozen.format(row=row) for row in ("OLD", "NEW"))
    moved_in = "" if guard.may_freeze else f" OR ({new} AND NOT ({_stays(guard, 'IS')}))"
    update = f"({old} AND NOT ({_stays(guard, 'IS')})){moved_in}"
    events = {"update": update, "delete": old}
    if not guard.may_freeze:
        events["insert"] = new
    return tuple(
        f"CREATE TRIGGER {table}_frozen_{event} BEFORE {event.upper()} ON {table}"
        f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        for event, condition in events.items()
    )


def _postgresql_triggers(table: str, guard: _Guard) -> tuple[str, ...]:
    old, new = (guard.frozen.format(row=row) for row in ("OLD", "NEW"))
    refuse = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'check_violation';"
    arriving = "" if guard.may_freeze else f"IF {new} THEN {refuse} END IF; "
    body = (
        f"IF TG_OP = 'INSERT' THEN {arriving}RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {old} THEN {refuse} END IF; RETURN OLD; END IF; "
        f"IF {_stays(guard, 'IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; "
        f"IF {old} THEN {refuse} END IF; {arriving}RETURN NEW;"
    )
    function = f"guard_{table}()"
    make_function = (
        f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN {body} END $$"
    )
    make_trigger = (
        f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}"
    )
    return make_function, make_trigger


_TRIGGERS = {
    "sqlite": {table: _sqlite_triggers(table, guard) for table, guard in _GUARDS.items()},
    "postgresql": {table: _postgresql_triggers(table, guard) for table, guard in _GUARDS.items()},
}

CREATE: dict[str, tuple[str, ...]] = {
    dialect: tuple(statement for statements in triggers.values() for statement in statements)
    for dialect, triggers in _TRIGGERS.items()
}

# Executed after the tables are dropped, which takes their triggers along.
DROP: dict[str, tuple[str, ...]] = {
    "sqlite": (),
    "postgresql": tuple(f"DROP FUNCTION IF EXISTS guard_{table}()" for table in _GUARDS),
}


def guard(table: sa.Table) -> None:
    """Have the triggers of a table created right after it."""
    for dialect, triggers in _TRIGGERS.items():
        for statement in triggers[table.name]:
            ddl = sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            sa.event.listen(table, "after_create", ddl)
