"""Fixtures of the building pages: a clerk, a survey nobody has answered, and its address."""

from __future__ import annotations

import pytest

from participation.accounts.models import Role
from participation.strategy.queries import elements_of
from participation.surveys.models import Survey
from tests.building_pages import BASE


@pytest.fixture
def clerk(site):
    return site.staff(Role.STRATEGIST)


@pytest.fixture
def survey(site) -> Survey:
    strategy = site.make.adopted_strategy(site.municipality)
    about = elements_of(site.session, strategy.id, ["M-01", "M-02"])
    survey: Survey = site.make.survey(
        site.municipality, published=False, elements=tuple(about.values())
    )
    site.session.commit()
    return survey


@pytest.fixture
def path(survey) -> str:
    return f"{BASE}/{survey.slug}"
