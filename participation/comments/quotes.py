"""The words of a passage that a comment quotes: they must stand there, white space aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MARKS = " \t\n\"'„“”‚‘’»«›‹"


@dataclass(frozen=True)
class Marked:
    """A passage in three parts: before the quoted words, these words, and after them."""

    before: str
    quoted: str
    after: str


@dataclass(frozen=True)
class Stretch:
    """A stretch of a passage, quoted by a comment or not."""

    text: str
    is_quoted: bool


def marked(passage: str, quote: str) -> Marked | None:
    """Return where a quotation stands in a passage for the first time; None if it does not.

    How it is broken into lines makes no difference, nor do quotation marks around it.
    """
    found = _find(passage, quote)
    if found is None:
        return None
    return Marked(passage[: found.start()], found[0], passage[found.end() :])


def stretches(passage: str, quotes: Iterable[str]) -> list[Stretch]:
    """Return a passage in stretches: what any of the quotations quotes, and what none does."""
    found = (_find(passage, quote) for quote in quotes if quote)
    parts: list[Stretch] = []
    told = 0
    for begin, end in sorted(one.span() for one in found if one is not None):
        if end <= told:
            continue
        if begin > told:
            parts.append(Stretch(passage[told:begin], is_quoted=False))
        if begin < told:
            # What overlaps is one stretch.
            parts[-1] = Stretch(parts[-1].text + passage[told:end], is_quoted=True)
        else:
            parts.append(Stretch(passage[begin:end], is_quoted=True))
        told = end
    if told < len(passage):
        parts.append(Stretch(passage[told:], is_quoted=False))
    return parts


def _find(passage: str, quote: str) -> re.Match[str] | None:
    for wanted in (quote, quote.strip(_MARKS)):
        words = wanted.split()
        found = re.search(r"\s+".join(map(re.escape, words)), passage) if words else None
        if found is not None:
            return found
    return None
