"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.portal.queries.idea_lists import IdeaOrder
from participation.portal.queries.ideas import IdeaState

LABELS: dict[enum.Enum, LazyString] = {
    IdeaOrder.NEWEST: _l("Neueste"),
    IdeaOrder.MOST_SUPPORTED: _l("Meist unterstützt"),
    IdeaOrder.MOST_DISCUSSED: _l("Meist besprochen"),
    IdeaOrder.DRAWN: _l("Zufällig"),
    IdeaState.OPEN: _l("noch offen"),
    IdeaState.IN_FINDING: _l("in Auswertung"),
    IdeaState.ANSWERED: _l("beantwortet"),
    IdeaState.IN_STRATEGY: _l("in der Strategie"),
}
