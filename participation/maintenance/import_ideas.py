"""Import ideas that were collected elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.contributions.queries import known_sources
from participation.foundation.errors import BrokenInput
from participation.ideas.models import IdeaCall
from participation.ideas.operations import ImportedIdea, record_imported
from participation.ideas.policy import LONGEST_TEXT
from participation.maintenance.tables import Row, Table
from participation.moderation.operations import note_import
from participation.strategy.models import Element

_BATCH = 500
_LONGEST_MADE_TITLE = 80
_LONGEST_TITLE = 300


@dataclass(frozen=True)
class IdeaColumns:
    """Which column of the file is what; none where the file has no such column."""

    body: str
    title: str | None = None
    url: str | None = None

    def names(self) -> list[str]:
        """Return the columns that the file must have."""
        return [name for name in (self.body, self.title, self.url) if name is not None]


@dataclass(frozen=True)
class ImportedIdeas:
    """How many ideas were stored and how many rows left out."""

    ideas: int
    skipped: int


def import_ideas(
    session: Session,
    *,
    call: IdeaCall,
    file: Path,
    columns: IdeaColumns,
    status: ContributionStatus,
    elements: Sequence[Element],
    at: datetime,
    progress: Callable[[int], None] = lambda _number: None,
) -> ImportedIdeas:
    """Store the ideas of a file in a call.

    A missing title is made from the first words, a missing text from the title. A row with
    neither, and one whose address the call has already, is skipped. `progress` is told how
    many rows were read since it was last told.
    """
    table = Table(file, required=columns.names())
    known = known_sources(session, call.id)
    reader = _Reader(columns, known, tuple(elements), at)
    rows = iter(table)
    stored = 0
    while batch := list(islice(rows, _BATCH)):
        ideas = [idea for row in batch if (idea := reader.read(row)) is not None]
        saved = record_imported(session, call=call, ideas=ideas, status=status, at=at)
        if status is not ContributionStatus.PENDING:
            note_import(session, contributions=saved, at=at)
        stored += len(saved)
        progress(len(batch))
    return ImportedIdeas(ideas=stored, skipped=reader.skipped)


class _Reader:
    """Turns rows into ideas and counts the rows that it leaves out."""

    def __init__(
        self,
        columns: IdeaColumns,
        known: set[str],
        elements: tuple[Element, ...],
        at: datetime,
    ) -> None:
        self._columns = columns
        self._known = known
        self._elements = elements
        self._at = at
        self.skipped = 0

    def read(self, row: Row) -> ImportedIdea | None:
        text = row.cells[self._columns.body].strip()
        title = self._cell(row, self._columns.title)
        url = self._cell(row, self._columns.url)
        if (not text and not title) or (url and url in self._known):
            self.skipped += 1
            return None
        if len(text) > LONGEST_TEXT * 10 or len(title) > _LONGEST_TITLE * 10:
            raise BrokenInput("an idea is longer than any idea should be", line=row.line)
        if url:
            self._known.add(url)
        title = " ".join(title.split())
        return ImportedIdea(
            title=title or first_words(text),
            text=text or title,
            received_at=self._at,
            source=url,
            source_url=url,
            elements=self._elements,
        )

    @staticmethod
    def _cell(row: Row, column: str | None) -> str:
        return row.cells[column].strip() if column is not None else ""


def first_words(text: str) -> str:
    """Return the beginning of a text, whole words, as a title."""
    words: Iterator[str] = iter(text.split())
    title = next(words, "")[:_LONGEST_MADE_TITLE]
    for word in words:
        if len(title) + 1 + len(word) > _LONGEST_MADE_TITLE:
            return title + " …"
        title += " " + word
    return title
