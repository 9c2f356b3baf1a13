"""Fixtures of the workshop: a town, and the whole way from the evidence to an answer."""

from __future__ import annotations

import pytest

from participation.strategy.queries import get_element


@pytest.fixture
def town(site):
    return site.municipality


@pytest.fixture
def loop(site, town):
    """The open revision before its adoption: a draft answer, a change because of a finding."""
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(measure,))
    idea = make.idea(call, elements=(measure,), title="Einfach hingehen können")
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    make.aggregate(call, elements=(measure,))
    make.answer(finding)
    revision = make.revision(strategy)
    make.amended(revision, "M-01", text="Das Bürgerbüro öffnet an fünf Tagen ohne Termin.")
    site.session.commit()
    return strategy
