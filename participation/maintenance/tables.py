"""Tables that are imported: CSV files, read with bounds and with the line of every fault."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from participation.foundation.errors import BrokenInput

LARGEST_FILE = 256 * 1024 * 1024
LONGEST_CELL = 100_000
MOST_ROWS = 2_000_000
MOST_COLUMNS = 20_000


@dataclass(frozen=True)
class Row:
    """One row by column name. `line` is where it ends in the file, counted from 1."""

    line: int
    cells: dict[str, str]


class Table:
    """A CSV file in UTF-8 with a heading line, plain or compressed with gzip (`.gz`).

    Raises BrokenInput for everything that is not such a file, naming the line.
    """

    def __init__(self, path: Path, *, required: Sequence[str] = ()) -> None:
        self._path = path
        self.columns = self._read_heading()
        missing = [name for name in required if name not in self.columns]
        if missing:
            raise BrokenInput(f"{path.name} has no column “{missing[0]}”", line=1)

    def __iter__(self) -> Iterator[Row]:
        cells = self._cells()
        next(cells)
        for number, (line, values) in enumerate(cells, start=1):
            if number > MOST_ROWS:
                raise BrokenInput(f"{self._path.name} has more than {MOST_ROWS} rows", line=line)
            if len(values) != len(self.columns):
                raise BrokenInput(
                    f"{self._path.name} has {len(values)} cells here "
                    f"and {len(self.columns)} columns",
                    line=line,
                )
            yield Row(line, dict(zip(self.columns, values, strict=True)))

    def count_rows(self) -> int:
        """Return how many rows there are; reads the whole file and so finds every fault."""
        return sum(1 for _ in self)

    def _read_heading(self) -> list[str]:
        try:
            _line, columns = next(self._cells())
        except StopIteration:
            raise BrokenInput(f"{self._path.name} is empty", line=1) from None
        columns = [name.strip() for name in columns]
        if len(columns) > MOST_COLUMNS:
            raise BrokenInput(f"{self._path.name} has too many columns", line=1)
        twice = {name for name in columns if columns.count(name) > 1}
        if twice:
            raise BrokenInput(f"{self._path.name} has the column “{twice.pop()}” twice", line=1)
        return columns

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        try:
            stream = self._open()
        except OSError as failure:
            raise BrokenInput(f"cannot read {self._path}: {failure.strerror}") from failure
        with stream:
            reader = csv.reader(_lines(stream, self._path.name), strict=True)
            while True:
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error as failure:
                    raise BrokenInput(
                        f"{self._path.name} is not a table ({failure})", line=reader.line_num
                    ) from failure
                except (gzip.BadGzipFile, EOFError) as failure:
                    raise BrokenInput(f"{self._path.name} is damaged") from failure
                if values:
                    _check_lengths(values, self._path.name, reader.line_num)
                    yield reader.line_num, values

    def _open(self) -> BinaryIO:
        if self._path.suffix == ".gz":
            return io.BufferedReader(gzip.open(self._path, "rb"))  # type: ignore[type-var]
        return self._path.open("rb")


def _lines(stream: BinaryIO, name: str) -> Iterator[str]:
    size = 0
    for number, raw in enumerate(stream, start=1):
        size += len(raw)
        if size > LARGEST_FILE:
            raise BrokenInput(f"{name} is larger than {LARGEST_FILE // 1024 // 1024} MiB")
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as failure:
            raise BrokenInput(f"{name} is not UTF-8", line=number) from failure
        if "\0" in line:
            raise BrokenInput(f"{name} holds a NUL character", line=number)
        yield line


def _check_lengths(values: Sequence[str], name: str, line: int) -> None:
    if any(len(value) > LONGEST_CELL for value in values):
        raise BrokenInput(f"{name} has a cell of more than {LONGEST_CELL} characters", line=line)
