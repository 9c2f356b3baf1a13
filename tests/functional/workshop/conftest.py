"""Fixtures of the workshop: a town, and the whole way from the evidence to an answer."""

from __future__ import annotations

import shutil

import pytest

from participation.app import create_app
from participation.strategy.queries import get_element
from tests.conftest import NOON, settings_for
from tests.shared_work import share_templates
from tests.site import Site


@pytest.fixture
def town(site):
    return site.municipality


@pytest.fixture
def loop(site, town):
    """The open revision before its adoption: a draft answer, a change because of a finding."""
    return begin_loop(site)


@pytest.fixture(scope="module")
def looked_at(sqlite_template, tmp_path_factory):
    """A town in the middle of such a loop, for tests that change nothing in it."""
    folder = tmp_path_factory.mktemp("workshop")
    file = folder / "participation.sqlite"
    shutil.copy(sqlite_template, file)
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    share_templates(app)
    with Site.opened(app, at=NOON) as site:
        begin_loop(site)
        yield site
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def begin_loop(site):
    """Write the loop and return its strategy."""
    make, town = site.make, site.municipality
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
