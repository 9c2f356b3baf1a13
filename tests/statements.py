"""How many statements a page takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from participation.web.extensions import db
from tests.site import Site

# The list of municipalities is read again every two seconds, and whether anybody wrote is asked
# each time, whatever the page.
_OF_NO_PAGE = ("BEGIN", "PRAGMA", "SELECT municipality.slug", "SELECT pg_current_snapshot")


@contextmanager
def counted_queries(site: Site) -> Iterator[list[str]]:
    """Yield the list of statements that the application runs meanwhile; no page is kept."""
    site.app.extensions["kept_pages"].forget()
    with noted_statements(site) as statements:
        yield statements


@contextmanager
def noted_statements(site: Site) -> Iterator[list[str]]:
    """Yield the list of statements that the application runs meanwhile."""
    with site.app.app_context():
        engine = db.engine
    with statements_on(engine) as statements:
        yield statements


@contextmanager
def statements_on(engine: sa.Engine | sa.Connection) -> Iterator[list[str]]:
    """Yield the list of statements that go to a database meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_OF_NO_PAGE):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def queries_of(site: Site, client: FlaskClient, path: str) -> int:
    """Return how many statements a page takes."""
    client.get(path)
    with counted_queries(site) as statements:
        assert client.get(path).status_code == 200
    return len(statements)
