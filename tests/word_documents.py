"""Word documents for tests: as people write them, and as nobody should send them."""

from __future__ import annotations

import io
import zipfile

import docx

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def guideline() -> bytes:
    """Return a document with headings, paragraphs, a list and a table."""
    document = docx.Document()
    document.add_heading("Leitlinie für Sensoren", 0)
    document.add_heading("Zweck", 1)
    document.add_paragraph("Die Stadt misst nur, was einer Aufgabe dient.")
    document.add_paragraph("Kurz und ohne Punkt")
    document.add_paragraph("Verkehr", style="List Bullet")
    document.add_paragraph("Wetter", style="List Number")
    document.add_heading("Dauer", 2)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Rohwerte"
    table.cell(0, 1).text = "30 Tage"
    document.add_paragraph("  ")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def package(body: str = "", /, *, head: str = "", types: str = TYPES, **parts: str) -> bytes:
    """Return a package around the XML of a body; further parts by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(
            "word/document.xml",
            f'{head}<w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>',
        )
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def paragraph(inner: str, properties: str = "") -> str:
    """Return the XML of a paragraph with a run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r>{inner}</w:r></w:p>"


def said(text: str) -> str:
    """Return the XML of words."""
    return f"<w:t>{text}</w:t>"
