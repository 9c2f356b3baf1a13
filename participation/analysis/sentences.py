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

    A sentence is cut where the text before and the text after both end one, and at the lines of
    what only came or only went. So the pieces of one replacement always stay together. White
    space at the edges is dropped.
    """
    return [sentence for sentence in _sentences(list(segments)) if _is_changed(sentence)]


def _sentences(segments: Sequence[Segment]) -> Iterator[Sentence]:
    sentence: list[Segment] = []
    # Whether the old and the new text stand at the beginning of a sentence.
    before, after = _Edge(), _Edge()
    for place, segment in enumerate(segments):
        stands_alone = segment.kind != "equal" and not _has_counterpart(segments, place)
        for text in _PIECE.findall(segment.text):
            ends_line = stands_alone and text.isspace() and "\n" in text
            if sentence and (ends_line or (before.is_open and after.is_open)):
                yield _trimmed(sentence)
                sentence = []
            if segment.kind != "insert":
                before.read(text)
            if segment.kind != "delete":
                after.read(text)
            sentence.append(Segment(segment.kind, text))
    if sentence:
        yield _trimmed(sentence)


def _has_counterpart(segments: Sequence[Segment], place: int) -> bool:
    """Tell whether something goes where this comes, or comes where this goes."""
    beside = [segments[near] for near in (place - 1, place + 1) if 0 <= near < len(segments)]
    return any(segment.kind not in {"equal", segments[place].kind} for segment in beside)


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
