"""What a reader fills in to report a contribution."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from participation.engagements.forms import strip
from participation.moderation.labels import LABELS
from participation.moderation.models import Ground
from participation.moderation.policy import GROUNDS, LONGEST_REPORT
from participation.web.forms import OpenForm, choices


class ReportForm(OpenForm):
    """Which rule something breaks, and what else the moderation should know."""

    ground = RadioField(
        _l("Was stimmt nicht?"),
        choices=choices((ground.value, LABELS[ground]) for ground in GROUNDS),
        coerce=lambda value: value if isinstance(value, Ground) else Ground(value),
        validators=[InputRequired(_l("Wählen Sie einen Grund."))],
    )
    note = TextAreaField(
        _l("Hinweis für die Moderation"),
        [
            Length(
                max=LONGEST_REPORT,
                message=_l("Der Hinweis darf höchstens 1.000 Zeichen haben."),
            )
        ],
        filters=[strip],
    )
