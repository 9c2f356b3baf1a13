"""PostgreSQL databases that tests have one after the other, emptied in between.

To make one, to open it and to drop it takes longer than most tests do. What a test leaves behind is
deleted and every sequence begins again. A database whose tables, triggers or functions are not
those of the template any more, in which much was written, or in which something is still going on
is dropped instead.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tests.servers.postgres import Postgres

# What is deleted stays in the files until somebody cleans up, which nobody does here.
MOST_TURNS, MOST_ROWS = 200, 2_000
NAME = "kept"
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
ORDER BY relname
"""
# What belongs to the schema, by its numbers: whoever makes something anew gives it another one.
SCHEMA = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT 'relation ' || oid || relname AS part FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'column ' || attrelid || ' ' || attname || atttypid || attnotnull
    FROM pg_attribute WHERE attnum > 0 AND attrelid IN (
      SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
  UNION ALL SELECT 'constraint ' || oid FROM pg_constraint
  UNION ALL SELECT 'trigger ' || oid || tgenabled::text FROM pg_trigger
  UNION ALL SELECT 'function ' || oid || prosrc FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'version ' || version_num FROM alembic_version
) AS parts
"""
OTHERS = f"""
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND application_name <> '{NAME}'
"""
BEGIN_AGAIN = """
SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


@dataclass
class Kept:
    """One database, and the connections to it that outlive a test."""

    name: str
    url: sa.URL
    cleaner: psycopg.Connection
    pool: sa.QueuePool
    asks_for_rows: str
    schema: str
    turns: int = 0

    def engine(self) -> Engine:
        """Return a new engine on the connections that there are."""
        return sa.create_engine(self.url, pool=self.pool)

    def emptied(self) -> bool:
        """Delete every row; tell whether the database is as good as new."""
        self.turns += 1
        if self.pool.checkedout() or self.turns >= MOST_TURNS:
            return False
        try:
            return self._empty()
        except psycopg.Error:
            return False

    def filled(self) -> list[str]:
        """Return the tables in which there are rows."""
        return [name for (name,) in self.cleaner.execute(self.asks_for_rows, prepare=True)]

    def _empty(self) -> bool:
        # No trigger forbids the cleaner to delete, no key wants an order, no lock holds it up long.
        # Only a superuser may say so; where the server knows none, each test has a new database.
        self.cleaner.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
        self.cleaner.execute(OTHERS)
        if self.pool.checkedin():
            self._forget()
        rows = 0
        for name in self.filled():
            rows += self.cleaner.execute(f'DELETE FROM "{name}"').rowcount
        self.cleaner.execute(BEGIN_AGAIN)
        return rows <= MOST_ROWS and self.schema == schema_of(self.cleaner)

    def _forget(self) -> None:
        """Take back what a test has told the server about its connection."""
        connection = self.pool.connect()
        connection.cursor().execute("RESET ALL; SELECT pg_advisory_unlock_all()")
        connection.commit()
        connection.close()

    def close(self) -> None:
        self.pool.dispose()
        self.cleaner.close()


@dataclass
class Databases:
    """Lends databases that are copies of a template."""

    server: Postgres
    template: str
    free: list[Kept] = field(default_factory=list)
    # By their addresses.
    lent: dict[str, Kept] = field(default_factory=dict)

    def lend(self) -> str:
        """Return the address of a database in which there is nothing."""
        database = self.free.pop() if self.free else self._made()
        address = database.url.render_as_string(hide_password=False)
        self.lent[address] = database
        return address

    def take_back(self, address: str) -> None:
        """Empty it for the next test, or drop it."""
        database = self.lent.pop(address)
        if database.emptied():
            self.free.append(database)
        else:
            self._drop(database)

    def drop_all(self) -> None:
        for database in [*self.free, *self.lent.values()]:
            self._drop(database)

    def _made(self) -> Kept:
        name = f"test_{uuid.uuid4().hex[:12]}"
        address = self.server.create_database(name, self.template)
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
        conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        cleaner = psycopg.connect(conninfo, autocommit=True, application_name=NAME)
        tables = [name for (name,) in cleaner.execute(TABLES) if name != "alembic_version"]
        engine = sa.create_engine(
            url, pool_size=1, max_overflow=14, connect_args={"application_name": NAME}
        )
        assert isinstance(engine.pool, sa.QueuePool)
        asks_for_rows = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables
        )
        return Kept(name, url, cleaner, engine.pool, asks_for_rows, schema_of(cleaner))

    def _drop(self, database: Kept) -> None:
        database.close()
        self.server.drop_database(database.name)


def schema_of(connection: psycopg.Connection) -> str:
    found = connection.execute(SCHEMA, prepare=True).fetchone()
    assert found
    return str(found[0])


@pytest.fixture(scope="session")
def postgres_databases(postgres: Postgres, postgres_template: str) -> Iterator[Databases]:
    """Databases that tests have one after the other, each empty when its turn begins."""
    databases = Databases(postgres, postgres_template)
    yield databases
    databases.drop_all()
