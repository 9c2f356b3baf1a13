"""Open data: what can be downloaded, what its fields mean, and the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.contributions.models import ContributionKind
from participation.foundation import clock
from participation.foundation.cells import Cell
from participation.foundation.errors import NotFound
from participation.foundation.geometry import DEGREE
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
from participation.web.kept_pages import same_for_everybody
from participation.web.tables import geojson_response, table_response

_PAGES = {
    ContributionKind.IDEA: "portal.idea",
    ContributionKind.COMMENT: "portal.comment",
    ContributionKind.STATEMENT: "portal.statement",
}


@blueprint.get("/daten/")
@access.public
@same_for_everybody
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


@blueprint.get("/daten/orte.geojson")
@access.public
def places_file() -> ResponseReturnValue:
    """Return the published ideas that stand on a map, as GeoJSON."""
    every = queries.contributed(db.session(), access.here().id, clock.now(), only_drawn=True)
    return geojson_response("orte", map(_feature, every))


def _feature(one: Contributed) -> dict[str, object]:
    geometry = one.place.geometry if one.place else None
    told = dict(zip(CONTRIBUTIONS.heading, _written(one), strict=True))
    # Where it is stands in the geometry.
    told = {name: value for name, value in told.items() if not isinstance(value, Decimal)}
    return {
        "type": "Feature",
        "geometry": geometry.geojson if geometry else None,
        "properties": told,
    }


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
        *_place_of(one),
        one.organisation,
    ]


def _place_of(one: Contributed) -> list[Cell]:
    if one.place is None:
        return [None, None, None, None]
    said: list[Cell] = [one.place.kind.value, one.place.address or None]
    centre = one.place.centre
    if centre is None:
        return [*said, None, None]
    return [*said, Decimal(centre.north) / DEGREE, Decimal(centre.east) / DEGREE]


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
