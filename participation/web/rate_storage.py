"""Where rate limits are counted: in the database, so that all processes share one count."""

from __future__ import annotations

import ipaddress
import time

import sqlalchemy as sa
from flask import current_app, request
from limits.storage import Storage
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from participation.foundation import clock
from participation.foundation.tokens import keyed_hash
from participation.web.models import RateCount
from participation.web.secrets import secret_key

_table: sa.Table = RateCount.metadata.tables[RateCount.__tablename__]


def limited_by() -> str:
    """Return who is limited: a hash of the network with a key that changes every day."""
    return keyed_hash(secret_key(), "rate", clock.today().isoformat(), network_of_client())


def network_of_client() -> str:
    """Return the client's address, an IPv6 one cut to the /64 that a household has."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        # A socket has no address, and a proxy may pass on what is none.
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


class DatabaseStorage(Storage):
    """Counts with one atomic upsert in a transaction of its own."""

    STORAGE_SCHEME = ["participation"]  # noqa: RUF012 - the library's declaration.

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        engine = _engine()
        insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        fresh = _table.c.expires_at <= now
        statement = (
            insert(_table)
            .values(key=key, hits=amount, expires_at=now + expiry)
            .on_conflict_do_update(
                index_elements=[_table.c.key],
                set_={
                    "hits": sa.case((fresh, amount), else_=_table.c.hits + amount),
                    "expires_at": sa.case((fresh, now + expiry), else_=_table.c.expires_at),
                },
            )
            .returning(_table.c.hits)
        )
        with engine.begin() as connection:
            return int(connection.scalar(statement) or 0)

    def get(self, key: str) -> int:
        found = sa.select(_table.c.hits).where(
            _table.c.key == key, _table.c.expires_at > time.time()
        )
        with _engine().connect() as connection:
            return int(connection.scalar(found) or 0)

    def get_expiry(self, key: str) -> float:
        found = sa.select(_table.c.expires_at).where(_table.c.key == key)
        with _engine().connect() as connection:
            return float(connection.scalar(found) or time.time())

    def check(self) -> bool:
        with _engine().connect() as connection:
            return bool(connection.scalar(sa.select(sa.literal(1))))

    def reset(self) -> int:
        with _engine().begin() as connection:
            return connection.execute(sa.delete(_table)).rowcount

    def clear(self, key: str) -> None:
        with _engine().begin() as connection:
            connection.execute(sa.delete(_table).where(_table.c.key == key))


def _engine() -> Engine:
    engine: Engine = current_app.extensions["sqlalchemy"].engine
    return engine
