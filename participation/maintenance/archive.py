"""The archive of a backup: a zip file with a line of JSON for each row, table by table.

Its manifest says of each column what kind of value it holds, so that an archive can be read
without the models that wrote it, and on the other kind of database.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import json
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from participation.foundation.errors import BrokenInput
from participation.foundation.orm import UtcDateTime

FORMAT = 1
_MANIFEST = "manifest.json"
_LONGEST_LINE = 64 * 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    TypeError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)

# By what an archive calls a kind of value: the column type that writes it into a database.
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "moment": UtcDateTime(),
    "date": sa.Date(),
    "uuid": sa.Uuid(),
    "json": sa.JSON(),
    "bytes": sa.LargeBinary(),
    "boolean": sa.Boolean(),
    # The widest: a number that does not fit a narrower column is refused there.
    "integer": sa.BigInteger(),
    "float": sa.Double(),
    "decimal": sa.Numeric(),
    "text": sa.Text(),
}
# The order matters: an enum is a string, a float is a number.
_KINDS: tuple[tuple[type[Any], str], ...] = (
    (UtcDateTime, "moment"),
    (sa.Date, "date"),
    (sa.Uuid, "uuid"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "bytes"),
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.Float, "float"),
    (sa.Numeric, "decimal"),
    (sa.String, "text"),
)
_READERS: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "uuid": uuid.UUID,
    "bytes": base64.b64decode,
    "decimal": Decimal,
}


@dataclass(frozen=True)
class TableContent:
    """What an archive holds of one table; `columns` names the kind of each."""

    name: str
    columns: dict[str, str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds, and for which tables and key it was made."""

    format: int
    revision: str
    made_at: str
    key_fingerprint: str
    tables: list[TableContent]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables)


def kinds_of(table: sa.Table) -> dict[str, str]:
    """Return the kind of each column of a table."""
    return {column.name: _kind_of(column.type) for column in table.columns}


def write_table(
    archive: zipfile.ZipFile, table: sa.Table, rows: Iterator[Mapping[Any, Any]]
) -> TableContent:
    """Write the rows of a table in their order."""
    digest, count = hashlib.sha256(), 0
    with archive.open(_member(table.name), "w", force_zip64=True) as stream:
        for row in rows:
            line = _line_of({column.name: row[column] for column in table.columns})
            stream.write(line)
            digest.update(line)
            count += 1
    return TableContent(table.name, kinds_of(table), count, digest.hexdigest())


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write what the archive holds; the last thing, so that without it an archive is broken."""
    archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return what an archive holds, after checking that all of it is there and undamaged."""
    try:
        values = json.loads(archive.read(_MANIFEST))
        if values["format"] != FORMAT:
            raise BrokenInput("this backup was made by another version of the platform")
        tables = [TableContent(**content) for content in values.pop("tables")]
        manifest = Manifest(tables=tables, **values)
        for content in manifest.tables:
            _check(archive, content)
    except _DAMAGE as failure:
        raise BrokenInput(
            f"this is not a whole backup ({type(failure).__name__}: {failure})"
        ) from failure
    return manifest


def read_table(archive: zipfile.ZipFile, content: TableContent) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as values that its columns take."""
    with archive.open(_member(content.name)) as stream:
        for line in stream:
            values = json.loads(line)
            yield {name: _typed(kind, values[name]) for name, kind in content.columns.items()}


def shape_of(content: TableContent) -> sa.TableClause:
    """Return the table that an archive speaks of, with the types that write its values."""
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(name, _TYPES[kind]) for name, kind in content.columns.items()
    ]
    return sa.table(content.name, *columns)


def _check(archive: zipfile.ZipFile, content: TableContent) -> None:
    unknown = set(content.columns.values()) - set(_TYPES)
    if unknown:
        raise BrokenInput(f"the backup holds values of an unknown kind, {unknown.pop()}")
    digest, count = hashlib.sha256(), 0
    with archive.open(_member(content.name)) as stream:
        while line := stream.readline(_LONGEST_LINE):
            digest.update(line)
            count += 1
    if (count, digest.hexdigest()) != (content.rows, content.sha256):
        raise BrokenInput(f"the table “{content.name}” in the backup is damaged")


def _member(table: str) -> str:
    return f"{table}.jsonl"


def _kind_of(kind: sa.types.TypeEngine[Any]) -> str:
    for parent, name in _KINDS:
        if isinstance(kind, parent):
            return name
    raise TypeError(f"a backup cannot hold columns of the type {kind!r}")


def _line_of(values: dict[str, Any]) -> bytes:
    plain = {name: _plain(value) for name, value in values.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _typed(kind: str, value: Any) -> Any:
    if value is None:
        return None
    reader = _READERS.get(kind)
    return reader(value) if reader is not None else value
