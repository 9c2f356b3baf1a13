"""Texts without the signs that nobody sees: what is copied from a document may hold them.

A line end of another kind breaks the subject of a mail in two, a control sign is allowed in no
XML file, and a sign that turns the direction of writing turns all that follows on the page.
"""

from __future__ import annotations

import re

# Line ends that no keyboard makes: vertical tab, form feed, next line, the separators of Unicode.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control signs but for tab and line end; embeddings, overrides and isolates of direction;
# what stands for half a sign, or for none.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
# Joiners and fillers mean something between other signs, and nothing alone.
_EMPTY = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\uffa0]*"
)


def plain_block(text: str) -> str:
    """Return a text of several lines with plain line ends; one that shows nothing is empty."""
    plain = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    return "" if _EMPTY.fullmatch(plain) else plain


def plain_line(text: str) -> str:
    """Return a text as one line; one that shows nothing is empty."""
    return plain_block(text).replace("\n", " ")
