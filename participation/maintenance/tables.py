"""Tables that are imported: CSV files, read with bounds and with the line of every fault."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from participation.foundation.errors import BrokenInput
from participation.foundation.plain_signs import plain_block

LARGEST_FILE = 256 * 1024 * 1024  # after decompression
LONGEST_LINE = 4 * 1024 * 1024
LONGEST_CELL = 100_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 20_000
_SHOWN_COLUMNS = 12

_REASONS = {
    "unexpected end of data": "a quotation mark that opens here is never closed",
    "field larger": "a cell is too long, or a quotation mark that opens here is never closed",
    "expected after": "a quotation mark stands inside a cell without being doubled",
    "new-line character": "a line ends in a way that is not understood",
}


class BrokenTable(BrokenInput):
    """A table that cannot be taken in; names the file, and the line where there is one."""

    def __init__(self, file: str, message: str, *, line: int | None = None) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {message}")
        self.line = line


@dataclass(frozen=True)
class Row:
    """One row by column name. `line` is where it begins in the file, counted from 1."""

    file: str
    line: int
    cells: dict[str, str]

    def broken(self, message: str) -> BrokenTable:
        """Return the error that says what is wrong with this row, to be raised."""
        return BrokenTable(self.file, message, line=self.line)


class Table:
    """A CSV file in UTF-8 with a heading line, plain or compressed with gzip (`.gz`).

    Its cells lose the signs that nobody sees, as what is typed into a form does.
    Raises BrokenTable for everything that is not such a file.
    """

    def __init__(
        self, path: Path, *, required: Sequence[str] = (), most_rows: int = MOST_ROWS
    ) -> None:
        self.path = path
        self._most_rows = most_rows
        self.columns = self._read_heading()
        for name in required:
            if name not in self.columns:
                known = ", ".join(self.columns[:_SHOWN_COLUMNS])
                raise BrokenTable(
                    path.name, f"there is no column “{name}”; the columns are {known}", line=1
                )

    def __iter__(self) -> Iterator[Row]:
        file, columns = self.path.name, self.columns
        records = read_records(self.path)
        next(records)
        for number, (line, values) in enumerate(records, start=1):
            if number > self._most_rows:
                raise BrokenTable(file, f"more than {self._most_rows} rows", line=line)
            if len(values) != len(columns):
                raise BrokenTable(
                    file, f"{len(values)} cells, but there are {len(columns)} columns", line=line
                )
            yield Row(file, line, dict(zip(columns, values, strict=True)))

    def count_rows(self) -> int:
        """Return how many rows there are; reads the whole file and so finds every fault of it.

        Raises BrokenTable if there is none.
        """
        number = sum(1 for _ in self)
        if not number:
            raise BrokenTable(self.path.name, "there is a heading but no row")
        return number

    def _read_heading(self) -> list[str]:
        name = self.path.name
        line, values = next(read_records(self.path), (1, []))
        columns = [value.strip() for value in values]
        if not any(columns):
            raise BrokenTable(name, "the file is empty")
        if len(columns) > MOST_COLUMNS:
            raise BrokenTable(name, f"more than {MOST_COLUMNS} columns", line=line)
        for column, times in Counter(columns).items():
            if times > 1:
                raise BrokenTable(name, f"the column “{column}” stands there twice", line=line)
        return columns


def find_table(folder: Path, name: str) -> Path | None:
    """Return the file `name.csv` of a folder, or `name.csv.gz`; None if there is neither."""
    for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
        # A link that leads nowhere is there too, and is complained about when it is read.
        if path.exists() or path.is_symlink():
            return path
    return None


def require_table(folder: Path, name: str) -> Path:
    """Return the file `name.csv` or `name.csv.gz` of a folder. Raises BrokenInput."""
    if not folder.is_dir():
        raise BrokenInput(f"{folder} is not a folder")
    found = find_table(folder, name)
    if found is None:
        raise BrokenInput(f"the folder {folder} holds no {name}.csv")
    return found


def read_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV file that are not empty, each with the line it begins at."""
    with _open(path) as stream:
        reader = csv.reader(_lines(stream, path.name), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as failure:
                raise BrokenTable(path.name, _reason(failure), line=line) from failure
            if any(len(value) > LONGEST_CELL for value in values):
                raise BrokenTable(path.name, f"a cell is longer than {LONGEST_CELL}", line=line)
            if values:
                yield line, [_plain(value) for value in values]


def _plain(cell: str) -> str:
    # Most cells are a number or a word: looking twice would cost more than the rest.
    return cell if cell.isascii() and cell.isprintable() else plain_block(cell)


def _open(path: Path) -> BinaryIO:
    # A pipe or a device would keep us waiting, or never end.
    if path.exists() and not path.is_file():
        raise BrokenInput(f"{path} is not a file")
    try:
        stream = path.open("rb")
    except OSError as failure:
        raise BrokenInput(f"cannot read {path}: {failure.strerror}") from failure
    if path.suffix != ".gz":
        return stream
    return io.BufferedReader(_Unzipped(stream))


class _Unzipped(gzip.GzipFile):
    """A compressed file that closes the file below it too."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(fileobj=stream, mode="rb")
        self._below = stream

    def close(self) -> None:
        super().close()
        self._below.close()


def _lines(stream: BinaryIO, name: str) -> Iterator[str]:
    size = 0
    for number in count(1):
        raw = _read_line(stream, name, number)
        if not raw:
            return
        size += len(raw)
        if size > LARGEST_FILE:
            raise BrokenTable(name, f"larger than {LARGEST_FILE // 1024 // 1024} MiB")
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as failure:
            raise BrokenTable(name, "not UTF-8", line=number) from failure
        if "\0" in line:
            raise BrokenTable(name, "a NUL character", line=number)
        yield line


def _read_line(stream: BinaryIO, name: str, number: int) -> bytes:
    try:
        raw = stream.readline(LONGEST_LINE + 1)
    except (OSError, EOFError, zlib.error) as failure:
        raise BrokenTable(name, f"the file is damaged ({failure})", line=number) from failure
    if len(raw) > LONGEST_LINE:
        raise BrokenTable(name, f"a line is longer than {LONGEST_LINE} bytes", line=number)
    return raw


def _reason(failure: csv.Error) -> str:
    for words, reason in _REASONS.items():
        if words in str(failure):
            return reason
    return f"not a table ({failure})"
