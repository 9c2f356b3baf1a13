"""Formatted text as people read it: without tags, one line for each paragraph."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from participation.foundation.plain_signs import plain_block

_BREAKING = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
)
_UNSEEN = frozenset(("script", "style", "head", "title", "template"))
# Signs of a tag; other text may hold “<5 Jahre” and is left as it is.
_TAG = re.compile(r"</?[A-Za-z!]|&[#A-Za-z]")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_data(self, text: str) -> None:
        if not self._unseen:
            self.parts.append(text)


def plain_text(text: str) -> str:
    """Return a text without its tags; what stood in paragraphs stands in lines."""
    if _TAG.search(text):
        words = _Words()
        words.feed(text)
        words.close()
        text = "".join(words.parts)
    lines = (" ".join(line.split()) for line in plain_block(text).split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Return a text without its tags, all in one line."""
    return " ".join(plain_text(text).split())
