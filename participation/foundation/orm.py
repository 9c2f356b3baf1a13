"""The declarative base, column types and naming convention of every table."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment, stored in UTC and always aware; a naive value is refused."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every model's parent."""

    metadata = metadata
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class.
        datetime: UtcDateTime,
        uuid.UUID: sa.Uuid,
        str: sa.Text,
    }


def one_of(members: type[enum.Enum], name: str) -> sa.Enum:
    """Return a column type that holds a member's value, checked by a constraint called `name`.

    The name must differ between two columns of one table: PostgreSQL refuses a second
    constraint of the same name, SQLite takes it silently.
    """
    return sa.Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda kinds: [member.value for member in kinds],
    )


# What only reads may share the database; everything else takes SQLite's write lock at its
# beginning, so that a check and the insert that follows from it cannot be torn apart.
reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)


@contextmanager
def only_reading() -> Iterator[None]:
    """Let transactions that begin here keep nobody from writing; they must write nothing."""
    before = reading_only.set(True)
    try:
        yield
    finally:
        reading_only.reset(before)


def tune_engine(engine: Engine) -> None:
    """Make SQLite durable, concurrent and strict; leave PostgreSQL as it is."""
    if engine.dialect.name != "sqlite":
        return
    sa.event.listen(engine, "connect", _tune_sqlite_connection)
    sa.event.listen(engine, "begin", _begin_sqlite_transaction)


def _tune_sqlite_connection(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling begins too late to take the write lock first.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=15000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if reading_only.get() else "BEGIN IMMEDIATE")
