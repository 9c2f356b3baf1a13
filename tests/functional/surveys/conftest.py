"""Fixtures of the survey pages: an open survey and the address of its form."""

from __future__ import annotations

import pytest

from tests.arranged import arranged


@pytest.fixture
def survey(site):
    return arranged(
        site,
        "an open survey",
        lambda site: site.make.survey(site.municipality, title="Digital im Alltag"),
    )
