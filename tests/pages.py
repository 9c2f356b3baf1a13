"""What a page says, and what a browser without JavaScript would send from it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

Fields = list[tuple[str, str]]


class _Forms(HTMLParser):
    """Collects the forms of a page as (action, fields, buttons by their text)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields, dict[str, Fields]]] = []
        self._area: str | None = None
        self._button: Fields | None = None
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self.forms.append((given.get("action") or "", [], {}))
        if not self.forms:
            return
        fields = self.forms[-1][1]
        if tag == "input" and name:
            is_box = given.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in given:
                fields.append((name, value))
        elif tag == "textarea" and name:
            self._area, self._words = name, ""
        elif tag == "button":
            self._button, self._words = [(name, value)] if name else [], ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # A browser drops the line break right after the tag.
            self.forms[-1][1].append((self._area, self._words.lstrip("\r").removeprefix("\n")))
            self._area = None
        elif tag == "button" and self._button is not None and self.forms:
            self.forms[-1][2][" ".join(self._words.split())] = self._button
            self._button = None


def pressed(page: str, button: str, **typed: str) -> tuple[str, dict[str, list[str]]]:
    """Return where a button sends its form and what with, after typing into some fields."""
    parser = _Forms()
    parser.feed(page)
    for action, fields, buttons in parser.forms:
        if button in buttons:
            sent: dict[str, list[str]] = {}
            for name, value in [*fields, *buttons[button]]:
                sent.setdefault(name, []).append(value)
            return action, sent | {name: [value] for name, value in typed.items()}
    raise AssertionError(f"the page has no button {button}")


def text_of(page: str) -> str:
    """Return the words of a page, each space one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
