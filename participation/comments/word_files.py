"""A DOCX file as blocks of plain text: headings, paragraphs, items of lists, rows of tables.

A DOCX file is a ZIP file of XML files (ECMA-376). Only the text itself, its notes and the names
of the styles are unpacked, never more than so much; pictures, macros and links stay where they
are. What is struck out in the revision mode is no text, what was put in is. A note at the foot of
a page stands in brackets where its number stood.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from participation.foundation.errors import Refused

MOST_PARTS = 2_000
LARGEST_PART = 12_000_000
MOST_TAGS = 400_000
DEEPEST = 60
DEEPEST_HEADING = 6
_ZIP = b"PK\x03\x04"
# Old Word files and encrypted ones.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT = "word/document.xml"
_STYLES = "word/styles.xml"
_NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
_TYPES = "[Content_Types].xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"

_SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
# What is shown a second time, for programs that cannot show the first, and what is struck out.
_NOT_SHOWN = frozenset({"Fallback", "del", "moveFrom", "delText", "instrText", "pPr", "rPr"})
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True)
class Block:
    """A paragraph; `level` counts headings from 1, and is 0 for all that is none."""

    text: str
    level: int = 0
    is_item: bool = False


@dataclass(frozen=True)
class _Style:
    level: int = 0
    is_item: bool = False
    is_contents: bool = False
    based_on: str = ""


def is_word_file(content: bytes, name: str) -> bool:
    """Tell whether a file is one of a word processor, or says so."""
    return content.startswith((_ZIP, _COMPOUND)) or name.lower().endswith(
        (".docx", ".docm", ".doc", ".dotx", ".odt", ".rtf", ".pdf")
    )


def read_word_file(content: bytes) -> list[Block]:
    """Return the blocks of a DOCX file. Raises Refused with what is wrong with it."""
    if content.startswith(_COMPOUND):
        raise Refused(
            "Diese Datei ist mit einem Passwort geschützt oder hat ein altes Format. Speichern "
            "Sie sie bitte ohne Passwort als Word-Dokument (DOCX).",
            field="document",
        )
    if not content.startswith(_ZIP):
        raise Refused(
            "Diese Datei ist kein Word-Dokument (DOCX), auch wenn sie so heißt.", field="document"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
            styles = _styles(archive)
            return list(_Reader(styles, _notes(archive)).blocks(_part(archive, _TEXT)))
    except DefusedXmlException as failure:
        raise Refused(
            "Diese Datei verweist auf etwas, das nicht in ihr steht. Wir lesen sie nicht.",
            field="document",
        ) from failure
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        NotImplementedError,
        # What is packed with a password.
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as failure:
        raise Refused(
            "Diese Datei ist beschädigt: Wir können sie nicht als Word-Dokument (DOCX) lesen.",
            field="document",
        ) from failure


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Refused("Diese Datei ist ausgepackt zu groß.", field="document")
    names = [part.filename for part in parts]
    if any("vbaproject" in name.lower() for name in names):
        raise Refused(
            "Diese Datei enthält Makros. Speichern Sie sie bitte als Word-Dokument ohne Makros "
            "(DOCX).",
            field="document",
        )
    is_document = names.count(_TEXT) == 1 and names.count(_TYPES) == 1
    if not is_document or _DOCUMENT_TYPE not in _part(archive, _TYPES):
        raise Refused("Diese Datei ist kein Word-Dokument (DOCX).", field="document")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one part, whatever size it claims to have, up to the limit."""
    with archive.open(name) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Refused("Diese Datei ist ausgepackt zu groß.", field="document")
    return content


def _tags(content: bytes) -> Iterator[tuple[str, str, Element]]:
    """Yield where tags begin and end, with their names without the name space."""
    depth = count = 0
    for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth += 1
            count += 1
            if depth > DEEPEST or count > MOST_TAGS:
                raise Refused(
                    "Diese Datei ist zu verschachtelt oder ausgepackt zu groß.", field="document"
                )
        else:
            depth -= 1
        yield event, element.tag.rpartition("}")[2], element


def _value(element: Element, name: str = "val") -> str:
    return next((found for space in _SPACES if (found := element.get(space + name))), "")


def _styles(archive: zipfile.ZipFile) -> Mapping[str, _Style]:
    """Return what the styles of paragraphs say about structure, by their ids."""
    if _STYLES not in archive.namelist():
        return {}
    found: dict[str, _Style] = {}
    identity, name, level, is_item, based_on = "", "", 0, False, ""
    for event, tag, element in _tags(_part(archive, _STYLES)):
        if tag == "style" and event == "start":
            identity, name = _value(element, "styleId"), ""
            level, is_item, based_on = 0, False, ""
        elif event == "start":
            continue
        elif tag == "name":
            name = _value(element).lower()
        elif tag == "outlineLvl":
            level = level or _level_of_outline(_value(element))
        elif tag == "basedOn":
            based_on = _value(element)
        elif tag == "numPr":
            is_item = True
        elif tag == "style":
            found[identity] = _Style(
                level=level or _level_of_name(name),
                is_item=is_item or name.startswith("list "),
                is_contents=name.startswith("toc "),
                based_on=based_on,
            )
            element.clear()
    return {identity: _inherited(found, identity) for identity in found}


