"""A table of ideas: what its columns mean, and every fault with its line and column.

A table with a fault is not taken in part: what somebody corrects and uploads again would then be
there twice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from participation.foundation.cells import as_written
from participation.foundation.errors import Refused
from participation.foundation.excerpts import first_words
from participation.foundation.plain_signs import plain_line
from participation.foundation.uploaded_tables import (
    Bounds,
    Line,
    column_letters,
    padded,
    read_lines,
)
from participation.ideas.policy import LONGEST_TEXT, LONGEST_TITLE
from participation.intake import policy

MOST_IDEAS = 1_000
LARGEST_TABLE = 1_000_000
# The words of all ideas together, as they travel from one page to the next.
_LONGEST_ALTOGETHER = 1_000_000
_MOST_FAULTS = 200
_LONGEST_MADE_TITLE = 80
_BOUNDS = Bounds(size=LARGEST_TABLE, rows=MOST_IDEAS + 1, columns=30)

TITLE, TEXT, ELEMENTS, DAY = "Titel", "Idee", "Bezug", "Eingegangen am"
HEADINGS = (TITLE, TEXT, ELEMENTS, DAY)
_ALSO_CALLED = {
    "überschrift": TITLE,
    "text": TEXT,
    "beschreibung": TEXT,
    "vorschlag": TEXT,
    "element": ELEMENTS,
    "elemente": ELEMENTS,
    "handlungsfeld": ELEMENTS,
    "kürzel": ELEMENTS,
    "datum": DAY,
    "tag": DAY,
    "eingegangen": DAY,
}
_KNOWN = {heading.casefold(): heading for heading in HEADINGS} | _ALSO_CALLED
_DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y")


@dataclass(frozen=True)
class TableFault:
    """What is wrong in a cell: its line in the file, its column as table programs name it."""

    line: int
    column: str
    heading: str
    refusal: Refused


@dataclass(frozen=True)
class IdeaRow:
    """An idea of a table and where it stands in the file."""

    line: int
    title: str
    text: str
    elements: tuple[str, ...] = ()
    received_on: str = ""


@dataclass(frozen=True)
class IdeaTable:
    """What was read: ideas, or what is wrong. With a fault nothing is taken over."""

    rows: tuple[IdeaRow, ...]
    faults: tuple[TableFault, ...]
    # How many more faults there are than are told.
    more_faults: int = 0

    @property
    def content_hash(self) -> str:
        """What the same ideas are known by, in whatever file and order of columns they come."""
        said = sorted((row.title, row.text) for row in self.rows)
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def repeated(self) -> dict[int, int]:
        """Return the lines that say what an earlier line says, with that line."""
        first: dict[str, int] = {}
        found = {}
        for row in self.rows:
            if row.text in first:
                found[row.line] = first[row.text]
            first.setdefault(row.text, row.line)
        return found


def read_ideas(content: bytes, name: str, *, elements: Collection[str], at: datetime) -> IdeaTable:
    """Read a table of ideas; `elements` are the codes that they can be about.

    Raises Refused for a file that is no table, or one without a column of ideas.
    """
    heading, *lines = padded(read_lines(content, name, _BOUNDS))
    columns, faults = _columns(heading)
    if TEXT not in columns:
        raise Refused(
            "In der ersten Zeile fehlt die Überschrift „%(heading)s“. Nehmen Sie am besten unsere "
            "Vorlage.",
            field="table",
            heading=TEXT,
        )
    if not lines:
        raise Refused("Unter der Kopfzeile steht keine Idee.", field="table")
    if len(lines) > MOST_IDEAS:
        raise Refused("Die Tabelle hat mehr als 1.000 Ideen. Teilen Sie sie bitte auf.")
    faults += _cells_without_heading(heading, lines)
    reader = _Reader(columns, {code.casefold(): code for code in elements}, at)
    rows = [reader.read(line) for line in lines]
    faults += reader.faults
    if sum(len(row.text) for row in rows) > _LONGEST_ALTOGETHER:
        raise Refused("In der Tabelle steht zu viel Text. Teilen Sie sie bitte auf.", field="table")
    faults.sort(key=lambda fault: fault.line)
    return IdeaTable(
        rows=tuple(rows),
        faults=tuple(faults[:_MOST_FAULTS]),
        more_faults=max(0, len(faults) - _MOST_FAULTS),
    )


def _columns(heading: Line) -> tuple[dict[str, int], list[TableFault]]:
    """Return where each column stands, and the headings that we do not know or know twice."""
    columns: dict[str, int] = {}
    faults = []
    for index, cell in enumerate(heading.cells):
        written = plain_line(cell).strip(" :*")
        known = _KNOWN.get(written.casefold())
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


class _Reader:
    """Turns lines into ideas and collects what is wrong with them."""

    def __init__(self, columns: Mapping[str, int], elements: Mapping[str, str], at: datetime):
        self._columns = columns
        self._elements = elements
        self._at = at
        self.faults: list[TableFault] = []

    def read(self, line: Line) -> IdeaRow:
        """Return the idea of a line; what is wrong with it is kept in `faults`."""
        text = self._cell(line, TEXT)
        title = " ".join(self._cell(line, TITLE).split())
        if not text:
            self._note(line, TEXT, Refused("Hier fehlt die Idee."))
        if len(text) > LONGEST_TEXT:
            self._note(
                line,
                TEXT,
                Refused(
                    "Der Text hat %(length)s Zeichen, höchstens 4.000 sind möglich.",
                    length=len(text),
                ),
            )
        if len(title) > LONGEST_TITLE:
            self._note(
                line,
                TITLE,
                Refused(
                    "Der Titel hat %(length)s Zeichen, höchstens 120 sind möglich.",
                    length=len(title),
                ),
            )
        return IdeaRow(
            line=line.number,
            title=title or first_words(text, _LONGEST_MADE_TITLE),
            text=text,
            elements=self._codes(line),
            received_on=self._day(line),
        )

    def _cell(self, line: Line, heading: str) -> str:
        index = self._columns.get(heading)
        return "" if index is None else as_written(line.cells[index]).strip()

    def _codes(self, line: Line) -> tuple[str, ...]:
        found = []
        for written in re.split(r"[\s,;]+", self._cell(line, ELEMENTS)):
            code = self._elements.get(written.casefold())
            if code is not None:
                found.append(code)
            elif written:
                self._note(
                    line,
                    ELEMENTS,
                    Refused(
                        "Das Kürzel „%(written)s“ gehört nicht zu diesem Ideenaufruf. "
                        "Möglich sind: %(known)s.",
                        written=written[:40],
                        known=", ".join(self._elements.values()) or "–",
                    ),
                )
        return tuple(dict.fromkeys(found))

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


def _fault(line: int, index: int, heading: str, refusal: Refused) -> TableFault:
    return TableFault(line, column_letters(index), heading, refusal)


def _day_of(written: str) -> date | None:
    for pattern in _DAYS:
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day, no moment.
        except ValueError:
            continue
    return None
