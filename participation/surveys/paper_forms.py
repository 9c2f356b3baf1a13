"""What goes with a slip that is entered; its answers are read by `surveys.slips`."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from participation.contributions.models import Channel
from participation.engagements.forms import day_field
from participation.surveys.labels import words_of
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.sheets import Fault, FaultKind
from participation.surveys.slips import CHANNELS, Slip
from participation.web.forms import Form, OpenForm, choices

_CHANNELS = {
    Channel.PAPER: _l("Auf Papier ausgefüllt"),
    Channel.ON_BEHALF: _l("Im Gespräch oder am Telefon gesagt"),
}


class SlipForm(OpenForm):
    """How the slip came, and what tells it from the one before."""

    channel = RadioField(
        _l("Wie kam dieser Zettel?"),
        choices=choices((channel.value, _CHANNELS[channel]) for channel in CHANNELS),
        coerce=lambda value: value if isinstance(value, Channel) else Channel(value),
        default=Channel.PAPER,
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
    )
    previous = HiddenField()
    entered = IntegerField(
        widget=HiddenInput(), validators=[Optional(), NumberRange(0, 100_000)], default=0
    )
    is_another = BooleanField(_l("Ja, es ist ein anderer Zettel mit denselben Antworten."))


class DeadlineForm(Form):
    """Until which day slips are entered."""

    until = day_field(_l("Papierbögen eingeben bis"))


def faults_in_words(
    questionnaire: Questionnaire, slip: Slip, faults: Iterable[Fault]
) -> dict[str, str]:
    """Return what is wrong with a slip by the code of the question; "" for the whole slip."""
    words = {
        wrong.code: str(
            _(
                "„%(typed)s“ steht hier nicht zur Wahl. Möglich sind: %(allowed)s.",
                typed=wrong.typed[:20],
                allowed=", ".join(wrong.allowed),
            )
        )
        for wrong in slip.wrong
    }
    for fault in faults:
        if fault.kind is FaultKind.NOTHING_AT_ALL:
            text = _("Auf diesem Zettel ist noch nichts eingegeben. Leere Zettel zählen nicht.")
            words.setdefault("", str(text))
        else:
            words.setdefault(fault.code, words_of(fault))
    codes = ["", *(question.code for question in questionnaire.answered)]
    return {code: words[code] for code in codes if code in words}
