"""The beginning of a text, where a page has no room for all of it."""

from __future__ import annotations


def excerpt(text: str, longest: int) -> str:
    """Return the beginning of a text in one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def first_words(text: str, longest: int) -> str:
    """Return the beginning of a text, whole words, as a title for one that has none."""
    words = iter(text.split())
    title = next(words, "")[:longest]
    for word in words:
        if len(title) + 1 + len(word) > longest:
            return title + " …"
        title += " " + word
    return title
