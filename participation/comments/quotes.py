"""The words of a passage that a comment quotes: they must stand there, white space aside."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = " \t\n\"'„“”‚‘’»«›‹"


@dataclass(frozen=True)
class Marked:
    """A passage in three parts: before the quoted words, these words, and after them."""

    before: str
    quoted: str
    after: str


def marked(passage: str, quote: str) -> Marked | None:
    """Return where a quotation stands in a passage for the first time; None if it does not.

    How it is broken into lines makes no difference, nor do quotation marks around it.
    """
    for wanted in (quote, quote.strip(_MARKS)):
        words = wanted.split()
        found = re.search(r"\s+".join(map(re.escape, words)), passage) if words else None
        if found is not None:
            return Marked(passage[: found.start()], found[0], passage[found.end() :])
    return None
