"""Fixtures of comments: a town and its open round."""

from __future__ import annotations

import pytest


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def opened(make, town):
    return make.comment_round(town)
