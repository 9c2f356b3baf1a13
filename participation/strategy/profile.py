"""How an element is shown on a page: the rows of its profile, its address, its period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from participation.strategy.content import FIELDS, ElementContent, shown, to_values
from participation.strategy.labels import FIELD_LABELS
from participation.strategy.models import ElementKind, ProgressState
from participation.web.filters import local_quarter

STATE_TONES: dict[ProgressState, str] = {
    ProgressState.NOT_STARTED: "neutral",
    ProgressState.RUNNING: "success",
    ProgressState.AT_RISK: "warning",
    ProgressState.DONE: "success",
    ProgressState.STOPPED: "neutral",
}

Row = dict[str, Any]


def element_href(code: str) -> str:
    """Return the permanent address of an element."""
    return url_for("portal.element", code=code)


def period(starts_on: date | None, ends_on: date | None) -> str:
    """Return when a measure runs, in quarters."""
    if starts_on and ends_on:
        start, end = local_quarter(starts_on), local_quarter(ends_on)
        return start if start == end else str(_("%(start)s bis %(end)s", start=start, end=end))
    if starts_on:
        return str(_("ab %(start)s", start=local_quarter(starts_on)))
    return str(_("bis %(end)s", end=local_quarter(ends_on))) if ends_on else ""


def profile_of(
    content: ElementContent,
    kind: ElementKind,
    titles: Mapping[str, str],
    *,
    without: Sequence[str] = (),
    on_this_page: bool = False,
) -> list[Row]:
    """Return the fields that hold something, each with its lines.

    Codes lead to the page of their element, or to its place on this page.
    """
    values = to_values(content, kind)
    rows = []
    for name in FIELDS[kind]:
        lines = shown(name, values[name]).splitlines()
        if name in {"title", "text", *without} or not any(lines):
            continue
        if name in {"goals", "field"}:
            parts = [_linked(code, titles, on_this_page=on_this_page) for code in lines]
        else:
            parts = [{"text": line, "href": None} for line in lines]
        rows.append({"label": FIELD_LABELS[name], "lines": parts})
    return rows


def _linked(code: str, titles: Mapping[str, str], *, on_this_page: bool) -> Row:
    href = f"#{code}" if on_this_page else element_href(code)
    return {"text": f"{code} {titles.get(code, '')}".strip(), "href": href}
