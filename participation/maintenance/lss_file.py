"""A file in the format of LimeSurvey (.lss), read with bounds into tables of plain text.

It is XML: for each table `rows` with a `row` each, whose children are the cells. Both the
present format, in which all texts stand in tables of their own (`question_l10ns`), and the one
before it, in which a question has a row for each language, become the same here.
"""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from participation.foundation.errors import BrokenInput

LARGEST_FILE = 16 * 1024 * 1024  # after decompression
MOST_TAGS = 400_000
MOST_ROWS = 50_000
DEEPEST = 12
_ROW_DEPTH = 4  # document, table, rows, row
_GZIP = b"\x1f\x8b"

Row = dict[str, str]

_TABLES = {
    "question_l10ns": ("questions", "subquestions"),
    "group_l10ns": ("groups",),
    "answer_l10ns": ("answers",),
}
_KEYS = {"questions": "qid", "subquestions": "qid", "groups": "gid"}


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the code of the question that it is wrong with; empty for the whole."""

    code: str
    why: str


class BrokenQuestionnaire(BrokenInput):
    """A file that cannot be taken in, for one fault or several."""

    def __init__(self, name: str, *faults: Fault) -> None:
        said = [f"{fault.code}: {fault.why}" if fault.code else fault.why for fault in faults]
        super().__init__(f"{name}: {'; '.join(dict.fromkeys(said))}")
        self.faults = faults


def _broken(name: str, why: str) -> BrokenQuestionnaire:
    return BrokenQuestionnaire(name, Fault("", why))


@dataclass(frozen=True)
class LssFile:
    """The tables of a file by their names, and the languages that it declares."""

    name: str
    languages: tuple[str, ...]
    # Of what the file holds, decompressed: the same for the same questionnaire, packed or not.
    content_hash: str
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table; none if there is no such table."""
        return self.tables.get(table, [])


def read_lss(path: Path) -> LssFile:
    """Read a file, plain or compressed with gzip. Raises BrokenQuestionnaire."""
    try:
        with path.open("rb") as file:
            return read_lss_from(file, path.name)
    except OSError as error:
        raise _broken(path.name, error.strerror or "it cannot be read") from None


def read_lss_from(file: BinaryIO, name: str) -> LssFile:
    """Read what an open file holds. Raises BrokenQuestionnaire."""
    content = _content(file, name)
    found = _parsed(name, content)
    if found.kind != "Survey":
        what = f"“{found.kind[:40]}”" if found.kind else "of no kind"
        raise _broken(name, f"this is no survey of LimeSurvey but {what}")
    if not found.languages:
        raise _broken(name, "the file names no language")
    languages = tuple(dict.fromkeys(found.languages))
    return LssFile(name, languages, sha256(content).hexdigest(), _as_today(found.tables))


def _content(file: BinaryIO, name: str) -> bytes:
    """Return the bytes of a file, decompressed, never more than may be."""
    is_packed = file.read(2) == _GZIP
    file.seek(0)
    try:
        source = gzip.GzipFile(fileobj=file) if is_packed else file
        content = source.read(LARGEST_FILE + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise _broken(name, "the compressed file is damaged") from None
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // (1024 * 1024)
        raise _broken(name, f"the file is larger than {most} MB")
    if not content.strip():
        raise _broken(name, "the file is empty")
    return content


@dataclass
class _Found:
    kind: str = ""
    languages: list[str] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=dict)


def _parsed(name: str, content: bytes) -> _Found:
    found, path, tags, rows = _Found(), [], 0, 0
    try:
        events = iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)
        for event, element in events:
            if event == "start":
                path.append(element)
                tags += 1
                if tags > MOST_TAGS:
                    raise _broken(name, f"more than {MOST_TAGS} tags")
                if len(path) > DEEPEST:
                    raise _broken(name, "tags stand in each other too deeply")
                continue
            rows += _take(found, path)
            path.pop()
            if rows > MOST_ROWS:
                raise _broken(name, f"more than {MOST_ROWS} rows")
            if len(path) < _ROW_DEPTH:
                # What was read is not needed again.
                element.clear()
    except DefusedXmlException:
        raise _broken(
            name, "the file defines entities or a document type, which no survey needs"
        ) from None
    except ParseError as error:
        line, _column = error.position
        raise _broken(name, f"line {line}: this is no well-formed XML") from None
    except (LookupError, ValueError):
        raise _broken(name, "the file says that its letters are of an unknown kind") from None
    return found


def _take(found: _Found, path: list[Element]) -> int:
    """Keep what a tag that ends says; return how many rows it was."""
    tags = [element.tag for element in path]
    text = (path[-1].text or "").strip()
    if tags[1:] == ["LimeSurveyDocType"]:
        found.kind = text
    elif tags[1:] == ["languages", "language"] and text:
        found.languages.append(text)
    elif len(tags) == _ROW_DEPTH and tags[2:] == ["rows", "row"]:
        row = {cell.tag: (cell.text or "").strip() for cell in path[-1]}
        found.tables.setdefault(tags[1], []).append(row)
        return 1
    return 0


def _as_today(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Put the texts of the older format into tables of their own, as the present one has them."""
    today = dict(tables)
    for texts, sources in _TABLES.items():
        if texts in tables:
            continue
        rows = [row for source in sources for row in tables.get(source, [])]
        if not any("language" in row for row in rows):
            continue
        today[texts] = [_with_key(row) for row in rows]
        for source in sources:
            today[source] = _once(source, tables.get(source, []))
    return today


def _with_key(row: Row) -> Row:
    """Name the answer that the text of an older file belongs to."""
    return row | {"aid": _answer_key(row)} if "answer" in row and "aid" not in row else row


def _answer_key(row: Row) -> str:
    return f"{row.get('qid', '')}/{row.get('scale_id', '0')}/{row.get('code', '')}"


def _once(source: str, rows: list[Row]) -> list[Row]:
    once: dict[str, Row] = {}
    for row in rows:
        kept = row if source in _KEYS else row | {"aid": row.get("aid") or _answer_key(row)}
        once.setdefault(kept.get(_KEYS.get(source, "aid"), ""), kept)
    return list(once.values())
