"""What a clerk fills in to ask something more in a call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from participation.engagements.forms import strip
from participation.ideas.call_fields import LONGEST_HELP, LONGEST_LABEL, FieldDraft
from participation.ideas.labels import LABELS
from participation.ideas.models import CallField, FieldKind
from participation.web.forms import Form, choices


class FieldForm(Form):
    """One field of a call."""

    label = StringField(
        _l("Frage oder Bezeichnung"),
        [
            DataRequired(_l("Geben Sie dem Feld eine Bezeichnung.")),
            Length(max=LONGEST_LABEL, message=_l("Höchstens 150 Zeichen.")),
        ],
        filters=[strip],
        description=_l("Zum Beispiel: „Für welchen Ortsteil?“"),
    )
    kind = RadioField(
        _l("Art der Antwort"),
        [InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
        choices=choices((kind.value, LABELS[kind]) for kind in FieldKind),
        default=FieldKind.SHORT.value,
    )
    choices = TextAreaField(
        _l("Möglichkeiten"),
        [Length(max=5000, message=_l("Das sind zu viele."))],
        filters=[strip],
        description=_l("Nur für „eine von mehreren Möglichkeiten“: in jeder Zeile eine"),
    )
    help = StringField(
        _l("Hilfe zum Feld"),
        [Length(max=LONGEST_HELP, message=_l("Höchstens 300 Zeichen."))],
        filters=[strip],
    )
    is_required = BooleanField(_l("Muss ausgefüllt werden"))
    is_public = BooleanField(
        _l("Antworten stehen öffentlich bei der Idee"),
        description=_l(
            "Sonst liest sie nur die Verwaltung. Was gilt, steht für alle beim Feld und ist nach "
            "der ersten Antwort fest."
        ),
    )

    @property
    def draft(self) -> FieldDraft:
        """The field as it was filled in."""
        return FieldDraft(
            FieldKind(self.kind.data),
            self.label.data or "",
            self.help.data or "",
            tuple((self.choices.data or "").splitlines()),
            self.is_required.data,
            self.is_public.data,
        )


def values_of_field(field: CallField) -> dict[str, object]:
    """Return what the form of a field begins with."""
    return {
        "label": field.label,
        "kind": field.kind.value,
        "choices": "\n".join(field.choices),
        "help": field.help,
        "is_required": field.is_required,
        "is_public": field.is_public,
    }
