"""Wrong calls of the console script, and how their refusal is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.orm import metadata
from tests.command_line import CommandLine

Arguments = tuple[str | Path, ...]


@dataclass(frozen=True)
class Fault:
    """A wrong call: `build` writes what is broken below a folder; `says` is in the refusal."""

    build: Callable[[Path], Arguments]
    says: str


def wrong_call(says: str, *arguments: str | Path) -> Fault:
    """Return a call whose arguments are wrong by themselves."""
    return Fault(lambda _folder: arguments, says)


def count_rows(session: Session) -> dict[str, int]:
    """Count the rows of every table, and hold on to nothing."""
    counted = {
        name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in metadata.tables.items()
    }
    session.rollback()
    return counted


def check_refusal(command: CommandLine, session: Session, folder: Path, fault: Fault) -> None:
    """Fail unless a wrong call ends with its one line and leaves every table as it was."""
    folder.mkdir()
    before = count_rows(session)
    refusal = command(*fault.build(folder)).refusal
    assert fault.says in refusal
    assert count_rows(session) == before
