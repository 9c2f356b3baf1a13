"""Fixtures of releases: a town and its open survey."""

from __future__ import annotations

import pytest

from participation.surveys.models import Survey


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def survey(make, town) -> Survey:
    return make.survey(town)
