"""Fixtures of commenting in a browser: an open round."""

from __future__ import annotations

import pytest


@pytest.fixture
def opened(site):
    opened = site.make.comment_round(site.municipality, title="Leitlinie")
    site.session.commit()
    return opened


@pytest.fixture
def home(opened):
    return f"/beteiligung/{opened.slug}/kommentare"
