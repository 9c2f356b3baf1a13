"""The duty texts that a new municipality begins with: good defaults, most with gaps to fill in."""

from __future__ import annotations

from pathlib import Path

from participation.accounts.models import REQUIRED_TEXTS, DutyText, MunicipalityKind

_FOLDER = Path(__file__).parent / "duty_texts"
# Begin of a sentence, nominative, genitive and dative alike.
_PHRASES = {
    MunicipalityKind.TOWN: ("Stadt", "die Stadt", "der Stadt"),
    MunicipalityKind.COMMUNE: ("Gemeinde", "die Gemeinde", "der Gemeinde"),
    MunicipalityKind.AMT: ("Amt", "das Amt", "des Amtes"),
    MunicipalityKind.COUNTY: ("Landkreis", "der Landkreis", "des Landkreises"),
    MunicipalityKind.ASSOCIATION: ("Verband", "der Verband", "des Verbandes"),
}


def default_texts(name: str, kind: MunicipalityKind) -> dict[DutyText, str]:
    """Return the Markdown of the texts that a municipality must complete."""
    return {text: default_text(text, name, kind) for text in REQUIRED_TEXTS}


def default_text(text: DutyText, name: str, kind: MunicipalityKind) -> str:
    """Return the Markdown of a duty text, with the municipality's name put in.

    What only the municipality can know stands in brackets with an ellipsis.
    """
    alone, nominative, genitive = _PHRASES[kind]
    words = {
        "{Kommune}": f"{alone} {name}",
        "{die Kommune}": f"{nominative} {name}",
        "{der Kommune}": f"{genitive} {name}",
    }
    return _fill((_FOLDER / f"{text.value}.md").read_text("utf-8"), words)


def _fill(text: str, words: dict[str, str]) -> str:
    for place, word in words.items():
        text = text.replace(place, word)
    return text
