"""Open data: what can be downloaded, what its fields mean, and the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.contributions.models import ContributionKind
from participation.foundation import clock
from participation.foundation.cells import Cell
from participation.foundation.errors import NotFound
from participation.foundation.workbooks import Sheet
from participation.portal.blueprint import blueprint
from participation.portal.open_tables import (
    CONTRIBUTIONS,
    LICENCE,
    LICENCE_ADDRESS,
    MEASUREMENTS,
    RESULTS,
    STRATEGY,
    TABLES,
)
from participation.portal.queries import open_data as queries
from participation.portal.queries.open_data import Contributed
from participation.web.extensions import db
from participation.web.tables import table_response

_PAGES = {ContributionKind.IDEA: "portal.idea", ContributionKind.COMMENT: "portal.comment"}


@blueprint.get("/daten/")
@access.public
def open_data() -> ResponseReturnValue:
    """List what can be downloaded, with the meaning of every field."""
    here = access.here()
    version = queries.version_in_force(db.session(), here.id)
    return render_template(
        "portal/open_data.html",
        tables=[CONTRIBUTIONS] if version is None else [STRATEGY, MEASUREMENTS, CONTRIBUTIONS],
        results=RESULTS,
        releases=queries.releases_of(db.session(), here.id),
        licence=LICENCE,
        licence_address=LICENCE_ADDRESS,
    )


@blueprint.get("/daten/<any(strategie, messwerte, beitraege):table>.<any(csv, json):kind>")
@access.public
def data_file(table: str, kind: str) -> ResponseReturnValue:
    """Return a table as CSV or JSON."""
    found = TABLES[table]
    heading: list[Cell] = [*found.heading]
    rows = chain([heading], _rows_of(table))
    return table_response(table, kind, [Sheet(table, rows)])


def _rows_of(table: str) -> Iterable[list[Cell]]:
    session, here = db.session(), access.here()
    if table == CONTRIBUTIONS.name:
        return map(_written, queries.contributed(session, here.id, clock.now()))
    version = queries.version_in_force(session, here.id)
    if version is None:
        raise NotFound("no strategy is in force")
    if table == STRATEGY.name:
        return queries.element_rows(session, version)
    return queries.measurement_rows(session, version)


def _written(one: Contributed) -> list[Cell]:
    return [
        one.kind.value,
        one.number,
        one.engagement,
        _address_of(one),
        one.received_on,
        one.language,
        one.title,
        one.text,
        one.rewording,
        one.stance,
        one.supports,
        one.people,
        one.equal_to,
        one.elements,
    ]


def _address_of(one: Contributed) -> str | None:
    """Return an address that begins with the configured one, never with the Host header."""
    if one.kind not in _PAGES:
        return None
    base: str = current_app.config["BASE_ADDRESS"]
    return base + url_for(_PAGES[one.kind], slug=one.slug, number=one.number)


def named_by_fields(rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    """Return the rows of a release with the names of fields in the place of their heading."""
    next(rows)
    return chain([list(RESULTS.heading)], rows)
