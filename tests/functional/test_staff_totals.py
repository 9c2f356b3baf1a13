"""What was counted of ten thousand sheets is seen at once and with few statements."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from participation.accounts.models import Role
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.surveys.models import Survey
from participation.surveys.sheets import Place, Sheet
from tests.conftest import NOON
from tests.site import Site
from tests.statements import counted_queries, queries_of

PEOPLE = 10_000


def sheets(people: int) -> Iterator[Sheet]:
    """Yield sheets that answer `make.every_kind()`, each in its own way."""
    for person in range(people):
        several = (str(person % 3 + 1), str((person + 1) % 3 + 1))
        rows = {f"F5_{row}": (str((person + row) % 3 + 1),) for row in (1, 2, 3)}
        yield Sheet(
            choices={
                "F1": (str(person % 4 + 1),),
                "F3": several if person % 10 else ("none",),
                "F4": (str(person % 5 + 1),) if person % 10 else ("none",),
                **rows,
            },
            amounts={
                "F7": {str((person + place) % 4 + 1): place + 1 for place in range(3)},
                "F8": {"1": person % 90 + 5, "2": 95 - person % 90},
            },
            numbers={"F9": Decimal(person % 800) / 10},
            dates={"F10": date(2024, 1, 1) + timedelta(days=person % 600)},
            places={"F11": Place(5380 + person % 10, 1320 + person // 10 % 10)},
        )


@pytest.fixture
def site(app_on_both: Flask) -> Iterator[Site]:
    """The town, once on each database."""
    with Site.opened(app_on_both, at=NOON) as site:
        yield site


def answered_by(site: Site, people: int) -> Survey:
    survey = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.make.responses(survey, sheets(people))
    site.session.commit()
    return survey


@pytest.fixture
def survey(site: Site) -> Survey:
    return answered_by(site, PEOPLE)


def seconds_of(client: FlaskClient, path: str) -> float:
    """Return how much time of the processor a page takes."""
    began = time.process_time()
    assert client.get(path).status_code == 200
    return time.process_time() - began


def test_ten_thousand_sheets_are_seen_with_few_statements_and_in_little_time(site, survey):
    the_totals_are_seen_at_once(site, survey)
    few = answered_by(site, 40)
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        for one in (few, survey):
            aggregate(site.session, engagement=one, actor=None, at=clock.now(), final=True)
        site.session.commit()
        results_and_codebook_read_what_was_counted(site, survey, few)


def the_totals_are_seen_at_once(site: Site, survey: Survey) -> None:
    clerk = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand"
    with counted_queries(site) as statements:
        began = time.process_time()
        assert clerk.post(path).status_code == 303
        counting = time.process_time() - began
    assert len(statements) <= 30, statements
    # Counting is done once an hour by the worker; the page shows what was counted.
    assert counting < 3
    assert queries_of(site, clerk, path) <= 20
    assert seconds_of(clerk, path) < 0.3
    page = clerk.get(path).text
    for said in (
        "Rund 10.000 Antwortbögen",
        "Im Mittel",
        "Platz 2,5",
        "53,80° Nord, 13,20° Ost",
        "kann ich nicht sagen",
        "bis Januar 2024",
        "Wie oft nutzen Sie diese Wege? Telefon",
    ):
        assert said in page


def results_and_codebook_read_what_was_counted(site: Site, survey: Survey, few: Survey) -> None:
    clerk, visitor = site.staff(Role.STRATEGIST), site.visitor()
    for client, path, most in (
        (visitor, "/beteiligung/{}", 10),
        (visitor, "/beteiligung/{}/ergebnisse.csv", 10),
        (clerk, "/verwaltung/beteiligungen/{}/codebuch", 20),
    ):
        took = queries_of(site, client, path.format(survey.slug))
        assert took <= most, path
        assert queries_of(site, client, path.format(few.slug)) == took, path
        assert seconds_of(client, path.format(survey.slug)) < 0.3, path
    assert "n = 10.000, gerundet" in visitor.get(f"/beteiligung/{survey.slug}").text


def test_the_list_of_engagements_tells_no_exact_number_and_none_before_the_beginning(site):
    survey = site.make.survey(site.municipality, title="Kurz")
    site.make.survey(
        site.municipality,
        title="Später",
        opens_at=NOON + timedelta(days=1),
        closes_at=NOON + timedelta(days=9),
    )
    team = site.staff(Role.STRATEGIST)

    def numbers():
        page = team.get("/verwaltung/beteiligungen").text
        return set(re.findall(r'data-label="Teilnehmende" class="bt-num">([^<]*)<', page))

    assert numbers() == {"weniger als 3", "–"}
    for _number in range(3):
        site.make.response(survey, account=site.make.member(municipality=site.municipality))
    site.session.commit()
    assert numbers() == {"rund 5", "–"}
