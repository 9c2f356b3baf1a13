"""Fixtures of answering: a survey of every kind on four pages, and somebody who fills it in."""

from __future__ import annotations

import pytest

from tests.citizen import Citizen


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.session.commit()
    return survey


@pytest.fixture
def citizen(site, survey):
    return Citizen(site, survey)