def _notes(archive: zipfile.ZipFile) -> Mapping[tuple[str, str], str]:
    """Return the words of the notes, by the tag and the number that refer to them."""
    found: dict[tuple[str, str], str] = {}
    for kind, name in _NOTES.items():
        if name not in archive.namelist():
            continue
        words, hidden = "", 0
        for event, tag, element in _tags(_part(archive, name)):
            if tag in _NOT_SHOWN:
                hidden += 1 if event == "start" else -1
            elif event == "start" or hidden:
                continue
            elif tag == "t":
                words += element.text or ""
            elif tag == "p" or tag in _SIGNS:
                words += " "
            elif tag == kind:
                found[f"{kind}Reference", _value(element, "id")] = " ".join(words.split())
                words = ""
    return found


def _inherited(styles: Mapping[str, _Style], identity: str) -> _Style:
    """Return a style with what it has from those that it is based on, in whatever circle."""
    own, seen, whole = styles.get(identity), {identity}, _Style()
    while own is not None:
        whole = _Style(
            level=whole.level or own.level,
            is_item=whole.is_item or own.is_item,
            is_contents=whole.is_contents or own.is_contents,
        )
        identity = own.based_on
        own = None if identity in seen else styles.get(identity)
        seen.add(identity)
    return whole


def _level_of_name(name: str) -> int:
    if name == "title":
        return 1
    number = name.removeprefix("heading ")
    is_heading = number != name and len(number) == 1 and number.isdecimal()
    return min(int(number), DEEPEST_HEADING) if is_heading else 0


def _level_of_outline(value: str) -> int:
    # 9 stands for the level of the text itself.
    is_heading = len(value) == 1 and value.isdecimal() and value != "9"
    return min(int(value) + 1, DEEPEST_HEADING) if is_heading else 0


class _Reader:
    """Goes through the text of a document once and keeps no more than the present row of a table.

    Paragraphs may stand within paragraphs, in text boxes: the inner ones come first.
    """

    def __init__(self, styles: Mapping[str, _Style], notes: Mapping[tuple[str, str], str]) -> None:
        self._styles = styles
        self._notes = notes
        self._open: list[_Paragraph] = []
        self._rows: list[list[str]] = []
        self._hidden = 0
        self._properties = 0

    def blocks(self, content: bytes) -> Iterator[Block]:
        for event, tag, element in _tags(content):
            if tag == "pPr":
                self._properties += 1 if event == "start" else -1
            if tag in _NOT_SHOWN:
                self._hidden += 1 if event == "start" else -1
            if event == "end":
                yield from self._end(tag, element)
            elif tag == "p" and _is_of_words(element):
                self._open.append(_Paragraph())
            elif tag == "tr":
                self._rows.append([])

    def _end(self, tag: str, element: Element) -> Iterator[Block]:
        if not _is_of_words(element):
            return
        if self._properties:
            # Within, the properties may stand that it had before somebody changed them.
            if self._properties == 1:
                self._note_property(tag, element)
        elif tag == "p":
            yield from self._end_of_paragraph()
        elif tag == "tr":
            yield from self._end_of_row()
        elif self._open and not self._hidden:
            self._open[-1].text += self._words_of(tag, element)
        if tag in {"p", "tbl", "r"}:
            element.clear()

    def _words_of(self, tag: str, element: Element) -> str:
        if tag == "t":
            return element.text or ""
        note = self._notes.get((tag, _value(element, "id")))
        return f" (Anmerkung: {note})" if note else _SIGNS.get(tag, "")

    def _note_property(self, tag: str, element: Element) -> None:
        if not self._open:
            return
        paragraph = self._open[-1]
        if tag == "pStyle":
            paragraph.style = _value(element)
        elif tag == "outlineLvl":
            paragraph.level = _level_of_outline(_value(element))
        elif tag == "numId":
            paragraph.is_item = _value(element) != "0"

    def _end_of_paragraph(self) -> Iterator[Block]:
        paragraph = self._open.pop()
        if self._hidden or not paragraph.text.strip():
            return
        if self._rows:
            self._rows[-1].append(" ".join(paragraph.text.split()))
            return
        style = self._styles.get(paragraph.style, _Style())
        if style.is_contents:
            return
        level = paragraph.level or style.level
        is_item = style.is_item if paragraph.is_item is None else paragraph.is_item
        yield Block(paragraph.text, level, is_item and not level)

    def _end_of_row(self) -> Iterator[Block]:
        cells = " | ".join(self._rows.pop())
        if not cells:
            return
        if self._rows:
            self._rows[-1].append(cells)
        else:
            yield Block(cells)


@dataclass
class _Paragraph:
    text: str = ""
    style: str = ""
    level: int = 0
    is_item: bool | None = None


def _is_of_words(element: Element) -> bool:
    return element.tag.startswith(_SPACES)
