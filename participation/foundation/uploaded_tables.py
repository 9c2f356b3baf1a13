"""Tables that somebody uploads (CSV, XLSX): from bytes to rows of texts, within stated bounds.

Nothing that a file says of itself is believed. A workbook is a ZIP file of XML files: each part
is unpacked with a limit before anything reads it, and what is read is a copy that holds only what
was measured. One cell far away would make the reader lay out all the cells before it, so the
places of cells are looked at first.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, load_workbook

from participation.foundation.errors import Refused
from participation.foundation.plain_signs import plain_block

_MEGABYTE = 1_000_000
_MOST_PARTS = 500
# Colours and pictures: no cells, and among their attributes are some called like places.
_LEFT_OUT = ("docProps/", "customXml/", "xl/theme/", "xl/drawings/", "xl/charts/", "xl/media/")
_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
_PLACE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{0,4})(\d{0,9})\s*[\"']")
# What an uploaded file can make the libraries raise: broken, encrypted or oddly packed parts.
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    CalamineError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    MemoryError,
)


@dataclass(frozen=True)
class Bounds:
    """How large a table may be: bytes as it comes and unpacked, rows, columns."""

    size: int = _MEGABYTE
    unpacked: int = 40 * _MEGABYTE
    rows: int = 10_000
    columns: int = 30


@dataclass(frozen=True)
class Line:
    """A row with something in it; `number` is where it stands in the file, counted from 1."""

    number: int
    cells: tuple[str, ...]


class UnreadableTable(Refused):
    """A file that is no table, or none that we take."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, field="table", **values)


def read_lines(content: bytes, name: str, bounds: Bounds) -> list[Line]:
    """Return the rows of a CSV or XLSX file, without the empty ones. Raises UnreadableTable.

    Cells keep their line breaks; a date becomes "12.11.2026".
    """
    if not content:
        raise UnreadableTable("Die Datei ist leer.")
    if len(content) > bounds.size:
        raise UnreadableTable(
            "Die Datei ist größer als %(most)s MB. Teilen Sie die Liste bitte auf.",
            most=bounds.size // _MEGABYTE,
        )
    is_workbook = content.startswith(b"PK\x03\x04")
    if not is_workbook and name.lower().endswith(_ENDINGS):
        raise UnreadableTable("Diese Datei ist keine Excel-Datei (XLSX), auch wenn sie so heißt.")
    rows = _rows_of_workbook(content, bounds) if is_workbook else _rows_of_csv(content)
    found: list[Line] = []
    for number, cells in rows:
        if len(cells) > bounds.columns:
            raise UnreadableTable("Die Tabelle hat mehr als %(most)s Spalten.", most=bounds.columns)
        if any(cells):
            found.append(Line(number, tuple(cells)))
        if len(found) > bounds.rows:
            raise UnreadableTable(
                "Die Tabelle hat mehr als %(most)s Zeilen. Teilen Sie sie bitte auf.",
                most=f"{bounds.rows:,}".replace(",", "."),
            )
    if not found:
        raise UnreadableTable("In der Tabelle steht nichts.")
    return found


def column_letters(index: int) -> str:
    """Return the name that a table program gives a column: A, B, … Z, AA."""
    rest, letter = divmod(index, 26)
    return (column_letters(rest - 1) if rest else "") + chr(ord("A") + letter)


def _rows_of_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in Germany unless it is told otherwise.
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or "�" in text:
        raise UnreadableTable("Diese Datei ist weder eine Tabelle (CSV) noch eine Excel-Datei.")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, [_tidy(cell) for cell in row]
            # A cell with a line break makes a row longer than its line.
            begins = reader.line_num + 1
    except csv.Error as failure:
        raise UnreadableTable(
            "Zeile %(line)s: Hier stimmen die Anführungszeichen nicht.", line=reader.line_num
        ) from failure


def _rows_of_workbook(content: bytes, bounds: Bounds) -> Iterator[tuple[int, list[str]]]:
    try:
        copy = _measured_copy(content, bounds)
        sheet = load_workbook(copy).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except _UNREADABLE as failure:
        raise UnreadableTable(
            "Diese Datei lässt sich nicht als Excel-Datei (XLSX) lesen."
        ) from failure
    for number, row in enumerate(cells, start=1):
        yield number, _without_empty_end([_written(cell) for cell in row])


def _measured_copy(content: bytes, bounds: Bounds) -> io.BytesIO:
    """Return a workbook with the parts of this one that hold cells and words, none too large."""
    copy = io.BytesIO()
    left = bounds.unpacked
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > _MOST_PARTS or len({one.filename for one in members}) < len(members):
            raise zipfile.BadZipFile("more parts than a workbook has")
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as measured:
            for member in members:
                if not _is_needed(member.filename):
                    continue
                with archive.open(member) as part:
                    unpacked = part.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    raise UnreadableTable("Die Excel-Datei ist ausgepackt zu groß.")
                _check_places(unpacked, bounds)
                measured.writestr(member.filename, unpacked)
    copy.seek(0)
    return copy


def _is_needed(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and not name.startswith(_LEFT_OUT)


def _check_places(part: bytes, bounds: Bounds) -> None:
    """Refuse cells so far out that all those before them would fill the memory."""
    # Empty lines and columns at the end are common where somebody has coloured a whole column.
    for letters, digits in _PLACE.findall(part):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - ord("A") + 1
        if column > 10 * bounds.columns or int(digits or 0) > 10 * bounds.rows:
            raise UnreadableTable(
                "In dieser Excel-Datei stehen Zellen weit außerhalb der Tabelle. Kopieren Sie die "
                "Zeilen bitte in eine neue Datei."
            )


def _written(cell: object) -> str:
    """Return a cell as text; Excel keeps postcodes and house numbers as fractions."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    return _tidy(str(cell))


def _tidy(cell: str) -> str:
    return plain_block(cell).strip()


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def padded(lines: Iterable[Line]) -> list[Line]:
    """Return lines that all have as many cells as the longest of them."""
    found = list(lines)
    width = max((len(line.cells) for line in found), default=0)
    return [Line(line.number, line.cells + ("",) * (width - len(line.cells))) for line in found]
