"""The table of addresses that letters go to: read with bounds, never stored.

Between two pages it travels sealed in the form. What is wrong is named with its line, and
nothing is taken in until all of it is right.
"""

from __future__ import annotations

import csv
import enum
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, load_workbook

from participation.engagements.invitations import MOST_LETTERS
from participation.foundation.errors import Refused
from participation.foundation.pdf import printable

LARGEST_TABLE = 1_000_000
MOST_COLUMNS = 30
LONGEST_CELL = 200
LONGEST_LINE = 48
MOST_FAULTS = 12
_LARGEST_WORKBOOK = 40_000_000
_POSTCODE = re.compile(r"\d{5}")


class ColumnRole(enum.Enum):
    """Which line of an address a column belongs to."""

    NAME = "name"
    ADDITION = "addition"
    STREET = "street"
    TOWN = "town"


# Words in a heading, the line that they speak of, and where in this line the column stands.
_HEADINGS = (
    (r"anrede", ColumnRole.NAME, 0),
    (r"(akad\w*\.? ?)?titel", ColumnRole.NAME, 1),
    (r"vornamen?|rufname", ColumnRole.NAME, 2),
    (r"(nach|familien|zu)?namen?|empfänger(in)?", ColumnRole.NAME, 3),
    (r"(adress|namens)?zusatz|c/o|firma", ColumnRole.ADDITION, 0),
    (r"stra(ß|ss)e.*|str\.?|anschrift", ColumnRole.STREET, 0),
    (r"haus(nummer|nr\.?|-nr\.?)( .*)?|hnr\.?|nr\.?", ColumnRole.STREET, 1),
    (r"hausnummernzusatz|hnr\.?-?zusatz", ColumnRole.STREET, 2),
    (r"plz|postleitzahl", ColumnRole.TOWN, 0),
    (r"plz,? (und |/ )?ort|(wohn)?ort|stadt|gemeinde", ColumnRole.TOWN, 1),
)


class BrokenAddresses(Refused):
    """A table that no letters can be made from; `faults` are sentences with their lines."""

    def __init__(self, *faults: str) -> None:
        super().__init__(faults[0], field="table")
        self.faults = faults


@dataclass(frozen=True)
class AddressTable:
    """What was read. `lines` are where the rows stand in the file, counted from 1."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def read_table(content: bytes, name: str) -> AddressTable:
    """Return the table of a CSV or XLSX file. Raises BrokenAddresses."""
    if not content:
        raise BrokenAddresses("Die Datei ist leer.")
    if len(content) > LARGEST_TABLE:
        raise BrokenAddresses("Die Datei ist größer als 1 MB. Teilen Sie die Liste bitte auf.")
    is_workbook = content.startswith(b"PK\x03\x04")
    if not is_workbook and name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods")):
        raise BrokenAddresses("Diese Datei ist keine Excel-Datei (XLSX), auch wenn sie so heißt.")
    rows = _rows_of_workbook(content) if is_workbook else _rows_of_csv(content)
    numbered = [(line, row) for line, row in enumerate(rows, start=1) if any(row)]
    if not numbered:
        raise BrokenAddresses("In der Tabelle steht nichts.")
    width = max(len(row) for _, row in numbered)
    if width > MOST_COLUMNS:
        raise BrokenAddresses(f"Die Tabelle hat mehr als {MOST_COLUMNS} Spalten.")
    _check_cells(numbered)
    padded = [(line, tuple(row) + ("",) * (width - len(row))) for line, row in numbered]
    if _is_heading(padded[0][1]):
        headings, padded = padded[0][1], padded[1:]
    else:
        headings = tuple(f"Spalte {number}" for number in range(1, width + 1))
    if not padded:
        raise BrokenAddresses("Unter der Kopfzeile steht keine Adresse.")
    if len(padded) > MOST_LETTERS:
        raise BrokenAddresses("Die Tabelle hat mehr als 5.000 Adressen. Teilen Sie sie bitte auf.")
    return AddressTable(
        headings=headings,
        rows=tuple(row for _, row in padded),
        lines=tuple(line for line, _ in padded),
    )


def guessed_roles(headings: Sequence[str]) -> tuple[ColumnRole | None, ...]:
    """Return what the columns seem to hold."""
    return tuple(found[0] if (found := _meaning(heading)) else None for heading in headings)


def addresses_of(
    table: AddressTable, roles: Sequence[ColumnRole | None]
) -> tuple[tuple[str, ...], ...]:
    """Return the lines of each address: name, addition, street, town.

    Raises BrokenAddresses with every line at which something is missing or does not fit.
    """
    missing = [
        words
        for role, words in (
            (ColumnRole.NAME, "den Namen"),
            (ColumnRole.STREET, "die Straße"),
            (ColumnRole.TOWN, "Postleitzahl und Ort"),
        )
        if role not in roles
    ]
    if missing:
        raise BrokenAddresses(f"Wählen Sie die Spalte für {' und '.join(missing)}.")
    columns = {role: _in_order(table.headings, roles, role) for role in ColumnRole}
    faults: list[str] = []
    addresses = []
    for number, row in zip(table.lines, table.rows, strict=True):
        lines = {role: _joined(row, columns[role], role) for role in ColumnRole}
        faults += [f"Zeile {number}: {fault}" for fault in _faults_of(lines)]
        addresses.append(tuple(line for line in lines.values() if line))
    if faults:
        more = len(faults) - MOST_FAULTS
        rest = [f"… und {more} weitere Stellen."] if more > 0 else []
        raise BrokenAddresses(*faults[:MOST_FAULTS], *rest)
    return tuple(addresses)


def _rows_of_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in Germany unless it is told otherwise.
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or "�" in text:
        raise BrokenAddresses("Diese Datei ist weder eine Tabelle (CSV) noch eine Excel-Datei.")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            # A cell with a line break makes a row longer than its line.
            rows += [[] for _ in range(reader.line_num - len(rows) - 1)]
            rows.append([_tidy(cell) for cell in row])
            if len(rows) > 2 * MOST_LETTERS:
                raise BrokenAddresses("Die Tabelle hat mehr als 5.000 Adressen.")
    except csv.Error as failure:
        message = f"Zeile {reader.line_num}: Hier stimmen die Anführungszeichen nicht."
        raise BrokenAddresses(message) from failure
    return rows


def _rows_of_workbook(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > _LARGEST_WORKBOOK:
            raise BrokenAddresses("Die Excel-Datei ist ausgepackt zu groß.")
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False, nrows=2 * MOST_LETTERS)
    # The last is what zipfile raises for a way of packing that it does not know.
    except (zipfile.BadZipFile, CalamineError, ValueError, OSError, NotImplementedError) as failure:
        message = "Diese Datei lässt sich nicht als Excel-Datei (XLSX) lesen."
        raise BrokenAddresses(message) from failure
    return [[_written(cell) for cell in row] for row in cells]


def _written(cell: object) -> str:
    """Return a cell as text; Excel keeps postcodes and house numbers as fractions."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _tidy(str(cell))


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


