"""The one door to pypdf: is an uploaded file a PDF that we take, and what does a page say?

A file from outside is read in a process of its own, which may use so much memory and time and no
more, and ends with the answer: what breaks it, breaks nothing else. Nothing is written to a disk.
The text of a page is for staff who work with it; nobody is shown the file itself by us.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import subprocess
import sys
from typing import Any

from participation.foundation.errors import Refused

_log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
LARGEST_PDF = 10 * MEGABYTE
MOST_PAGES = 300
LONGEST_PAGE = 20_000
_MOST_OBJECTS = 60_000
_PATIENCE = 20
_SECONDS = 10
_MEMORY = 1024 * MEGABYTE
_DEEPEST = 12
# What a program in a PDF, a file inside it or a form that loads things is called there.
_ACTIVE = frozenset({"/JS", "/JavaScript", "/Launch", "/RichMedia", "/XFA", "/ImportData"})
_FILES = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF"})


def check_pdf(content: bytes, *, field: str) -> int:
    """Return how many pages an uploaded PDF has. Raises Refused with the field it came in."""
    if not content:
        raise Refused("Die Datei ist leer.", field=field)
    if len(content) > LARGEST_PDF:
        raise Refused(
            "Die Datei ist größer als %(most)s MB.", field=field, most=LARGEST_PDF // MEGABYTE
        )
    # The letters that the format begins with; a byte order mark before them is no PDF either.
    if not content.startswith(b"%PDF-"):
        raise Refused("Das ist kein PDF.", field=field)
    found = _asked({"what": "check"}, content)
    fault = found.get("fault")
    if fault is not None:
        raise _refused(fault, field)
    pages: int = found["pages"]
    return pages


def text_of_page(content: bytes, number: int) -> str:
    """Return the words on a page, counted from 1; nothing where none can be read."""
    text: str = _asked({"what": "text", "number": number}, content).get("text", "")
    return text


def _refused(fault: str, field: str) -> Refused:
    if fault == "encrypted":
        return Refused(
            "Dieses PDF ist mit einem Passwort oder Rechten geschützt. Bitte speichern Sie es ohne"
            " Schutz.",
            field=field,
        )
    if fault == "active":
        return Refused(
            "Dieses PDF enthält Programme oder Formularfunktionen. Bitte speichern Sie es neu, zum"
            " Beispiel als PDF/A oder über „Drucken“.",
            field=field,
        )
    if fault == "files":
        return Refused(
            "In diesem PDF stecken weitere Dateien. Bitte speichern Sie es neu, zum Beispiel als"
            " PDF/A oder über „Drucken“.",
            field=field,
        )
    if fault == "pages":
        return Refused("Dieses PDF hat mehr als %(most)s Seiten.", field=field, most=MOST_PAGES)
    return Refused(
        "Diese Datei lässt sich nicht als PDF lesen. Vielleicht ist sie beschädigt.", field=field
    )


def _asked(question: dict[str, Any], content: bytes) -> dict[str, Any]:
    try:
        finished = subprocess.run(  # noqa: S603 - our own module; the file goes in as data.
            [sys.executable, "-m", __name__, json.dumps(question)],
            input=content,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return {"fault": "broken"}
    if finished.returncode != 0:
        # The last line names what was raised; what comes before may hold words of the file.
        last = finished.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        _log.info("a PDF could not be read: %s", last.partition(":")[0])
        return {"fault": "broken"}
    try:
        found: dict[str, Any] = json.loads(finished.stdout)
    except ValueError:
        return {"fault": "broken"}
    return found


def _answer() -> None:
    """Answer one question about the file that comes in; for the process of its own."""
    import pypdf  # noqa: PLC0415 - only the process that reads the file pays for it.

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    question = json.loads(sys.argv[1])
    content = sys.stdin.buffer.read(LARGEST_PDF + 1)
    # What pypdf raises ends this process: for whoever asked, that is the answer.
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if question["what"] == "text":
        page = reader.pages[question["number"] - 1]
        found: dict[str, Any] = {"text": page.extract_text()[:LONGEST_PAGE]}
    else:
        found = _checked(reader)
    sys.stdout.write(json.dumps(found))


def _checked(reader: Any) -> dict[str, Any]:
    if reader.is_encrypted:
        return {"fault": "encrypted"}
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        return {"fault": "pages"}
    fault = _what_it_carries(reader)
    if fault is not None or pages == 0:
        return {"fault": fault or "broken"}
    # A page that cannot be reached is found when somebody wants to read it: too late.
    for page in reader.pages:
        page.mediabox  # noqa: B018 - reading it follows the page.
    return {"pages": pages}


def _what_it_carries(reader: Any) -> str | None:
    numbers = {number for kept in reader.xref.values() for number in kept}
    numbers |= set(reader.xref_objStm)
    if len(numbers) > _MOST_OBJECTS:
        return "broken"
    names: set[str] = set()
    for generation, kept in reader.xref.items():
        for number in kept:
            _collect(_object(reader, number, generation), names, 0)
    for number in reader.xref_objStm:
        _collect(_object(reader, number, 0), names, 0)
    _collect(reader.trailer, names, 0)
    if names & _ACTIVE:
        return "active"
    return "files" if names & _FILES else None


def _object(reader: Any, number: int, generation: int) -> Any:
    from pypdf.generic import IndirectObject  # noqa: PLC0415 - as above.

    return IndirectObject(number, generation, reader).get_object()


def _collect(value: Any, names: set[str], depth: int) -> None:
    """Note every key, type and action in an object, without following what it points to."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key in value:
            names.add(str(key))
            inner = value.raw_get(key) if hasattr(value, "raw_get") else value[key]
            if key in {"/S", "/Type", "/Subtype"} and isinstance(inner, str):
                names.add(str(inner))
            _collect(inner, names, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, names, depth + 1)


if __name__ == "__main__":
    _answer()
