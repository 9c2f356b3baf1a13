"""What in a text may identify somebody: a suggestion to look closer, never a decision."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class HintKind(enum.Enum):
    """What a pattern found."""

    MAIL = "mail"
    PHONE = "phone"
    LINK = "link"


@dataclass(frozen=True)
class Hint:
    """A place in a text, as positions `start` to before `end`."""

    kind: HintKind
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A part of a text; `kind` tells why it is marked, if it is."""

    text: str
    kind: HintKind | None


_PATTERNS = (
    (HintKind.MAIL, re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")),
    (HintKind.LINK, re.compile(r"(?:https?://|\bwww\.)[^\s<>\"']+", re.IGNORECASE)),
    # A German number begins with 0 or +; six digits more, in groups however divided.
    (HintKind.PHONE, re.compile(r"(?<![\w+])(?:\+|0)(?:[ /()-]{0,2}\d){6,16}(?!\w)")),
)


def find_hints(text: str) -> list[Hint]:
    """Return the places in their order; where two overlap, the first pattern counts."""
    found: list[Hint] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            hint = Hint(kind, match.start(), match.end())
            if not any(hint.start < other.end and other.start < hint.end for other in found):
                found.append(hint)
    return sorted(found, key=lambda hint: hint.start)


def kinds_in(text: str) -> list[HintKind]:
    """Return which kinds occur, each once, in the order of the text."""
    return list(dict.fromkeys(hint.kind for hint in find_hints(text)))


def pieces_of(text: str) -> list[Piece]:
    """Return the whole text in pieces, those found marked."""
    pieces: list[Piece] = []
    end = 0
    for hint in find_hints(text):
        pieces.append(Piece(text[end : hint.start], None))
        pieces.append(Piece(text[hint.start : hint.end], hint.kind))
        end = hint.end
    pieces.append(Piece(text[end:], None))
    return [piece for piece in pieces if piece.text]
