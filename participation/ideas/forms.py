"""What a citizen fills in to hand in an idea, and a clerk to ask for ideas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from participation.engagements.forms import (
    CheckboxesField,
    ChoiceGroup,
    EngagementForm,
    groups_by_field,
    strip,
)
from participation.engagements.queries import NamedElement
from participation.ideas.image_fields import ImageFields
from participation.ideas.labels import LABELS
from participation.ideas.models import PlaceRule
from participation.ideas.place_forms import PlaceFields
from participation.web.address_fields import address_field
from participation.web.forms import Form as WebForm
from participation.web.forms import choices


class ElementFields(Form):
    """The elements of its call that an idea is about."""

    elements = CheckboxesField(_l("Wozu passt Ihre Idee?"))

    standing: Mapping[str, str] | None = None

    def offer_elements(
        self, elements: Iterable[NamedElement], standing: Mapping[str, str] | None = None
    ) -> None:
        """Say which elements of the call can be chosen, and in which field each stands."""
        self.elements.choices = choices((element.code, element.title) for element in elements)
        self.standing = standing

    @property
    def element_groups(self) -> list[ChoiceGroup]:
        """The choices of elements by field."""
        return groups_by_field(self.elements, self.standing or {})


class ElementsForm(ElementFields, WebForm):
    """What an idea is about, as staff corrects it."""


class CallParts(ElementFields, PlaceFields):
    """What depends on the call: the elements that an idea is about, and where it is."""


class IdeaForm(CallParts, ImageFields):
    """An idea."""

    email = address_field(
        description=_l(
            "Nur, um Ihnen zu sagen, was aus Ihrer Idee wird. Sie wird nie veröffentlicht."
        )
    )


class EditForm(CallParts, ImageFields):
    """What an idea is to be from now on; the code of its receipt, where somebody came by it."""

    code = HiddenField(validators=[Length(max=80)])


class IdeaCallForm(EngagementForm):
    """A call for ideas: the common part and a question."""

    question = StringField(
        _l("Ihre Frage an die Menschen"),
        [Length(max=200, message=_l("Die Frage darf höchstens 200 Zeichen haben."))],
        filters=[strip],
        description=_l(
            "Zum Beispiel: „Wo fehlt Netz, eine Anzeige oder eine helfende Hand?“ Sie steht über "
            "der Liste der Ideen."
        ),
    )
    guide = TextAreaField(
        _l("Leitfragen"),
        [Length(max=600, message=_l("Die Leitfragen dürfen höchstens 600 Zeichen haben."))],
        filters=[strip],
        description=_l(
            "In jeder Zeile eine, zum Beispiel: „Was ist das Problem?“ „Wer hätte etwas davon?“ "
            "Sie stehen beim Textfeld und helfen beim Schreiben."
        ),
    )
    asks_place = RadioField(
        _l("Fragen Sie nach dem Ort einer Idee?"),
        choices=choices((rule.value, LABELS[rule]) for rule in PlaceRule),
        default=PlaceRule.OPTIONAL.value,
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
        description=_l(
            "Adresse, Punkt, Linie oder Fläche auf der Karte, oder das ganze Gebiet. Orte stehen "
            "öffentlich bei der Idee und auf der Karte der Ideen."
        ),
    )

    @property
    def place_rule(self) -> PlaceRule:
        """Whether the call asks for places."""
        return PlaceRule(self.asks_place.data)
