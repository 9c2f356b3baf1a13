"""`make demo`, as somebody runs it who has just fetched the project."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from participation.maintenance.demo.people import PASSWORD, PEOPLE
from tests.servers.smtp import free_port
from tests.started import Started, started

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like a checkout in which everything is installed, and nothing was started."""
    for name in ("Makefile", "requirements", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / ".venv" / ".runtime").touch()
    return tmp_path


def demo(checkout: Path, port: int, *more: str) -> AbstractContextManager[Started]:
    given = os.environ | {
        "PYTHONPATH": str(ROOT),
        # What else the shell has set must not lead the demo to another database.
        "PARTICIPATION_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    return started(
        ["make", "demo", f"PORT={port}", *more], port=port, folder=checkout, environment=given
    )


def support_everything(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(
            "UPDATE idea SET supports = supports + 1000, people = people + 1000"
        ).rowcount


def supports(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (number,) = connection.execute("SELECT max(supports) FROM idea").fetchone()
        return int(number)


def test_the_demo_starts_over_with_one_command_and_then_keeps_what_is_done(checkout: Path):
    port = free_port()
    database = checkout / "var" / "participation.sqlite"
    database.parent.mkdir()
    database.write_bytes(b"what an earlier version has left")
    with demo(checkout, port, "RESET=1") as town:
        answers_after = float(town.until(r"The site answers after ([0-9.]+) s")[1])
        set_up_in = float(town.until(r"Set up in ([0-9.]+) s")[1])
        assert 0 < set_up_in < answers_after < 180
        assert "Loaded Lindenow." in town.said
        assert "Lindenow" in town.get("/").decode()
        assert f"http://127.0.0.1:{port}/" in town.said
        assert PASSWORD in town.said
        for person in PEOPLE:
            roles = ", ".join(role.value for role in person.roles) or "citizen"
            assert any(person.email in line and roles in line for line in town.said.splitlines()), (
                person
            )
    assert "Traceback" not in town.said
    assert support_everything(database)
    with demo(checkout, port) as town:
        town.until(r"The site answers after ([0-9.]+) s")
        assert "what you did is kept" in town.said
    assert supports(database) >= 1000
