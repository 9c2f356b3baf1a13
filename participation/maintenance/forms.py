"""What the administrator fills in."""

from __future__ import annotations

import io

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import ColorInput

from participation.accounts import policy
from participation.accounts.labels import LABELS
from participation.accounts.models import MunicipalityKind, Role
from participation.engagements.plans import LONGEST_TITLE
from participation.web.address_fields import address_field
from participation.web.forms import Form, choices

LARGEST_LOGO = 1024 * 1024
LARGEST_QUESTIONNAIRE = 4 * 1024 * 1024


def one_line(text: str | None) -> str | None:
    """Return a text as one line without blanks around it."""
    return " ".join(text.split()) if text else text


class MunicipalityForm(Form):
    """What the municipality is called and how to reach it."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("Geben Sie den Namen ein.")),
            Length(max=80, message=_l("Der Name darf höchstens 80 Zeichen haben.")),
        ],
        filters=[one_line],
        description=_l("Ohne „Stadt“ oder „Gemeinde“ davor, zum Beispiel: Lindenow"),
    )
    kind = SelectField(
        _l("Art"),
        choices=choices((kind.value, LABELS[kind]) for kind in MunicipalityKind),
        coerce=lambda value: (
            value if isinstance(value, MunicipalityKind) else MunicipalityKind(value)
        ),
        validators=[InputRequired()],
    )
    postal_line = StringField(
        _l("Anschrift"),
        [Length(max=160, message=_l("Die Anschrift darf höchstens 160 Zeichen haben."))],
        filters=[one_line],
        description=_l("In einer Zeile. Sie steht unten auf jeder Seite."),
    )
    contact_email = address_field(
        _l("E-Mail-Adresse für Fragen"),
        description=_l("Sie steht unten auf jeder Seite und auf Fehlerseiten."),
    )
    embed_origins = TextAreaField(
        _l("Webseiten, die unsere Karten zeigen dürfen"),
        [Length(max=2000, message=_l("Höchstens zehn Adressen."))],
        description=_l(
            "Eine Adresse in jeder Zeile, zum Beispiel https://www.lindenow.de. Nur dort "
            "erscheint eine Karte mit Titel, Frage und Knopf, die Sie in Ihre Webseite einbetten."
        ),
    )

    @property
    def origins(self) -> list[str]:
        """The origins that were filled in, each once."""
        found = [policy.origin_of(line) for line in _lines(self.embed_origins)]
        return list(dict.fromkeys(origin for origin in found if origin))

    def validate_embed_origins(self, field: TextAreaField) -> None:
        """Name the first line that is no address of a site."""
        if len(_lines(field)) > policy.MOST_ORIGINS:
            raise ValidationError(_("Höchstens zehn Adressen."))
        for line in _lines(field):
            if policy.origin_of(line) is None:
                raise ValidationError(
                    _(
                        "Das ist keine Adresse einer Webseite: „%(line)s“. Schreiben Sie sie so, "
                        "ohne Seite dahinter: https://www.lindenow.de",
                        line=line.strip()[:60],
                    )
                )


class ColourForm(Form):
    """The accent colour."""

    colour = StringField(
        _l("Akzentfarbe"),
        [DataRequired(_l("Wählen Sie eine Farbe."))],
        filters=[one_line],
        widget=ColorInput(),
        description=_l(
            "Für Linien, Balken und Auswahlen. Weiße Schrift muss darauf gut lesbar sein."
        ),
    )

    def validate_colour(self, field: StringField) -> None:
        """Ask for a colour on which white letters can be read, and name one close to it."""
        colour = field.data or ""
        if not policy.COLOUR.fullmatch(colour):
            raise ValidationError(_("Eine Farbe hat die Form #3a6a3c."))
        darker = policy.dark_enough(colour)
        if darker == colour:
            return
        raise ValidationError(
            _(
                "Diese Farbe ist zu hell: Weiße Schrift ist darauf schlecht zu lesen. Wählen Sie "
                "einen dunkleren Ton, zum Beispiel %(colour)s.",
                colour=darker,
            )
        )


class LogoForm(Form):
    """The logo."""

    logo = FileField(
        _l("Bilddatei"),
        description=_l("PNG, JPEG oder WebP, höchstens 1 MB. Am besten mit durchsichtigem Grund."),
    )

    def validate_logo(self, field: FileField) -> None:
        """Ask for a file that is not too large."""
        if not field.data:
            raise ValidationError(_("Wählen Sie eine Bilddatei aus."))
        size = field.data.stream.seek(0, io.SEEK_END)
        field.data.stream.seek(0)
        if size > LARGEST_LOGO:
            raise ValidationError(_("Die Datei darf höchstens 1 MB groß sein."))


class QuestionnaireForm(Form):
    """A file of LimeSurvey."""

    file = FileField(
        _l("Datei aus LimeSurvey"),
        description=_l("Sie endet auf .lss oder .lss.gz und hat höchstens 4 MB."),
    )
    title = StringField(
        _l("Titel"),
        [Length(max=LONGEST_TITLE, message=_l("Der Titel darf höchstens 120 Zeichen haben."))],
        filters=[one_line],
        description=_l("Nur wenn er anders lauten soll als in LimeSurvey."),
    )
    again = BooleanField(_l("Noch einmal übernehmen, als weiteren Entwurf"))

    def validate_file(self, field: FileField) -> None:
        """Ask for a file."""
        if not field.data or not field.data.filename:
            raise ValidationError(_("Wählen Sie eine Datei aus."))


class DutyTextForm(Form):
    """A text that the municipality owes its citizens."""

    source = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("Der Text ist leer.")),
            Length(max=40_000, message=_l("Der Text darf höchstens 40.000 Zeichen haben.")),
        ],
        description=_l(
            "Überschriften beginnen mit ###, Listen mit einem Strich. **Fett** steht zwischen "
            "zwei Sternen, Links stehen so da: [Text](https://…)."
        ),
    )


class InvitationForm(Form):
    """Whom to invite to which role."""

    email = address_field(missing=_l("Geben Sie die E-Mail-Adresse ein."))
    role = RadioField(
        _l("Rolle"),
        choices=choices((role.value, LABELS[role]) for role in Role),
        coerce=Role,
        validators=[InputRequired(_l("Wählen Sie eine Rolle."))],
    )


def _lines(field: TextAreaField) -> list[str]:
    return [line for line in (field.data or "").splitlines() if line.strip()]
