"""Insert a row unless its key is taken, in one statement that holds on both databases."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from participation.foundation.orm import Base


def insert_once(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert a row and return True; return False if one of its unique keys is taken.

    Where another transaction is inserting the same key, this waits for its end. The row does
    not become an object of the session.
    """
    table = cast("sa.Table", model.__table__)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    first_of_key = next(iter(table.primary_key.columns))
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(first_of_key)
    return session.execute(statement).first() is not None