def _check_cells(rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    for line, row in rows:
        if any(len(cell) > LONGEST_CELL or not cell.isprintable() for cell in row):
            raise BrokenAddresses(f"Zeile {line}: Eine Zelle ist zu lang oder nicht lesbar.")


def _is_heading(row: Sequence[str]) -> bool:
    if any(_meaning(cell) for cell in row):
        return True
    return not any(_POSTCODE.search(cell) for cell in row)


def _meaning(heading: str) -> tuple[ColumnRole, int] | None:
    plain = heading.strip(" :*").casefold().replace("ss", "ß") if heading else ""
    for pattern, role, rank in _HEADINGS:
        if re.fullmatch(pattern, plain) or re.fullmatch(pattern, heading.strip(" :*").lower()):
            return role, rank
    return None


def _in_order(
    headings: Sequence[str], roles: Sequence[ColumnRole | None], role: ColumnRole
) -> list[int]:
    """Return the columns of a line in the order in which it is written."""
    columns = [index for index, one in enumerate(roles) if one is role]
    ranks = {}
    for index in columns:
        meaning = _meaning(headings[index])
        ranks[index] = meaning[1] if meaning and meaning[0] is role else 9
    return sorted(columns, key=lambda index: (ranks[index], index))


def _joined(row: Sequence[str], columns: Sequence[int], role: ColumnRole) -> str:
    parts = [row[index] for index in columns if row[index]]
    if role is ColumnRole.TOWN:
        # A table program drops the zero that a postcode in the east begins with.
        parts = [f"0{part}" if re.fullmatch(r"\d{4}", part) else part for part in parts]
        parts.sort(key=lambda part: not _POSTCODE.fullmatch(part))
    return " ".join(parts)


def _faults_of(lines: dict[ColumnRole, str]) -> list[str]:
    faults = []
    if not lines[ColumnRole.NAME]:
        faults.append("Der Name fehlt.")
    if not lines[ColumnRole.STREET]:
        faults.append("Die Straße fehlt.")
    if not _POSTCODE.match(lines[ColumnRole.TOWN]) or len(lines[ColumnRole.TOWN]) < 7:
        faults.append("Postleitzahl oder Ort fehlt.")
    if any(printable(line) != line for line in lines.values()):
        faults.append("In der Adresse stehen Zeichen, die wir nicht drucken können.")
    if any(len(line) > LONGEST_LINE for line in lines.values()):
        faults.append(f"Eine Zeile der Adresse ist länger als {LONGEST_LINE} Zeichen.")
    return faults
