"""Workbooks (XLSX), written row by row: no formulas, no links, no hidden sheets, no metadata.

A workbook is a ZIP file of XML files (ECMA-376); these are the few that one cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from participation.foundation.cells import Cell, guarded

# What the format can hold.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
_LONGEST_NAME = 31
_ROWS_AT_ONCE = 200

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# What XML can't hold, or would change: written as `_x000D_`, and so is what looks like that.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_TO_ESCAPE = re.compile(rf"[&<>]|{_UNWRITABLE.pattern}")
_EDGE_OF_SPACE = re.compile(r"^\s|\s$")

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
# The heading stays where it is while the rows are moved.
_SHEET_BEGINS = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_SHEET_ENDS = "</sheetData></worksheet>"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, and its rows with the heading first."""

    name: str
    rows: Iterable[Sequence[Cell]]


class TooManyRows(ValueError):
    """A sheet has more rows than the format can hold."""


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write sheets one after the other; only a few rows are held in memory at a time.

    Raises TooManyRows rather than leave one out.
    """
    names: list[str] = []
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        for number, sheet in enumerate(sheets, 1):
            names.append(_name(sheet.name))
            with book.open(_part(f"xl/worksheets/sheet{number}.xml"), "w") as file:
                for chunk in _sheet(sheet.rows):
                    file.write(chunk.encode())
        for name, content in _frame(names).items():
            book.writestr(_part(name), _XML + content)


def _part(name: str) -> ZipInfo:
    # Of 1980, as all of its kind: when it was made is nobody's business.
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    return part


def _sheet(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield _SHEET_BEGINS
    numbered = enumerate(rows, 1)
    while some := list(islice(numbered, _ROWS_AT_ONCE)):
        if some[-1][0] > MOST_ROWS:
            raise TooManyRows(f"a sheet has {MOST_ROWS} rows at most")
        yield "".join([_row(number, row) for number, row in some])
    yield _SHEET_ENDS


def _row(number: int, row: Sequence[Cell]) -> str:
    cells = [
        _cell(f"{_letters(place)}{number}", cell)
        for place, cell in enumerate(row)
        if cell is not None and cell != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(where: str, cell: str | float | Decimal) -> str:
    if not isinstance(cell, str):
        # The sign makes a number of a truth value, too.
        return f'<c r="{where}"><v>{+cell}</v></c>'
    text = guarded(cell)[:LONGEST_CELL]
    space = ' xml:space="preserve"' if _EDGE_OF_SPACE.search(text) else ""
    if _TO_ESCAPE.search(text):
        text = escape(_UNWRITABLE.sub(_by_number, text), quote=False)
    return f'<c r="{where}" t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _by_number(sign: re.Match[str]) -> str:
    return f"_x{ord(sign[0]):04X}_"


@cache
def _letters(place: int) -> str:
    """Return the name of a column: A to Z, then AA."""
    rest, letter = divmod(place, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("A") + letter)


def _frame(names: Sequence[str]) -> dict[str, str]:
    """Return what a workbook consists of beside its sheets."""
    numbers = range(1, len(names) + 1)
    parts = {"workbook": "sheet.main", "styles": "styles"}
    parts |= {f"worksheets/sheet{number}": "worksheet" for number in numbers}
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for part, kind in parts.items()
    )
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    relations = [(f"worksheets/sheet{number}.xml", "worksheet") for number in numbers]
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": _related([("xl/workbook.xml", "officeDocument")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/>'
            f"</bookViews><sheets>{sheets}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _related([*relations, ("styles.xml", "styles")]),
        "xl/styles.xml": _STYLES,
    }


def _related(targets: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _name(name: str) -> str:
    return _FORBIDDEN.sub(" ", name).strip("' ")[:_LONGEST_NAME] or "Tabelle"
