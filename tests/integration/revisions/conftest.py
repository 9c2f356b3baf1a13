"""Fixtures of a revision: a town, its adopted strategy and the revision of it."""

from __future__ import annotations

import pytest


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def strategy(make, town):
    return make.adopted_strategy(town)


@pytest.fixture
def revision(make, strategy):
    return make.revision(strategy)
