"""Tables as downloads: written to the disk row by row, and sent from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from flask import Response, request

from participation.foundation.cells import Cell, csv_lines
from participation.foundation.workbooks import Sheet, write_workbook

_CHUNK = 64 * 1024
TABLE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


GEOJSON = "application/geo+json"
OPEN_TYPES = TABLE_TYPES | {"json": "application/json"}


def table_response(name: str, kind: str, sheets: Sequence[Sheet]) -> Response:
    """Return sheets as a download; a file of CSV or JSON holds the first one only."""
    content: Iterable[bytes] = ()
    if request.method != "HEAD":
        content = _chunks(_written(kind, sheets))
    response = Response(content, content_type=OPEN_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def geojson_response(name: str, features: Iterable[object]) -> Response:
    """Return a collection of features as a download."""
    content: Iterable[bytes] = ()
    if request.method != "HEAD":
        content = _chunks(_on_disk("karte.geojson", _feature_lines(features)))
    response = Response(content, content_type=GEOJSON)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.geojson"'
    return response


def _feature_lines(features: Iterable[object]) -> Iterator[bytes]:
    """Yield a collection of features, one in a line."""
    yield b'{"type": "FeatureCollection", "features": ['
    before = "\n"
    for feature in features:
        yield (before + json.dumps(feature, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _on_disk(name: str, lines: Iterable[bytes]) -> BinaryIO:
    """Write lines to a file that is gone from its folder already, and return it open."""
    with TemporaryDirectory(prefix="tabelle-") as folder:
        path = Path(folder) / name
        with path.open("wb") as file:
            file.writelines(lines)
        return path.open("rb")


def _written(kind: str, sheets: Sequence[Sheet]) -> BinaryIO:
    """Return an open file that is gone from its folder already."""
    with TemporaryDirectory(prefix="tabelle-") as folder:
        path = Path(folder) / f"tabelle.{kind}"
        if kind == "csv":
            with path.open("wb") as file:
                file.writelines(csv_lines(sheets[0].rows))
        elif kind == "json":
            with path.open("wb") as file:
                file.writelines(_json_lines(sheets[0].rows))
        else:
            write_workbook(path, sheets)
        return path.open("rb")


def _json_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a list of objects, one in a line; the first row names their fields."""
    every = iter(rows)
    names = [str(name) for name in next(every)]
    before = "[\n"
    for row in every:
        values = dict(zip(names, map(_plain, row), strict=True))
        yield (before + json.dumps(values, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _plain(cell: Cell) -> str | int | float | None:
    if not isinstance(cell, Decimal):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
