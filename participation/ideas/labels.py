"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.ideas.models import FieldKind, PlaceKind, PlaceRule
from participation.ideas.parts import Part

LABELS: dict[enum.Enum, LazyString] = {
    FieldKind.SHORT: _l("kurzer Text"),
    FieldKind.LONG: _l("langer Text"),
    FieldKind.CHOICE: _l("eine von mehreren Möglichkeiten"),
    PlaceRule.NONE: _l("nein"),
    PlaceRule.OPTIONAL: _l("ja, freiwillig"),
    PlaceRule.REQUIRED: _l("ja, jede Idee braucht einen Ort"),
    PlaceKind.POINT: _l("Punkt auf der Karte"),
    PlaceKind.LINE: _l("Linie auf der Karte"),
    PlaceKind.AREA: _l("Fläche auf der Karte"),
    PlaceKind.ADDRESS: _l("Adresse oder Beschreibung"),
    PlaceKind.EVERYWHERE: _l("ganzes Gebiet"),
    Part.ELEMENTS: _l("Bezug zur Strategie"),
    Part.ANSWERS: _l("weitere Angaben"),
    Part.PLACE: _l("Ort"),
    Part.IMAGES: _l("Bilder"),
}
