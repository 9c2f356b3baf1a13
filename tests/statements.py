"""How many statements a page takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from participation.web.extensions import db
from tests.site import Site


@contextmanager
def counted_queries(site: Site) -> Iterator[list[str]]:
    """Yield the list of statements that the application runs meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        # The list of municipalities is read again every two seconds, whatever the page.
        if not statement.startswith(("BEGIN", "PRAGMA", "SELECT municipality.slug")):
            statements.append(statement)

    with site.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def queries_of(site: Site, client: FlaskClient, path: str) -> int:
    """Return how many statements a page takes."""
    client.get(path)
    with counted_queries(site) as statements:
        assert client.get(path).status_code == 200
    return len(statements)
