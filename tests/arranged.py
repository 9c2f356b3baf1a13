"""What several tests begin with, written once and copied from then on.

The whole database is copied, at the place of one that is the same in every byte as that in which it
was written; in any other it is written again.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.site import Site

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Written:
    """The database before and after, what was returned, and how far the numbers were."""

    before: bytes
    after: bytes
    found: Any
    numbers: Any


_WRITTEN: dict[Hashable, _Written] = {}


def arranged(site: Site, kind: Hashable, write: Callable[[Site], Row]) -> Row:
    """Return the row, or the dataclass of rows, that `write` writes with others beside it."""
    site.session.commit()
    before = _file(site).serialize()
    site.session.commit()
    found = _WRITTEN.get(kind)
    if found is not None and found.before == before:
        return _copied(site, found)
    row = write(site)
    site.session.commit()
    after = _file(site).serialize()
    site.session.commit()
    numbers = copy.copy(site.make.numbers)
    _WRITTEN[kind] = _Written(before, after, _each(row, _named), numbers)
    return row


def _copied(site: Site, found: _Written) -> Any:
    engine = site.session.get_bind()
    assert isinstance(engine, sa.Engine)
    # Nobody has it open any more while it is written.
    engine.dispose()
    Path(str(engine.url.database)).write_bytes(found.after)
    site.session.expire_all()
    site.make.numbers = copy.copy(found.numbers)
    row = _each(found.found, lambda one: one(site.session) if isinstance(one, _Named) else one)
    site.session.refresh(site.municipality)
    # Who has written holds no lock any more either.
    site.session.commit()
    return row


@dataclass(frozen=True)
class _Named:
    """A row by its key, which says nothing of the session that it was in."""

    model: type[Any]
    key: Any

    def __call__(self, session: Session) -> Any:
        return session.get(self.model, self.key)


def _named(value: Any) -> Any:
    state = sa.inspect(value, raiseerr=False)
    return value if state is None else _Named(type(value), state.identity)


def _each(found: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value changed, or a dataclass with each of its values changed."""
    if not is_dataclass(found) or isinstance(found, type | _Named):
        return change(found)
    return replace(found, **{one.name: change(getattr(found, one.name)) for one in fields(found)})


def _file(site: Site) -> sqlite3.Connection:
    connection = site.session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
