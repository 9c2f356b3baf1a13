"""What several tests begin with, written once and copied from then on.

The whole database is copied, at the place of one that is the same in every byte as that in which it
was written; in any other it is written again.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from tests.site import Site

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Written:
    """The database before and after, which row was returned, and how far the numbers were."""

    before: bytes
    after: bytes
    model: type[Any]
    key: Any
    numbers: Any


_WRITTEN: dict[Hashable, _Written] = {}


def arranged(site: Site, kind: Hashable, write: Callable[[Site], Row]) -> Row:
    """Return the row that `write` writes, with everything that it writes beside it."""
    site.session.commit()
    before = _file(site).serialize()
    site.session.commit()
    found = _WRITTEN.get(kind)
    if found is not None and found.before == before:
        return _copied(site, found)
    row = write(site)
    site.session.commit()
    state = sa.inspect(row)
    assert state is not None
    after = _file(site).serialize()
    site.session.commit()
    numbers = copy.copy(site.make.numbers)
    _WRITTEN[kind] = _Written(before, after, type(row), state.identity, numbers)
    return row


def _copied(site: Site, found: _Written) -> Any:
    engine = site.session.get_bind()
    assert isinstance(engine, sa.Engine)
    # Nobody has it open any more while it is written.
    engine.dispose()
    Path(str(engine.url.database)).write_bytes(found.after)
    site.session.expire_all()
    site.make.numbers = copy.copy(found.numbers)
    return site.session.get(found.model, found.key)


def _file(site: Site) -> sqlite3.Connection:
    connection = site.session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
