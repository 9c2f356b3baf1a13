"""What nearly every test begins with: a town and its strategy, written once and stored again.

Founding takes eight duty texts and nine entries in the journal, each with a look at the one before;
a strategy takes six elements and their wordings, one after the other. The rows are those that the
operations have written, of the same names at the same moment and with the same journal before
them; where there is a town or a strategy already, the operations write.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality, MunicipalityText
from participation.journal.models import JournalEntry
from participation.journal.operations import last_entry
from participation.strategy.models import (
    Element,
    ElementWording,
    FinancingLine,
    MeasureGoal,
    Strategy,
    StrategyVersion,
    SuccessCriterion,
    VersionStatus,
)

_MODELS: tuple[type[Any], ...] = (Municipality, MunicipalityText, JournalEntry)
_EMPTY = sa.select(
    *(~sa.exists(sa.select(model.__table__)) for model in (Municipality, JournalEntry))
)
_ROWS: dict[Hashable, list[list[dict[str, Any]]]] = {}

# In the order in which one needs the other.
_OF_STRATEGIES: tuple[type[Any], ...] = (
    Strategy,
    Element,
    StrategyVersion,
    ElementWording,
    SuccessCriterion,
    FinancingLine,
    MeasureGoal,
)
_NO_STRATEGY = sa.select(
    *(~sa.exists(sa.select(model.__table__)) for model in (Strategy, StrategyVersion, Element))
)
_STRATEGIES: dict[Hashable, tuple[dict[type[Any], list[dict[str, Any]]], list[dict[str, Any]]]] = {}


def founded(session: Session, kind: Hashable, found: Callable[[], Municipality]) -> Municipality:
    """Return a town of a kind, which `found` founds where it has not been done before."""
    session.flush()
    if not all(session.execute(_EMPTY).one()):
        return found()
    if kind in _ROWS and (town := _stored_again(session, _ROWS[kind])):
        return town
    town = found()
    _ROWS[kind] = [_all(session, model) for model in _MODELS]
    return town


def _stored_again(session: Session, rows: list[list[dict[str, Any]]]) -> Municipality | None:
    """Store the rows, unless the database gives the town another number than they say."""
    ((town,), *others) = rows
    stored = Municipality(**{name: value for name, value in town.items() if name != "id"})
    session.add(stored)
    session.flush()
    if stored.id != town["id"]:
        session.delete(stored)
        session.flush()
        return None
    for model, values in zip(_MODELS[1:], others, strict=True):
        session.execute(sa.insert(model), values)
    return stored


def planned(session: Session, kind: Hashable, plan: Callable[[], Strategy]) -> Strategy:
    """Return the first strategy of all, which `plan` writes where it has not been done before."""
    session.flush()
    before = last_entry(session)
    if before is None or not all(session.execute(_NO_STRATEGY).one()):
        return plan()
    # Its digest covers everything that was recorded until now.
    key = (kind, before.digest)
    if key in _STRATEGIES and (stored := _planned_again(session, *_STRATEGIES[key])):
        return stored
    strategy = plan()
    _STRATEGIES[key] = (
        {model: _all(session, model) for model in _OF_STRATEGIES},
        _all(session, JournalEntry, JournalEntry.number > before.number),
    )
    return strategy


def _planned_again(
    session: Session, rows: dict[type[Any], list[dict[str, Any]]], entries: list[dict[str, Any]]
) -> Strategy | None:
    """Store the rows, unless the database gives them other numbers than they say."""
    attempt = session.begin_nested()
    for model in _OF_STRATEGIES:
        if not _stored_in_order(session, model, rows[model]):
            attempt.rollback()
            return None
    versions = _table_of(StrategyVersion)
    for row in rows[StrategyVersion]:
        # What is in force takes no wording any more; it was a draft before.
        session.execute(sa.update(versions).where(versions.c.id == row["id"]).values(**row))
    session.execute(sa.insert(JournalEntry), entries)
    attempt.commit()
    return session.get(Strategy, rows[Strategy][0]["id"])


def _stored_in_order(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> bool:
    table = _table_of(model)
    if not rows:
        return True
    if "id" not in table.c:
        session.execute(sa.insert(table), rows)
        return True
    if model is StrategyVersion:
        rows = [row | {"status": VersionStatus.DRAFT, "adopted_at": None} for row in rows]
    values = [{name: value for name, value in row.items() if name != "id"} for row in rows]
    given = session.scalars(
        sa.insert(table).returning(table.c.id, sort_by_parameter_order=True), values
    )
    return list(given) == [row["id"] for row in rows]


def _table_of(model: type[Any]) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _all(session: Session, model: type[Any], *which: Any) -> list[dict[str, Any]]:
    table = _table_of(model)
    # In the order of their numbers, or in which they were stored.
    order = [table.c.id] if "id" in table.c else []
    found = sa.select(table).where(*which).order_by(*order)
    return [dict(row) for row in session.execute(found).mappings()]
