"""The part of a form that asks where an idea is; forms of ideas inherit it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField
from wtforms.validators import Length, ValidationError

from participation.foundation.errors import Refused
from participation.foundation.geometry import WORLD, Box, Geometry, read_geometry
from participation.ideas.models import IdeaPlace, PlaceKind, PlaceRule
from participation.ideas.placing import LONGEST_ADDRESS, ChosenPlace
from participation.web.refusals import told

_EVERYWHERE = {
    "town": _l("Die Idee betrifft die ganze Stadt"),
    "commune": _l("Die Idee betrifft die ganze Gemeinde"),
    "amt": _l("Die Idee betrifft das ganze Amt"),
    "county": _l("Die Idee betrifft den ganzen Landkreis"),
    "association": _l("Die Idee betrifft das ganze Verbandsgebiet"),
}


class PlaceFields(Form):
    """A place: words, points on a map, or everywhere. Call `ask_for_place` before reading it."""

    place_address = StringField(
        _l("Adresse oder Beschreibung"),
        [Length(max=LONGEST_ADDRESS, message=_l("Die Adresse darf höchstens 200 Zeichen haben."))],
        description=_l("Zum Beispiel „Bahnhofstraße 12“ oder „Spielplatz am Mühlteich“"),
    )
    place_points = StringField(
        _l("Koordinaten"),
        description=_l(
            "Breite und Länge, zum Beispiel 53.6301, 12.4193. Mehrere Punkte mit Semikolon "
            "ergeben eine Linie, und eine Fläche, wenn der letzte der erste ist."
        ),
    )
    place_everywhere = BooleanField(_EVERYWHERE["town"])

    _rule = PlaceRule.NONE
    _area = WORLD
    _geometry: Geometry | None = None

    def ask_for_place(self, rule: PlaceRule, *, kind: str, area: Box) -> None:
        """Say whether there is a place in this form, what everywhere is, and how far it may be."""
        self._rule, self._area = rule, area
        if rule is PlaceRule.NONE:
            for name in ("place_address", "place_points", "place_everywhere"):
                del self[name]
            return
        self.place_everywhere.label.text = _EVERYWHERE[kind]

    def show_place(self, place: IdeaPlace | None) -> None:
        """Fill in a place that is stored."""
        if place is None or not self.has_place:
            return
        geometry = place.geometry
        self.place_everywhere.data = place.kind is PlaceKind.EVERYWHERE
        self.place_address.data = place.address
        self.place_points.data = geometry.typed if geometry is not None else ""

    @property
    def has_place(self) -> bool:
        """Whether the form asks for a place."""
        return self._rule is not PlaceRule.NONE

    @property
    def needs_place(self) -> bool:
        """Whether nothing can be sent without one."""
        return self._rule is PlaceRule.REQUIRED

    @property
    def place_is_open(self) -> bool:
        """Whether the part is unfolded: something was typed, or must be."""
        fields = (self.place_address, self.place_points, self.place_everywhere)
        return self.needs_place or any(field.data or field.errors for field in fields)

    @property
    def place(self) -> ChosenPlace | None:
        """What was filled in, once it was found to be right."""
        if not self.has_place:
            return None
        return ChosenPlace(
            is_everywhere=bool(self.place_everywhere.data),
            address=(self.place_address.data or "").strip(),
            geometry=self._geometry,
        )

    def validate_place_points(self, field: StringField) -> None:
        """Read what was typed or drawn."""
        try:
            self._geometry = read_geometry(field.data or "", within=self._area)
        except Refused as refusal:
            raise ValidationError(told(refusal)) from None

    def validate_place_address(self, field: StringField) -> None:
        """Ask for a place where one is needed."""
        given = field.data or self.place_points.data or self.place_everywhere.data
        if self.needs_place and not given:
            raise ValidationError(
                _("Sagen Sie, wo Ihre Idee ist: Adresse, Karte oder ganzes Gebiet.")
            )

    def validate_place_everywhere(self, field: BooleanField) -> None:
        """Refuse both everywhere and somewhere."""
        if field.data and (self.place_address.data or self.place_points.data):
            raise ValidationError(_("Wählen Sie entweder das ganze Gebiet oder einen Ort."))
