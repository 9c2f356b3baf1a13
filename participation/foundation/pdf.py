"""The one door to typst: a template of ours and data, which stay data, give a tagged PDF.

The engine runs in a process of its own, which ends with the PDF: it takes some hundred
megabytes for a long document, and no web process should keep them. Everything goes through
pipes, nothing is written to a disk.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import segno

_PATIENCE = 120
_DATA = "data.json"
_SQUARE = "\u25a1"
# Beyond Latin, Greek and Cyrillic, the beginnings of the names of signs that can be printed.
_PRINTABLE = ("LATIN", "GREEK", "CYRILLIC", "COMBINING")
_SIGNS = frozenset("–—‘’‚“”„…•‹›€№™←→↑↓−≤≥≈≠≡√∞□\u2009\u202f\u2011\u200b")


class PdfFailure(Exception):
    """No PDF came out. The message says nothing of what should have been in it."""


def render_pdf(template: Path, data: Mapping[str, Any], *, fonts: Path) -> bytes:
    """Return a PDF/UA-1 document.

    The template reads `data.json` and may import the other templates of its folder. Raises
    PdfFailure.
    """
    files = {path.name: path.read_text(encoding="utf-8") for path in template.parent.glob("*.typ")}
    files["main"] = files.pop(template.name)
    files[_DATA] = json.dumps(data, ensure_ascii=False)
    order = {"fonts": str(fonts), "files": files}
    try:
        finished = subprocess.run(  # noqa: S603 - our own module, with nothing from outside.
            [sys.executable, "-m", __name__],
            input=json.dumps(order).encode(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise PdfFailure("the PDF took too long") from None
    if finished.returncode != 0 or not finished.stdout.startswith(b"%PDF"):
        raise PdfFailure(f"{template.name}: the engine ended with {finished.returncode}")
    return finished.stdout


class Shelf:
    """Keeps the documents that were asked for last, because many people ask for the same.

    They are made one at a time: asked for by everybody at once, they would take all memory.
    """

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._making = Lock()

    def get(self, data: Mapping[str, Any], make: Callable[[], bytes]) -> bytes:
        """Return the document of some data, which is made if it is not there."""
        name = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
        with self._making:
            if name not in self._kept:
                self._kept[name] = make()
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[name]


def picture_data(content: bytes) -> list[int]:
    """Return a picture as the engine takes one from its data; it finds out the format."""
    return list(content)


def qr_picture(text: str) -> str:
    """Return a QR code as SVG, without a margin."""
    return segno.make_qr(text, error="m").svg_inline(border=0, omitsize=True)


def printable(text: str) -> str:
    """Return a text with a square for each sign that our typefaces do not have."""
    return "".join(sign if _is_printable(sign) else _SQUARE for sign in text)


def _is_printable(sign: str) -> bool:
    return sign <= "\u052f" or unicodedata.name(sign, "").startswith(_PRINTABLE) or sign in _SIGNS


def _compile() -> None:
    import typst  # noqa: PLC0415 - only the process that makes the PDF pays for it.

    order = json.load(sys.stdin)
    files: dict[str, str] = order["files"]

    def compiled(data: str) -> bytes:
        made: bytes = typst.compile(
            {name: text.encode() for name, text in (files | {_DATA: data}).items()},
            format="pdf",
            font_paths=[order["fonts"]],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
        return made

    try:
        content = compiled(files[_DATA])
    except typst.TypstError:
        # A sign without a glyph is an error of PDF/UA; a square in its place is none.
        content = compiled(printable(files[_DATA]))
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    _compile()
