"""The form of those who get mail: how often."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from participation.engagements.models import Pace
from participation.web.forms import Form, choices


class PaceForm(Form):
    """How often an address wants mail."""

    pace = RadioField(
        _l("Wie oft sollen wir schreiben?"),
        choices=choices(
            [
                (Pace.DAILY.value, _l("höchstens einmal am Tag, alles in einer E-Mail")),
                (Pace.AT_ONCE.value, _l("sofort, wenn etwas geschieht")),
            ]
        ),
        default=Pace.DAILY.value,
    )

    @property
    def chosen(self) -> Pace:
        return Pace(self.pace.data)
