"""The text of a PDF as a reader program finds it: by the tables that fonts carry for that.

Reads what our own engine writes (no object streams, fonts with a ToUnicode table) and nothing
more, so that the tests need no other library.
"""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\s*(.*?)\r?\nendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.S)
_REFERENCE = rb"(\d+) 0 R"
_TOKEN = re.compile(
    # A string may hold pairs of brackets. What marks a passage is no text of it.
    rb"(?P<cm>[-.\d]+ ([-.\d]+) cm)|/(?P<font>\w+) [-.\d]+ Tf"
    rb"|(?<!/ActualText)(?<!/Alt)(?<!/Lang)(?P<text>\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))",
    re.S,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page, a line for each line."""
    objects = dict(_OBJECT.findall(content))
    return [
        _text_of(objects, page)
        for page in objects.values()
        if re.match(rb"<<[^>]*/Type\s*/Page\b(?!s)", page)
    ]


def _text_of(objects: dict[bytes, bytes], page: bytes) -> str:
    resources = _referred(objects, page, b"Resources")
    named = re.search(rb"/Font\s*<<(.*?)>>", resources, re.S)
    fonts = {
        name: _characters(_stream(_referred(objects, objects[number], b"ToUnicode")))
        for name, number in re.findall(rb"/(\w+) " + _REFERENCE, named.group(1) if named else b"")
    }
    lines: list[str] = []
    font: dict[int, str] = {}
    height = b""
    for token in _TOKEN.finditer(_stream(_referred(objects, page, b"Contents"))):
        if token["cm"]:
            if token.group(2) != height:
                lines.append("")
            height = token.group(2)
        elif token["font"]:
            font = fonts.get(token["font"], {})
        elif lines:
            glyphs = _ESCAPE.sub(_unescaped, token["text"][1:-1])
            numbers = [int.from_bytes(glyphs[at : at + 2]) for at in range(0, len(glyphs), 2)]
            lines[-1] += "".join(font.get(number, "") for number in numbers)
    return "\n".join(line for line in lines if line).replace("\u200b", "").replace("\u00ad", "-")


def _referred(objects: dict[bytes, bytes], owner: bytes, name: bytes) -> bytes:
    found = re.search(rb"/" + name + rb"\s+" + _REFERENCE, owner)
    return objects[found.group(1)] if found else b""


def _stream(owner: bytes) -> bytes:
    found = _STREAM.search(owner)
    if found is None:
        return b""
    return zlib.decompress(found.group(1)) if b"/FlateDecode" in owner else found.group(1)


def _characters(table: bytes) -> dict[int, str]:
    table = table.partition(b"endcodespacerange")[2]
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", table)
    }


def _unescaped(match: re.Match[bytes]) -> bytes:
    sign = match.group(1)
    if sign.isdigit():
        return bytes([int(sign, 8)])
    return _ESCAPED.get(sign, sign)
