"""Fixtures of the survey pages: an open survey and the address of its form."""

from __future__ import annotations

import pytest


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, title="Digital im Alltag")
    site.session.commit()
    return survey
