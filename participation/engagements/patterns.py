"""Engagements that are ready at once: from a template, or like an earlier one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from participation.engagements.form_values import values_of
from participation.engagements.models import Engagement, EngagementKind
from participation.foundation import clock
from participation.foundation.errors import NotFound

_FILE = Path(__file__).with_name("templates.toml")
_LENGTH = timedelta(weeks=4)
_OPENS, _CLOSES = time(8), time(23, 59)
_WORDS = ("summary", "scope_open", "scope_closed")
# Who asked for news is reminded while there are some days left.
REMINDER = {"remind_days": "3"}


@dataclass(frozen=True)
class EngagementTemplate:
    """What an engagement says before a clerk has changed it. `name` is its title."""

    key: str
    kind: EngagementKind
    title: str
    purpose: str
    name: str
    summary: str
    scope_open: str
    scope_closed: str
    question: str = ""
    guide: str = ""


@cache
def engagement_templates() -> tuple[EngagementTemplate, ...]:
    """Return all templates."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        EngagementTemplate(kind=EngagementKind(row.pop("kind")), **row)
        for row in content["template"]
    )


def engagement_template(kind: EngagementKind, key: str) -> EngagementTemplate:
    """Return the template of a key for a kind. Raises NotFound."""
    for template in engagement_templates():
        if (template.kind, template.key) == (kind, key):
            return template
    raise NotFound("there is no such template")


def values_from_template(kind: EngagementKind, key: str) -> dict[str, Any]:
    """Return what a form about a new engagement begins with: words, times, a reminder."""
    template = engagement_template(kind, key)
    words = {name: getattr(template, name) for name in _WORDS}
    own = {"title": template.name, "question": template.question, "guide": template.guide}
    return words | own | next_times() | REMINDER


def values_like(earlier: Engagement) -> dict[str, Any]:
    """Return what a form begins with for an engagement like an earlier one, at new times."""
    return values_of(earlier) | next_times()


def next_times() -> dict[str, Any]:
    """Return times that leave a day to check everything: from tomorrow at eight, four weeks."""
    tomorrow = clock.today() + timedelta(days=1)
    return {
        "opens_on": tomorrow,
        "opens_time": _OPENS,
        "closes_on": tomorrow + _LENGTH,
        "closes_time": _CLOSES,
    }
