"""Workbooks (XLSX), written row by row: no formulas, no links, no hidden sheets, no metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from participation.foundation.cells import Cell, guarded

LONGEST_CELL = 32_767  # What the format can hold.
_LONGEST_NAME = 31
# The same for every file: when it was made is nobody's business.
_ANY_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, and its rows with the heading first."""

    name: str
    rows: Iterable[Sequence[Cell]]


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write sheets one after the other; only one row is held in memory at a time."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _ANY_DAY, "author": "", "company": ""})
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet.name))
            page.freeze_panes(1, 0)
            for number, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    _write(page, number, column, cell)


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(row, column, guarded(cell)[:LONGEST_CELL])
    else:
        page.write_number(row, column, float(cell) if isinstance(cell, Decimal) else cell)


def _name(name: str) -> str:
    return _FORBIDDEN.sub(" ", name).strip("' ")[:_LONGEST_NAME] or "Tabelle"
