"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.ideas.queries import IdeaOrder

LABELS: dict[enum.Enum, LazyString] = {
    IdeaOrder.NEWEST: _l("Neueste"),
    IdeaOrder.MOST_SUPPORTED: _l("Meist unterstützt"),
}
