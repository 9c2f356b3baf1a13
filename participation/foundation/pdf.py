"""The one door to typst: a template of ours and data, which stay data, give a tagged PDF.

The engine runs in a process of its own, which ends with the PDF: it takes some hundred
megabytes for a long document, and no web process should keep them. Everything goes through
pipes, nothing is written to a disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno

_PATIENCE = 120
_DATA = "data.json"


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


def picture_data(content: bytes) -> list[int]:
    """Return a picture as the engine takes one from its data; it finds out the format."""
    return list(content)


def qr_picture(text: str) -> str:
    """Return a QR code as SVG, without a margin."""
    return segno.make_qr(text, error="m").svg_inline(border=0, omitsize=True)


def _compile() -> None:
    import typst  # noqa: PLC0415 - only the process that makes the PDF pays for it.

    order = json.load(sys.stdin)
    files = {name: content.encode() for name, content in order["files"].items()}
    sys.stdout.buffer.write(
        typst.compile(
            files,
            format="pdf",
            font_paths=[order["fonts"]],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    )


if __name__ == "__main__":
    _compile()
