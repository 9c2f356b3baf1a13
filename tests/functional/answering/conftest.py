"""Fixtures of answering: a survey of every kind on four pages, and somebody who fills it in."""

from __future__ import annotations

import pytest

from tests.arranged import arranged
from tests.citizen import Citizen


@pytest.fixture
def survey(site):
    return arranged(site, "a survey of every kind", write_survey)


def write_survey(site):
    return site.make.survey(site.municipality, questions=site.make.every_kind())


@pytest.fixture
def citizen(site, survey):
    return Citizen(site, survey)
