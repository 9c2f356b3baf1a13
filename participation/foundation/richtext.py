"""The one module that knows the sanitiser. Only staff text is rich; it is cleaned on write."""

from __future__ import annotations

import bleach
from markdown_it import MarkdownIt

_TAGS = frozenset(
    {"p", "br", "strong", "em", "ul", "ol", "li", "h3", "h4", "a", "blockquote", "hr", "code"}
)
_ATTRIBUTES = {"a": ["href"]}
_PROTOCOLS = frozenset({"http", "https", "mailto"})
_markdown = MarkdownIt("commonmark", {"html": False})


def render_markdown(source: str) -> str:
    """Return the safe HTML of a staff member's Markdown; raw HTML in it stays visible text."""
    return clean(_markdown.render(source))


def clean(html: str) -> str:
    """Return the HTML with everything outside the allow-list removed."""
    return bleach.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS, strip=True)
