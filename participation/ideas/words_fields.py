"""The part of an idea's form that asks what it says."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from participation.engagements.forms import strip
from participation.ideas.policy import LONGEST_TEXT, LONGEST_TITLE
from participation.web.forms import OpenForm


class WordsFields(OpenForm):
    """Title and text."""

    title = StringField(
        _l("Titel Ihrer Idee"),
        [
            DataRequired(_l("Geben Sie Ihrer Idee einen Titel.")),
            Length(max=LONGEST_TITLE, message=_l("Der Titel darf höchstens 120 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Ein kurzer Satz, zum Beispiel „WLAN am Bahnhof“"),
    )
    text = TextAreaField(
        _l("Was schlagen Sie vor?"),
        [
            DataRequired(_l("Beschreiben Sie Ihre Idee. Ein oder zwei Sätze genügen.")),
            Length(max=LONGEST_TEXT, message=_l("Der Text darf höchstens 4.000 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Bitte keine Namen oder Telefonnummern: Der Text wird veröffentlicht."),
    )
