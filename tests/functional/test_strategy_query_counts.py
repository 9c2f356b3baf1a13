"""How many statements the public pages of the strategy read with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from participation.strategy import operations
from participation.strategy.content import Financing
from participation.strategy.models import ElementKind, FundingSource, ProgressState
from participation.web.extensions import db


def test_each_change_is_shown_with_what_caused_it(site, client):
    loop = site.make.loop(site.municipality)
    site.session.commit()
    page = client.get("/strategie/fassungen/2?vergleich=1").text
    assert loop.finding.code in page
    assert "Haushalt 2027" in page
    assert count_queries(site, client, "/strategie/fassungen/2?vergleich=1") <= 10
    for code in ("M-01", "HF-1", "Z-01"):
        assert count_queries(site, client, f"/strategie/{code}") <= 10


def count_queries(site, client, path):
    """Return how many statements a page reads with, after it was warmed up."""
    client.get(path)
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    with site.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    # The list of municipalities is read every other second, whoever asks for which page.
    apart = ("BEGIN", "COMMIT", "ROLLBACK", "SELECT municipality.slug \n")
    return len([statement for statement in statements if not statement.startswith(apart)])


PATHS = [
    "/strategie/",
    "/strategie/?feld=HF-1",
    "/strategie/M-01",
    "/strategie/HF-1",
    "/strategie/Z-01",
    "/strategie/L-1",
    "/strategie/fassungen/1",
    "/strategie/fassungen/2?vergleich=1",
]


def test_public_pages_read_with_few_queries_whatever_the_number_of_rows(site, client):
    make = site.make
    strategy = make.strategy(site.municipality)
    goal = make.goal(strategy, field="HF-1")
    for count in range(10):
        measure = make.measure(
            strategy,
            title=f"Maßnahme {count}",
            goals=(goal.code,),
            field="HF-1",
            starts_on=date(2026, 1, 1),
            financing=(Financing(2026, FundingSource.OWN, 1),),
        )
        report(site, measure)
    measure_often(site, make.known(strategy, "HF-1"))
    measure_often(site, make.known(strategy, "M-01"))
    make.adopted(strategy)
    make.next_version(strategy, M_01={"text": "anders"})
    site.session.commit()
    small = {path: count_queries(site, client, path) for path in PATHS}
    assert max(small.values()) <= 10, small
    add_measures(site, strategy, 290)
    long_paths = ("/strategie/fassungen/4?vergleich=1", "/strategie/fassungen/4")
    large = {path: count_queries(site, client, path) for path in (*PATHS, *long_paths)}
    assert max(large.values()) <= 10, large
    assert {path: large[path] for path in PATHS} == small


def report(site, measure):
    """Give a measure a report and a milestone."""
    operations.report_progress(
        site.session,
        element=measure,
        state=ProgressState.RUNNING,
        percent=10,
        on=site.make.at.date(),
    )
    operations.add_milestone(
        site.session, element=measure, title="Start", planned_on=date(2026, 2, 1)
    )


def measure_often(site, element):
    """Give an element an indicator with two values."""
    indicator = site.make.indicator(element)
    for year in (2024, 2025):
        operations.record_measurement(
            site.session, indicator=indicator, value=Decimal(year), on=date(year, 1, 1)
        )


def add_measures(site, strategy, number):
    """Adopt two more versions, with that many more measures."""
    make, session = site.make, site.session
    contents = make.contents(make.in_force(strategy))
    for count in range(number):
        new = operations.mint_element(
            session, strategy=strategy, kind=ElementKind.MEASURE, at=make.at
        )
        contents[new.code] = contents["M-02"]
        if count % 10 == 0:
            report(site, new)
            measure_often(site, new)
    for _ in range(2):
        operations.publish_version(
            session,
            strategy=strategy,
            contents=contents,
            resolution=make.resolution(),
            actor=None,
            at=make.at,
        )
    session.commit()
