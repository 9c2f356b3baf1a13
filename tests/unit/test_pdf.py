"""The door to the PDF engine: tagged output, data that stay data, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from participation.config import shipped_folder
from participation.foundation.pdf import PdfFailure, picture_data, qr_picture, render_pdf
from tests.factories import a_logo
from tests.pdf_text import pages_of

FONTS = shipped_folder("static") / "vendor" / "fira-sans-print"
NASTY = '#panic("x") *fett* _k_ $x^2$ <m> @a \\ " ` = Titel #import "/etc/passwd" 😀 „ß“'
TEMPLATE = """
#let data = json("data.json")
#set document(title: data.words, date: none)
#set text(font: "Fira Sans", lang: "de")
= Titel
#data.words
#if "logo" in data { image(bytes(data.logo), alt: "Logo") }
#image(bytes(data.qr), format: "svg", alt: "QR")
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "page.typ"
    file.write_text(TEMPLATE, encoding="utf-8")
    return file


def test_whatever_is_in_the_data_stays_text(template):
    content = render_pdf(
        template,
        {"words": NASTY, "logo": picture_data(a_logo()), "qr": qr_picture("https://example.org")},
        fonts=FONTS,
    )
    # No typeface of ours has the emoji; everything else is there, sign by sign.
    text = " ".join(" ".join(pages_of(content)[0].split("\n")).split())
    assert NASTY.replace("😀", "□") in text
    for part in (b"/StructTreeRoot", b"pdfuaid", b"/MarkInfo"):
        assert part in content


@pytest.mark.parametrize(
    "data", [{}, {"words": "", "qr": qr_picture("x")}, {"words": "x", "qr": "no picture"}]
)
def test_what_cannot_be_made_fails_without_quoting_the_data(template, data):
    with pytest.raises(PdfFailure) as failure:
        render_pdf(template, data | {"secret": "Kanarienvogel"}, fonts=FONTS)
    assert "Kanarienvogel" not in str(failure.value)


def test_no_web_process_loads_the_engine(template):
    """Neither at its start nor after a PDF: that is made in a process of its own."""
    program = (
        "import sys; from pathlib import Path; import participation.app;"
        "from participation.foundation.pdf import render_pdf, qr_picture;"
        f"render_pdf(Path({str(template)!r}), {{'words': 'x', 'qr': qr_picture('x')}},"
        f" fonts=Path({str(FONTS)!r}));"
        "print([name for name in ('typst', 'numpy', 'scipy', 'sklearn') if name in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert finished.stdout.strip() == "[]"
