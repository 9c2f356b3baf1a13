"""One world for all tests of a file: building two towns takes a while."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from participation.app import create_app
from tests.conftest import settings_for
from tests.security import world as worlds
from tests.security.world import World


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two towns, and everybody who might look at them."""
    folder = tmp_path_factory.mktemp("world")
    file = folder / "participation.sqlite"
    shutil.copy(sqlite_template, file)
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    with worlds.opened(app) as world:
        yield world
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
