"""What a drill of backup and restore compares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from participation.foundation.orm import tune_engine
from participation.maintenance.backup import tables


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open a database as the platform does."""
    engine = sa.create_engine(url)
    tune_engine(engine)
    yield engine
    engine.dispose()


def content(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table that a backup holds."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables()
        }


@dataclass(frozen=True)
class Filled:
    """A database in which every table has rows, a backup of it, and a receipt's code."""

    rows: dict[str, list[tuple[Any, ...]]]
    archive: Path
    code: str
