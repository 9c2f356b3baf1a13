"""Import ideas that were collected elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from participation.contributions.models import ContributionStatus
from participation.foundation.excerpts import first_words
from participation.foundation.geometry import Geometry, Shape, read_point
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import ImportedIdea, record_imported
from participation.ideas.queries import imported_sources
from participation.maintenance.tables import Row, Table
from participation.moderation.operations import note_import
from participation.strategy.models import Element

MOST_IDEAS = 50_000
# What our own form takes is shorter; but what was said elsewhere is not cut off here.
LONGEST_TITLE = 500
LONGEST_TEXT = 40_000
LONGEST_URL = 2_000
LONGEST_ID = 200
# What a column with the ids of the ideas is called, if nobody says it.
_IDS = ("document_id", "id")
_LONGEST_MADE_TITLE = 80
_BATCH = 500


@dataclass(frozen=True)
class IdeaColumns:
    """Which column of the file is what; none where the file has no such column."""

    body: str
    title: str | None = None
    url: str | None = None
    id: str | None = None
    latitude: str | None = None
    longitude: str | None = None

    def names(self) -> list[str]:
        """Return the columns that the file must have."""
        every = (self.body, self.title, self.url, self.id, self.latitude, self.longitude)
        return [name for name in every if name is not None]


@dataclass(frozen=True)
class ImportedIdeas:
    """How many ideas were stored and how many rows left out."""

    ideas: int
    skipped: int


class IdeaFile:
    """A CSV file with an idea in each row. Raises BrokenTable for what is none."""

    def __init__(self, path: Path, columns: IdeaColumns) -> None:
        self.table = Table(path, required=columns.names(), most_rows=MOST_IDEAS)
        known = next((name for name in _IDS if name in self.table.columns), None)
        self.columns = replace(columns, id=columns.id or known)
        self.rows = self.table.count_rows()


def import_ideas(
    session: Session,
    *,
    call: IdeaCall,
    file: IdeaFile,
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
    reader = _Reader(file.columns, set(imported_sources(session, call.id)), tuple(elements), at)
    rows = iter(file.table)
    stored: list[Idea] = []
    while batch := list(islice(rows, _BATCH)):
        ideas = [idea for row in batch if (idea := reader.read(row)) is not None]
        stored += record_imported(session, call=call, ideas=ideas, status=status, at=at)
        progress(len(batch))
    note_import(
        session,
        contributions=stored,
        municipality_id=call.municipality_id,
        actor=None,
        at=at,
    )
    return ImportedIdeas(ideas=len(stored), skipped=reader.skipped)


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
        """Return the idea of a row; None if it is left out."""
        text = row.cells[self._columns.body].strip()
        title = " ".join(_cell(row, self._columns.title).split())
        source = _cell(row, self._columns.url)
        source_id = _cell(row, self._columns.id)
        _check_lengths(row, text=text, title=title, source=source, source_id=source_id)
        if (not text and not title) or source in self._known:
            self.skipped += 1
            return None
        if source:
            self._known.add(source)
        return ImportedIdea(
            title=title or first_words(text, _LONGEST_MADE_TITLE),
            text=text or title,
            received_at=self._at,
            source=source,
            source_url=source if is_web_address(source) else "",
            source_id=source_id,
            elements=self._elements,
            geometry=self._geometry(row),
        )

    def _geometry(self, row: Row) -> Geometry | None:
        """Return the point of a row; None for a row without one."""
        north = _cell(row, self._columns.latitude)
        east = _cell(row, self._columns.longitude)
        if not north and not east:
            return None
        point = read_point(f"{north} {east}") if north and east else None
        if point is None:
            raise row.broken(f"“{north}”, “{east}” is no latitude and longitude")
        return Geometry(Shape.POINT, (point,))


def is_web_address(text: str) -> bool:
    """Tell whether a text may become a link; what else it says (`javascript:`) may not."""
    return text.startswith(("https://", "http://")) and not any(
        sign.isspace() or not sign.isprintable() for sign in text
    )


def _cell(row: Row, column: str | None) -> str:
    return row.cells[column].strip() if column is not None else ""


def _check_lengths(row: Row, *, text: str, title: str, source: str, source_id: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise row.broken(f"the text is longer than {LONGEST_TEXT} characters")
    if len(title) > LONGEST_TITLE:
        raise row.broken(f"the title is longer than {LONGEST_TITLE} characters")
    if len(source) > LONGEST_URL:
        raise row.broken(f"the address is longer than {LONGEST_URL} characters")
    if len(source_id) > LONGEST_ID:
        raise row.broken(f"the id is longer than {LONGEST_ID} characters")
