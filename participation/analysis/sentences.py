"""Which sentences of a text a difference touches, so that a page need not show the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from participation.analysis.wording_difference import Segment

Sentence = tuple[Segment, ...]

# A full stop after one of these, after a single letter or after a number ends no sentence.
_SHORT_FORMS = frozenset(
    {"abs", "art", "bzw", "ca", "dr", "etc", "evtl", "ggf", "inkl", "max", "mind", "min", "nr"}
    | {"prof", "rd", "sog", "st", "str", "tel", "usw", "vgl", "zzgl"}
)
_PIECE = re.compile(r"\S+|\s+")
_CLOSING = "\"'“”‘’»«)]"


def changed_sentences(segments: Iterable[Segment]) -> list[Sentence]:
    """Return the sentences in which something changed, each as its own segments.

    A sentence is cut only where the text before and the text after both end one, so the pieces
    of one replacement always stay together. White space at the edges is dropped.
    """
    return [sentence for sentence in _sentences(segments) if _is_changed(sentence)]


def _sentences(segments: Iterable[Segment]) -> Iterator[Sentence]:
    sentence: list[Segment] = []
    # Whether the old and the new text stand at the beginning of a sentence.
    before, after = _Edge(), _Edge()
    for piece in _pieces(segments):
        if sentence and before.is_open and after.is_open:
            yield _trimmed(sentence)
            sentence = []
        if piece.kind != "insert":
            before.read(piece.text)
        if piece.kind != "delete":
            after.read(piece.text)
        sentence.append(piece)
    if sentence:
        yield _trimmed(sentence)


def _pieces(segments: Iterable[Segment]) -> Iterator[Segment]:
    for segment in segments:
        for piece in _PIECE.findall(segment.text):
            yield Segment(segment.kind, piece)


class _Edge:
    """Follows one text piece by piece and knows whether a sentence has just ended."""

    def __init__(self) -> None:
        self._parted = True
        self._word = ""

    @property
    def is_open(self) -> bool:
        return ends_sentence(self._word) if self._word else self._parted

    def read(self, piece: str) -> None:
        if piece.isspace():
            self._parted = self.is_open or "\n" in piece
            self._word = ""
        else:
            self._parted = False
            self._word += piece


def ends_sentence(word: str) -> bool:
    """Tell whether a sentence ends after this word; short forms and ordinals do not end one."""
    bare = word.rstrip(_CLOSING)
    if bare.endswith(("!", "?", "…")):
        return True
    if not bare.endswith("."):
        return False
    stem = bare[:-1].lstrip("(„‚«»\"'").lower()
    return not (len(stem) <= 1 or stem.isdigit() or stem in _SHORT_FORMS)


def _trimmed(pieces: Sequence[Segment]) -> Sentence:
    """Return the pieces joined to segments again, without white space at either edge."""
    kept = list(pieces)
    while kept and kept[0].text.isspace():
        kept.pop(0)
    while kept and kept[-1].text.isspace():
        kept.pop()
    joined: list[Segment] = []
    for piece in kept:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Segment(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)


def _is_changed(sentence: Sentence) -> bool:
    return any(segment.kind != "equal" and not segment.text.isspace() for segment in sentence)
