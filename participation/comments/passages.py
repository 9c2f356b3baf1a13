"""From a text to passages: pieces of it that people can point at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from participation.comments.policy import LONGEST_HEADING, LONGEST_PASSAGE, MOST_PASSAGES
from participation.foundation.errors import Refused
from participation.strategy.content import ElementContent, shown, to_values
from participation.strategy.models import Element

# A single line of at most so many letters that ends like no sentence is a heading.
_LONGEST_HEADING_LINE = 90
_HEADING_SIGN = re.compile(r"#{1,6}\s+(?P<words>.+?)\s*#*$")
_LIST_SIGN = re.compile(r"([-*•–]|\d+[.)])\s")
_SENTENCE_END = (".", "!", "?", ":", ";", ",", "…")

# What of an element is put up for comment besides its text, and the words that lead it in.
_FURTHER_FIELDS = {"criteria": "Erfolgskriterien", "expected_effect": "Erwartete Wirkung"}


@dataclass(frozen=True)
class PassageDraft:
    """A passage to be: what it says and which element it is about."""

    text: str
    heading: str = ""
    element: Element | None = None


def split_text(text: str) -> list[PassageDraft]:
    """Split a pasted text at blank lines; headings go with the paragraph after them.

    A heading is a line with Markdown's number signs. In a text that has none of them it is a
    short line that stands alone and does not end like a sentence. One that nothing follows is a
    passage of its own.
    """
    drafts: list[PassageDraft] = []
    heading = ""
    blocks = list(_blocks(text))
    is_marked = any(_HEADING_SIGN.fullmatch(block) for block in blocks)
    for block in blocks:
        words = _marked_words(block) if is_marked else _heading_words(block)
        if words is None:
            drafts.append(PassageDraft(text=block, heading=heading))
            heading = ""
        else:
            heading = f"{heading} – {words}" if heading else words
    if heading:
        drafts.append(PassageDraft(text=heading))
    return drafts


def passages_of(
    contents: Iterable[tuple[Element, ElementContent]], *, by_paragraph: bool
) -> list[PassageDraft]:
    """Return the passages of elements' wordings: one for each, or one for each paragraph."""
    return [
        draft
        for element, content in contents
        for draft in _passages_of_one(element, content, by_paragraph)
    ]


def normalised(text: str) -> str:
    """Return a text as it stands in passages: its paragraphs parted by one blank line."""
    return "\n\n".join(_paragraphs(text))


def further_text(element: Element, content: ElementContent) -> str:
    """Return what a passage of a whole element holds after its text."""
    return "\n\n".join(_further_pieces(element, content))


def check_passages(passages: Sequence[PassageDraft]) -> None:
    """Raise Refused if there is nothing to comment on, or too much of it."""
    if not any(draft.text.strip() for draft in passages):
        raise Refused("Bitte geben Sie einen Text an, der kommentiert werden soll.", field="text")
    if len(passages) > MOST_PASSAGES:
        raise Refused(
            "Der Text hat %(number)s Abschnitte, möglich sind %(limit)s.",
            field="text",
            number=len(passages),
            limit=MOST_PASSAGES,
        )
    for position, draft in enumerate(passages, start=1):
        if not draft.text.strip():
            raise Refused("Abschnitt %(number)s ist leer.", field="text", number=position)
        if len(draft.text) > LONGEST_PASSAGE:
            raise Refused(
                "Abschnitt %(number)s ist zu lang: höchstens %(limit)s Zeichen."
                " Eine leere Zeile teilt ihn.",
                field="text",
                number=position,
                limit=LONGEST_PASSAGE,
            )
        if len(draft.heading) > LONGEST_HEADING:
            raise Refused(
                "Die Überschrift von Abschnitt %(number)s ist zu lang.",
                field="text",
                number=position,
            )


def _passages_of_one(
    element: Element, content: ElementContent, by_paragraph: bool
) -> Iterator[PassageDraft]:
    heading = f"{element.code} {content.title}"
    pieces = [*_paragraphs(content.text), *_further_pieces(element, content)] or [content.title]
    if not by_paragraph:
        yield PassageDraft("\n\n".join(pieces), heading, element)
        return
    for place, piece in enumerate(pieces):
        yield PassageDraft(piece, heading if place == 0 else "", element)


def _further_pieces(element: Element, content: ElementContent) -> Iterator[str]:
    values = to_values(content, element.kind)
    for name, lead in _FURTHER_FIELDS.items():
        text = shown(name, values[name]) if values.get(name) else ""
        if text:
            yield f"{lead}:\n{text}" if "\n" in text else f"{lead}: {text}"


def _blocks(text: str) -> Iterator[str]:
    """Yield the paragraphs; a line that is marked as a heading is one even without blank lines."""
    for paragraph in _paragraphs(text):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            if not _HEADING_SIGN.match(line):
                lines.append(line)
                continue
            if lines:
                yield "\n".join(lines)
                lines = []
            yield line
        if lines:
            yield "\n".join(lines)


def _paragraphs(text: str) -> list[str]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = "\n".join(line.strip() for line in plain.split("\n"))
    return [block.strip("\n") for block in re.split(r"\n{2,}", lines) if block.strip()]


def _marked_words(block: str) -> str | None:
    marked = _HEADING_SIGN.fullmatch(block)
    return marked["words"] if marked else None


def _heading_words(block: str) -> str | None:
    is_short = "\n" not in block and len(block) <= _LONGEST_HEADING_LINE
    if is_short and not block.endswith(_SENTENCE_END) and not _LIST_SIGN.match(block):
        return block
    return None
