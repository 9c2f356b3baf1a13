"""Two imports at once, and people who write while an import is going on."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import submit_idea
from participation.maintenance.import_ideas import (
    IdeaColumns,
    IdeaFile,
    ImportedIdeas,
    import_ideas,
)
from participation.maintenance.targets import Target, find_place
from tests.conftest import NOON
from tests.drill import opened
from tests.factories import Make
from tests.factories_engagements import KEY
from tests.real_input import SMALL_SETS

FILE = SMALL_SETS / "german_citizen_ideas" / "lindenow-wege" / "ideas.csv"
COLUMNS = IdeaColumns(body="text", title="title", url="url")


def import_once(engine: Engine, between: Callable[[], object] = lambda: None) -> ImportedIdeas:
    """Fill the call “offen” as the command does; `between` is called before the commit."""
    with Session(engine) as session:
        place = find_place(
            session,
            Target(engagement="offen"),
            of=IdeaCall,
            begin=lambda *_: None,  # type: ignore[arg-type]
            at=NOON,
        )
        imported = import_ideas(
            session,
            call=place.engagement,
            file=IdeaFile(FILE, COLUMNS),
            status=ContributionStatus.PUBLISHED,
            elements=(),
            at=NOON,
        )
        between()
        session.commit()
        return imported


def write_idea(engine: Engine) -> int:
    with Session(engine) as session:
        call = session.scalars(sa.select(IdeaCall)).one()
        submitted = submit_idea(
            session,
            call=call,
            title="Zwischendurch",
            text="Jemand schreibt, während eingelesen wird.",
            elements=(),
            author=None,
            submission=uuid.uuid4().hex,
            key=KEY,
            at=NOON,
        )
        session.commit()
        return submitted.idea.number


def in_the_background(work: Callable[[], object], results: list[object]) -> threading.Thread:
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread


def test_two_imports_at_once_store_every_idea_once(engine, session, make, town):
    make.idea_call(town, title="Offen")
    session.commit()
    results: list[object] = []
    threads = [in_the_background(lambda: import_once(engine), results) for _ in range(2)]
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results, key=repr) == [
        ImportedIdeas(ideas=0, skipped=42),
        ImportedIdeas(ideas=42, skipped=0),
    ]
    assert session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 42


def test_somebody_who_writes_during_an_import_gets_the_next_number(engine, session, make, town):
    make.idea_call(town, title="Offen", closes_at=NOON + timedelta(days=1))
    session.commit()
    results: list[object] = []
    threads: list[threading.Thread] = []

    def begin_to_write() -> None:
        threads.append(in_the_background(lambda: write_idea(engine), results))
        threads[0].join(timeout=1)
        assert results == []

    assert import_once(engine, begin_to_write).ideas == 42
    threads[0].join(timeout=60)
    assert results == [43]


# What a person sees ---------------------------------------------------------------------------


def process(folder: Path, *arguments: str, error: int) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "PARTICIPATION" not in name}
    return subprocess.run(
        [sys.executable, "-m", "participation", *arguments],
        env=environment | {"PARTICIPATION_DATA_FOLDER": str(folder), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=error,
        text=True,
        timeout=60,
        check=True,
    )


def test_a_terminal_shows_a_bar_and_a_log_does_not(sqlite_url, tmp_path):
    with opened(sqlite_url) as engine, Session(engine) as session:
        Make(session, at=NOON).municipality()
        session.commit()
    arguments = (
        *("import", "ideas", str(FILE), "--body-column", "text"),
        *("--municipality", "lindenow", "--title", "Wege"),
    )
    ours, theirs = pty.openpty()
    try:
        watched = process(tmp_path, *arguments, error=theirs)
        seen = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "Ideas  [" in seen
    assert "100%" in seen
    assert watched.stdout.count("\n") == 1
    with (tmp_path / "log").open("w") as log:
        process(tmp_path, *arguments, error=log.fileno())
    assert "Ideas" not in (tmp_path / "log").read_text()
