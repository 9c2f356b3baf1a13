"""The town that nearly every test begins with: founded once, and stored again after that.

Founding takes eight duty texts and nine entries in the journal, each with a look at the one before.
The rows are those that the operations have written, of the same name at the same moment; where
there is a town or an entry already, the operations write.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality, MunicipalityText
from participation.journal.models import JournalEntry

_MODELS: tuple[type[Any], ...] = (Municipality, MunicipalityText, JournalEntry)
_EMPTY = sa.select(
    *(~sa.exists(sa.select(model.__table__)) for model in (Municipality, JournalEntry))
)
_ROWS: dict[Hashable, list[list[dict[str, Any]]]] = {}


def founded(session: Session, kind: Hashable, found: Callable[[], Municipality]) -> Municipality:
    """Return a town of a kind, which `found` founds where it has not been done before."""
    session.flush()
    if not all(session.execute(_EMPTY).one()):
        return found()
    if kind in _ROWS and (town := _stored_again(session, _ROWS[kind])):
        return town
    town = found()
    _ROWS[kind] = [
        [dict(row) for row in session.execute(sa.select(model.__table__)).mappings()]
        for model in _MODELS
    ]
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
