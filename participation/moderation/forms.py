"""What a moderator fills in about one contribution."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from participation.engagements.forms import strip
from participation.moderation.labels import LABELS
from participation.moderation.models import Ground
from participation.moderation.policy import GROUNDS, LONGEST_NOTE
from participation.web.forms import Form, choices


def _ground(value: object) -> Ground | None:
    return value if value is None or isinstance(value, Ground) else Ground(value)


class DecisionForm(Form):
    """Ground and note; the button that was pressed says which action, `seen` about which words."""

    seen = HiddenField()

    ground = RadioField(
        _l("Grund aus den Regeln"),
        choices=choices((ground.value, LABELS[ground]) for ground in GROUNDS),
        coerce=_ground,
        validators=[Optional()],
    )
    note = TextAreaField(
        _l("Nachricht an die Verfasserin oder den Verfasser"),
        [Length(max=LONGEST_NOTE, message=_l("Die Nachricht darf höchstens 2.000 Zeichen haben."))],
        filters=[strip],
    )


class ImageForm(Form):
    """Why one image of an idea is not shown. What needs words of its own concerns the idea."""

    ground = SelectField(
        _l("Grund aus den Regeln"),
        choices=choices(
            (ground.value, LABELS[ground]) for ground in GROUNDS if ground is not Ground.OTHER
        ),
        coerce=_ground,
        validators=[InputRequired()],
    )
