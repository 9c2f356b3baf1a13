"""Staff see what was counted of ten thousand sheets, at once and with few statements."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from participation.accounts.models import Role
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
def survey(site: Site) -> Survey:
    survey = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.make.responses(survey, sheets(PEOPLE))
    site.session.commit()
    return survey


def test_the_totals_of_ten_thousand_sheets_take_few_statements_and_little_time(site, survey):
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
    began = time.process_time()
    page = clerk.get(path).text
    assert time.process_time() - began < 0.3
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
