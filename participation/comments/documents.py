"""A file that somebody puts up for comment, as the text that they could have typed instead.

Headings get the number signs of Markdown, items of lists a dash, and a blank line parts all of
them, so that `passages.split_text` finds the same pieces and people can still change them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from participation.comments.word_files import Block, is_word_file, read_word_file
from participation.foundation.errors import Refused
from participation.foundation.plain_signs import plain_block

LARGEST_DOCUMENT = 8 * 1024 * 1024
LONGEST_TEXT = 200_000
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(---|\.\.\.)\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LITERAL = frozenset({"code_block", "fence"})


def read_document(content: bytes, name: str) -> str:
    """Return the text of a DOCX or Markdown file. Raises Refused with what is wrong with it."""
    if not content:
        raise Refused("Die Datei ist leer.", field="document")
    if len(content) > LARGEST_DOCUMENT:
        raise Refused(
            "Die Datei ist größer als 8 MB. Speichern Sie sie bitte ohne Bilder.",
            field="document",
        )
    blocks: Iterable[Block]
    if is_word_file(content, name):
        blocks = read_word_file(content)
    else:
        blocks = _blocks_of_markdown(_decoded(content))
    text = "\n\n".join(written for block in blocks if (written := _written(block)))
    if not text:
        raise Refused("In der Datei steht kein Text.", field="document")
    if len(text) > LONGEST_TEXT:
        raise Refused(
            "Der Text der Datei ist länger als 200.000 Zeichen. Legen Sie ihn bitte in Teilen aus.",
            field="document",
        )
    return text


def _written(block: Block) -> str:
    lines = (" ".join(line.split()) for line in plain_block(block.text).split("\n"))
    text = "\n".join(line for line in lines if line)
    if not text:
        return ""
    if block.level:
        return f"{'#' * block.level} {' '.join(text.split())}"
    return f"- {text}" if block.is_item else text


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or "\ufffd" in text:
        raise Refused(
            "Diese Datei ist weder ein Word-Dokument (DOCX) noch ein Text in Markdown.",
            field="document",
        )
    # More than the limit cannot become less than the limit in any sensible text.
    if len(text) > 2 * LONGEST_TEXT:
        raise Refused(
            "Der Text der Datei ist länger als 200.000 Zeichen. Legen Sie ihn bitte in Teilen aus.",
            field="document",
        )
    return plain_block(text)


def _blocks_of_markdown(text: str) -> Iterator[Block]:
    tokens = _MARKDOWN.parse(_FRONT_MATTER.sub("", text))
    level, begins_item, row = 0, False, None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "list_item_open":
            begins_item = True
        elif token.type == "tr_open":
            row = list[str]()
        elif token.type == "tr_close":
            yield Block(" | ".join(cell for cell in row or () if cell))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_plain(token.children or ()))
        elif token.type == "inline":
            yield Block(_plain(token.children or ()), level, begins_item and not level)
            level, begins_item = 0, False
        elif token.type in _LITERAL:
            yield Block(token.content)
        elif token.type == "html_block":
            yield Block(_TAG.sub("", _COMMENT.sub("", token.content)))


def _plain(tokens: Sequence[Token]) -> str:
    """Return the words of a line: without signs for emphasis, with the addresses of links."""
    words: list[str] = []
    addresses: list[str] = []
    for token in tokens:
        if token.type in {"text", "code_inline", "text_special"}:
            words.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            words.append("\n" if token.type == "hardbreak" else " ")
        elif token.type == "image":
            words.append(token.content)
        elif token.type == "link_open":
            addresses.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            address = addresses.pop()
            if address.startswith(("http://", "https://")) and address not in words[-1:]:
                words.append(f" ({address})")
    return "".join(words)
