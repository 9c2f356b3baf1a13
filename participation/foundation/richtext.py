"""The one module that knows the sanitiser. Only staff text is rich; it is cleaned on write."""

from __future__ import annotations

import re

import bleach
from markdown_it import MarkdownIt

_TAGS = frozenset(
    {"p", "br", "strong", "em", "ul", "ol", "li", "h3", "h4", "a", "blockquote", "hr", "code"}
)
# A whole address, a path of this site or a place on the page: nothing that could be read twice.
_LINK = re.compile(r"(https?://|mailto:|/(?!/)|#)[^\x00-\x20\x7f-\xa0<>\"'`\\]*", re.IGNORECASE)
_PROTOCOLS = frozenset({"http", "https", "mailto"})
_markdown = MarkdownIt("commonmark", {"html": False})


def render_markdown(source: str) -> str:
    """Return the safe HTML of a staff member's Markdown; raw HTML in it stays visible text."""
    return clean(_markdown.render(source))


def clean(html: str) -> str:
    """Return the HTML with everything outside the allow-list removed."""
    return bleach.clean(html, tags=_TAGS, attributes=_is_kept, protocols=_PROTOCOLS, strip=True)


def _is_kept(tag: str, name: str, value: str) -> bool:
    return tag == "a" and name == "href" and _LINK.fullmatch(value) is not None
