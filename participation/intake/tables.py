"""A table of ideas or comments: its columns, and every fault with its line and column.

A table with a fault is not taken in part: what somebody corrects and uploads again would then be
there twice.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Self, TypeVar

from participation.foundation.cells import as_written
from participation.foundation.errors import Refused
from participation.foundation.plain_signs import plain_line
from participation.foundation.uploaded_tables import (
    Bounds,
    Line,
    column_letters,
    padded,
    read_lines,
)
from participation.intake import policy

MOST_ROWS = 1_000
LARGEST_TABLE = 1_000_000
# The words of all rows together, as they travel from one page to the next.
_LONGEST_ALTOGETHER = 1_000_000
_MOST_FAULTS = 200
_BOUNDS = Bounds(size=LARGEST_TABLE, rows=MOST_ROWS + 1, columns=30)

DAY = "Eingegangen am"
_DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y")
_ALSO_CALLED = {"datum": DAY, "tag": DAY, "eingegangen": DAY}


@dataclass(frozen=True)
class TableFault:
    """What is wrong in a cell: its line in the file, its column as table programs name it."""

    line: int
    column: str
    heading: str
    refusal: Refused


@dataclass(frozen=True, kw_only=True)
class Row(ABC):
    """An idea or a comment of a table and where it stands in the file."""

    line: int
    text: str
    received_on: str = ""

    @property
    @abstractmethod
    def said(self) -> tuple[str, ...]:
        """All that it says: the same table is known by it."""

    @property
    def subject(self) -> str:
        """What its text is about: the same text about something else says something else."""
        return ""

    @property
    def length(self) -> int:
        """How much it says."""
        return sum(map(len, self.said))

    @classmethod
    def restored(cls, values: dict[str, Any]) -> Self:
        """Return a row from the values that it had, as JSON keeps them."""
        return cls(**values)


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True)
class Table(Generic[AnyRow]):
    """What was read: rows, or what is wrong. With a fault nothing is taken over."""

    rows: tuple[AnyRow, ...]
    faults: tuple[TableFault, ...] = ()
    # How many more faults there are than are told.
    more_faults: int = 0

    @property
    def content_hash(self) -> str:
        """What the same rows are known by, in whatever file and order of columns they come."""
        said = sorted(row.said for row in self.rows)
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def repeated(self) -> dict[int, int]:
        """Return the lines that say what an earlier line says, with that line."""
        first: dict[tuple[str, str], int] = {}
        found = {}
        for row in self.rows:
            words = row.subject, row.text
            if words in first:
                found[row.line] = first[words]
            first.setdefault(words, row.line)
        return found


class LineReader(ABC, Generic[AnyRow]):
    """Turns lines into rows and collects what is wrong with them.

    A reader says which headings it knows, under which other words, and which it needs.
    """

    headings: tuple[str, ...]
    needed: tuple[str, ...]
    also_called: Mapping[str, str]

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._columns: Mapping[str, int] = {}
        self.faults: list[TableFault] = []

    @abstractmethod
    def read(self, line: Line) -> AnyRow:
        """Return what a line says; what is wrong with it is kept in `faults`."""

    def stand_in(self, columns: Mapping[str, int]) -> None:
        """Note where each column stands."""
        self._columns = columns

    @property
    def known(self) -> dict[str, str]:
        """The headings by all words that people write for them."""
        own = {heading.casefold(): heading for heading in self.headings}
        return {**own, **_ALSO_CALLED, **self.also_called}

    def _cell(self, line: Line, heading: str) -> str:
        index = self._columns.get(heading)
        return "" if index is None else as_written(line.cells[index]).strip()

    def _limited(self, line: Line, heading: str, text: str, longest: int) -> None:
        if len(text) > longest:
            self._note(
                line,
                heading,
                Refused(
                    "Hier stehen %(length)s Zeichen, höchstens %(limit)s sind möglich.",
                    length=len(text),
                    limit=longest,
                ),
            )

    def _tried(self, line: Line, heading: str, check: Callable[[], str]) -> str:
        """Return what a check lets through; what it refuses is a fault of the cell."""
        try:
            return check()
        except Refused as refusal:
            self._note(line, heading, refusal)
            return ""

    def _day(self, line: Line) -> str:
        written = self._cell(line, DAY)
        if not written:
            return ""
        day = _day_of(written)
        if day is None:
            self._note(
                line,
                DAY,
                Refused(
                    "Das ist kein Tag: „%(written)s“. Schreiben Sie ihn so: 24.11.2026.",
                    written=written[:40],
                ),
            )
        elif not policy.is_likely_day(day, at=self._at):
            self._note(
                line,
                DAY,
                Refused(
                    "Der Tag %(written)s liegt in der Zukunft oder über ein Jahr zurück.",
                    written=written[:40],
                ),
            )
        return day.isoformat() if day else ""

    def _note(self, line: Line, heading: str, refusal: Refused) -> None:
        # What is missing has no column to name when the whole column is missing.
        index = self._columns.get(heading, 0)
        self.faults.append(_fault(line.number, index, heading, refusal))


def read_table(content: bytes, name: str, reader: LineReader[AnyRow]) -> Table[AnyRow]:
    """Read a table with a reader of its lines.

    Raises Refused for a file that is no table, or one without a column that the reader needs.
    """
    heading, *lines = padded(read_lines(content, name, _BOUNDS))
    columns, faults = _columns(heading, reader.known)
    for needed in reader.needed:
        if needed not in columns:
            raise Refused(
                "In der ersten Zeile fehlt die Überschrift „%(heading)s“. Nehmen Sie am besten "
                "unsere Vorlage.",
                field="table",
                heading=needed,
            )
    if not lines:
        raise Refused("Unter der Kopfzeile steht nichts.", field="table")
    if len(lines) > MOST_ROWS:
        raise Refused(
            "Die Tabelle hat mehr als 1.000 Zeilen. Teilen Sie sie bitte auf.", field="table"
        )
    faults += _cells_without_heading(heading, lines)
    reader.stand_in(columns)
    rows = [reader.read(line) for line in lines]
    faults += reader.faults
    if sum(row.length for row in rows) > _LONGEST_ALTOGETHER:
        raise Refused("In der Tabelle steht zu viel Text. Teilen Sie sie bitte auf.", field="table")
    # As one reads: from line to line, from left to right. Column AA stands to the right of Z.
    faults.sort(key=lambda fault: (fault.line, len(fault.column), fault.column))
    return Table(
        rows=tuple(rows),
        faults=tuple(faults[:_MOST_FAULTS]),
        more_faults=max(0, len(faults) - _MOST_FAULTS),
    )


def _columns(
    heading: Line, known_words: Mapping[str, str]
) -> tuple[dict[str, int], list[TableFault]]:
    """Return where each column stands, and the headings that we do not know or know twice."""
    columns: dict[str, int] = {}
    faults = []
    for index, cell in enumerate(heading.cells):
        written = plain_line(cell).strip(" :*")
        known = known_words.get(written.casefold())
        if not written:
            continue
        if known is None:
            refusal = Refused(
                "Diese Spalte kennen wir nicht. Löschen Sie sie bitte, vor allem, wenn darin Namen "
                "stehen."
            )
        elif known in columns:
            refusal = Refused("Diese Spalte gibt es zweimal.")
        else:
            columns[known] = index
            continue
        faults.append(_fault(heading.number, index, written[:40], refusal))
    return columns, faults


def _cells_without_heading(heading: Line, lines: Sequence[Line]) -> list[TableFault]:
    bare = [index for index, cell in enumerate(heading.cells) if not plain_line(cell).strip(" :*")]
    return [
        _fault(line.number, index, "", Refused("Über dieser Spalte steht keine Überschrift."))
        for line in lines
        for index in bare
        if line.cells[index]
    ]


def _fault(line: int, index: int, heading: str, refusal: Refused) -> TableFault:
    return TableFault(line, column_letters(index), heading, refusal)


def _day_of(written: str) -> date | None:
    for pattern in _DAYS:
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day, no moment.
        except ValueError:
            continue
    return None
