"""The table of addresses that letters go to: read with bounds, never stored.

Between two pages it travels sealed in the form. What is wrong is named with its line, and
nothing is taken in until all of it is right.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from participation.engagements.invitations import MOST_LETTERS
from participation.foundation.errors import Refused
from participation.foundation.pdf import printable
from participation.foundation.uploaded_tables import Bounds, UnreadableTable, padded, read_lines

LARGEST_TABLE = 1_000_000
MOST_COLUMNS = 30
LONGEST_CELL = 200
LONGEST_LINE = 48
MOST_FAULTS = 12
_BOUNDS = Bounds(size=LARGEST_TABLE, rows=2 * MOST_LETTERS, columns=MOST_COLUMNS)
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
    try:
        lines = padded(read_lines(content, name, _BOUNDS))
    except UnreadableTable as refusal:
        raise BrokenAddresses(str(refusal)) from refusal
    found = [(line.number, tuple(" ".join(cell.split()) for cell in line.cells)) for line in lines]
    _check_cells(found)
    if _is_heading(found[0][1]):
        headings, found = found[0][1], found[1:]
    else:
        headings = tuple(f"Spalte {number}" for number in range(1, len(found[0][1]) + 1))
    if not found:
        raise BrokenAddresses("Unter der Kopfzeile steht keine Adresse.")
    if len(found) > MOST_LETTERS:
        raise BrokenAddresses("Die Tabelle hat mehr als 5.000 Adressen. Teilen Sie sie bitte auf.")
    return AddressTable(
        headings=headings,
        rows=tuple(row for _, row in found),
        lines=tuple(line for line, _ in found),
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
