"""Tables as downloads: written to the disk row by row, and sent from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from flask import Response, request

from participation.foundation.cells import csv_lines
from participation.foundation.workbooks import Sheet, write_workbook

_CHUNK = 64 * 1024
TABLE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_response(name: str, kind: str, sheets: Sequence[Sheet]) -> Response:
    """Return sheets as a download; a CSV file holds the first one only."""
    content: Iterable[bytes] = ()
    if request.method != "HEAD":
        content = _chunks(_written(kind, sheets))
    response = Response(content, content_type=TABLE_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _written(kind: str, sheets: Sequence[Sheet]) -> BinaryIO:
    """Return an open file that is gone from its folder already."""
    with TemporaryDirectory(prefix="tabelle-") as folder:
        path = Path(folder) / f"tabelle.{kind}"
        if kind == "csv":
            with path.open("wb") as file:
                file.writelines(csv_lines(sheets[0].rows))
        else:
            write_workbook(path, sheets)
        return path.open("rb")


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
