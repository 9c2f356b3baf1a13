"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.portal.queries.idea_lists import IdeaOrder
from participation.portal.queries.ideas import IdeaState
from participation.portal.queries.placed_ideas import PlaceFilter

LABELS: dict[enum.Enum, LazyString] = {
    IdeaOrder.NEWEST: _l("Neueste"),
    IdeaOrder.MOST_SUPPORTED: _l("Meist unterstützt"),
    IdeaOrder.MOST_DISCUSSED: _l("Meist besprochen"),
    IdeaOrder.DRAWN: _l("Zufällig"),
    IdeaOrder.NEAREST: _l("In der Nähe"),
    PlaceFilter.EVERYWHERE: _l("ganzes Gebiet"),
    PlaceFilter.SOMEWHERE: _l("mit Ort"),
    IdeaState.OPEN: _l("noch offen"),
    IdeaState.IN_FINDING: _l("in Auswertung"),
    IdeaState.ANSWERED: _l("beantwortet"),
    IdeaState.IN_STRATEGY: _l("in der Strategie"),
}
