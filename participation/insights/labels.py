"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.insights.models import AggregateKind

LABELS: dict[enum.Enum, LazyString] = {
    AggregateKind.SURVEY_QUESTION: _l("Frage einer Umfrage"),
    AggregateKind.IDEAS: _l("Ideen"),
    AggregateKind.COMMENTS: _l("Kommentare"),
    AggregateKind.VOTES: _l("Stimmen zu Kommentaren"),
}
