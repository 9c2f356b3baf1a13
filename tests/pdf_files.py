"""PDFs as organisations send them, and files that only look like one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)


@cache
def a_pdf(
    *pages: str,
    password: str = "",
    attached: bool = False,
    program: str = "",
) -> bytes:
    """Return a PDF with a line of text on each page."""
    writer = PdfWriter()
    for text in pages or ("Eine Stellungnahme.",):
        page = writer.add_blank_page(595, 842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        words = DecodedStreamObject()
        words.set_data(f"BT /F1 12 Tf 60 780 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = words
    if attached:
        writer.add_attachment("anlage.exe", b"MZ")
    if program:
        action = {NameObject("/S"): NameObject("/JavaScript")}
        action[NameObject("/JS")] = TextStringObject(program)  # type: ignore[assignment]
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def refused_files() -> Sequence[tuple[str, bytes, str]]:
    """Return files that nobody takes: what is wrong, the bytes, and words of the refusal."""
    good = a_pdf()
    return (
        ("a program", b"MZ" + good, "Das ist kein PDF."),
        ("an image", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "Das ist kein PDF."),
        ("cut off", good[: len(good) // 3], "lässt sich nicht als PDF lesen"),
        ("nested too deep", b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000, "nicht als PDF lesen"),
        ("locked", a_pdf(password="geheim"), "mit einem Passwort"),
        ("with a program", a_pdf(program="app.alert(1)"), "enthält Programme"),
        ("with files", a_pdf(attached=True), "stecken weitere Dateien"),
        ("too long", a_pdf(*["x"] * 301), "mehr als 300 Seiten"),
        ("too large", b"%PDF-1.4\n" + b"x" * 10_000_001, "größer als 10 MB"),
    )
