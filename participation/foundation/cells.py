"""Cells of tables that programs open: no cell may become a formula, and no text is lost.

A spreadsheet computes a cell that begins with one of a few signs, also after a delimiter that
it takes for the end of a cell. Each such sign gets an apostrophe before it. An apostrophe that
stood before such a sign gets another, so that `as_written` finds the text again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Cell = str | int | float | Decimal | None

# With their twins of full width; a tab, a line end or a NUL hides a sign from the eye.
_SIGNS = "=+\\-@\t\r\n\x00＝＋－＠"
_BEFORE = r"(^|[;,|\t\r\n\x00])"
# Whether something is to be done at all is asked of every cell, so it is asked quickly.
_SIGN = re.compile(f"[{_SIGNS}]")
_AT_BEGIN = re.compile(rf"[ \"]*'*[{_SIGNS}]")
_BEHIND = re.compile(rf"[;,|\t\r\n\x00][ \"]*'*[{_SIGNS}]")
_DANGEROUS = re.compile(rf"{_BEFORE}([ \"]*)(?='*[{_SIGNS}])")
_GUARDED = re.compile(rf"{_BEFORE}([ \"]*)'(?='*[{_SIGNS}])")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet computes, whatever it takes for the end of a cell."""
    if _SIGN.search(text) is None:
        return text
    if _AT_BEGIN.match(text) or _BEHIND.search(text):
        text = _DANGEROUS.sub(r"\1\2'", text)
    return text.replace("\x00", "␀")


def as_written(cell: str) -> str:
    """Return the text that `guarded` was given; a NUL stays a picture of one."""
    return _GUARDED.sub(r"\1\2", cell)


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield rows as lines of a CSV file in UTF-8, with the mark by which Excel knows it."""
    yield b"\xef\xbb\xbf"
    line = io.StringIO()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()
