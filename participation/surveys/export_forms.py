"""What an administrator says before raw answers leave."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from participation.engagements.forms import strip
from participation.surveys.raw import LONGEST_REASON, SHORTEST_REASON
from participation.web.forms import Form, choices

CONTENTS = {
    "answers-xlsx": _l("Antworten als Excel-Datei, mit Codebuch"),
    "answers-csv": _l("Antworten als CSV-Datei"),
    "texts-xlsx": _l("Freie Texte als Excel-Datei"),
    "texts-csv": _l("Freie Texte als CSV-Datei"),
}


class RawForm(Form):
    """Which file, of which version, and what for."""

    content = RadioField(
        _l("Was brauchen Sie?"),
        [InputRequired(_l("Bitte wählen Sie eine Datei."))],
        choices=choices(CONTENTS.items()),
        default="answers-xlsx",
    )
    version = SelectField(_l("Fassung"), coerce=int)
    reason = TextAreaField(
        _l("Wofür brauchen Sie die Antworten?"),
        [
            InputRequired(_l("Bitte geben Sie einen Grund an.")),
            Length(
                min=SHORTEST_REASON,
                max=LONGEST_REASON,
                message=_l("Bitte schreiben Sie 10 bis 500 Zeichen."),
            ),
        ],
        filters=[strip],
        description=_l(
            "Der Grund steht mit Ihrem Namen im Protokoll. Zum Beispiel: Auswertung nach "
            "Stadtteilen durch die Hochschule, Vertrag vom 3. März"
        ),
    )
