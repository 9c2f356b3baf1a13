"""What a clerk fills in for letters: the words, the table, which column is what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from participation.accounts.models import Municipality
from participation.engagements import codes
from participation.engagements.address_tables import AddressTable, ColumnRole, guessed_roles
from participation.engagements.forms import strip
from participation.engagements.invitations import LONGEST_GROUP, MOST_LETTERS
from participation.engagements.models import Engagement
from participation.engagements.printing import LetterText
from participation.web.filters import local_date
from participation.web.forms import OpenForm, choices

_ROLES = (
    ("", _l("Nicht verwenden")),
    (ColumnRole.NAME.value, _l("Name")),
    (ColumnRole.ADDITION.value, _l("Zusatz")),
    (ColumnRole.STREET.value, _l("Straße und Hausnummer")),
    (ColumnRole.TOWN.value, _l("Postleitzahl und Ort")),
)


class LetterForm(OpenForm):
    """The words of a batch of letters, and whom they go to."""

    way = RadioField(
        _l("An wen gehen die Briefe?"),
        choices=choices(
            (
                ("table", _l("An eine Liste von Adressen")),
                ("number", _l("Ohne Adressen, zum Verteilen")),
            )
        ),
        default="table",
    )
    table = FileField(
        _l("Tabelle mit Adressen"),
        description=_l(
            "CSV oder Excel (XLSX), höchstens 5.000 Adressen. Wir speichern die Tabelle nicht."
        ),
    )
    number = IntegerField(
        _l("Wie viele Briefe?"),
        [Optional(), NumberRange(1, MOST_LETTERS, _l("Zwischen 1 und 5.000 Briefen."))],
    )
    is_reminder = BooleanField(
        _l("Das ist eine Erinnerung an dieselbe Liste"),
        description=_l(
            "Alle bekommen noch einmal ihren Code, auch wer schon mitgemacht hat: Niemand weiß, "
            "wer das ist."
        ),
    )
    list_key = StringField(
        _l("Schlüssel der Liste"),
        filters=[strip],
        description=_l("Nur für eine Erinnerung. Er stand beim ersten Versand auf der Seite."),
    )
    group = StringField(
        _l("Name dieses Versands"),
        [Length(max=LONGEST_GROUP, message=_l("Höchstens 80 Zeichen."))],
        filters=[strip],
        description=_l("Nur für Sie, zum Beispiel: Zufallsauswahl ab 16."),
    )
    sender = StringField(
        _l("Absenderzeile im Fenster"),
        [
            DataRequired(_l("Geben Sie den Absender an.")),
            Length(max=90, message=_l("Höchstens 90 Zeichen.")),
        ],
        filters=[strip],
    )
    subject = StringField(
        _l("Betreff"),
        [
            DataRequired(_l("Geben Sie einen Betreff an.")),
            Length(max=120, message=_l("Höchstens 120 Zeichen.")),
        ],
        filters=[strip],
    )
    text = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("Schreiben Sie den Text des Briefs.")),
            Length(max=1600, message=_l("Bitte kürzen Sie den Text auf 1.600 Zeichen.")),
        ],
        filters=[strip],
        description=_l(
            "Eine leere Zeile beginnt einen neuen Absatz. Den Code setzen wir darunter."
        ),
    )
    closing = TextAreaField(
        _l("Gruß und Name"),
        [Length(max=300, message=_l("Höchstens 300 Zeichen."))],
        filters=[strip],
    )

    @property
    def words(self) -> LetterText:
        """The words that were filled in."""
        return LetterText(
            sender=self.sender.data or "",
            subject=self.subject.data or "",
            text=self.text.data or "",
            closing=self.closing.data or "",
        )

    @property
    def wants_table(self) -> bool:
        """Whether the letters go to addresses."""
        return bool(self.way.data == "table")

    def validate_list_key(self, field: StringField) -> None:
        if not self.is_reminder.data:
            return
        if codes.read_written(field.data or "") is None:
            raise ValidationError(
                _("Geben Sie den Schlüssel der Liste an: vier Gruppen mit je fünf Zeichen.")
            )

    def validate_number(self, field: IntegerField) -> None:
        if not self.wants_table and field.data is None and not field.errors:
            raise ValidationError(_("Geben Sie an, wie viele Briefe Sie brauchen."))


class ColumnsForm(OpenForm):
    """Which column is what; the order itself travels sealed in `order`."""

    order = HiddenField()
    columns: list[SelectField]

    @property
    def roles(self) -> list[ColumnRole | None]:
        """What was chosen for each column."""
        return [ColumnRole(field.data) if field.data else None for field in self.columns]


def columns_form(table: AddressTable | None, **more: Any) -> ColumnsForm:
    """Return the form with a choice for each column, guessed from the headings."""
    headings: Sequence[str] = table.headings if table else ()
    fields: dict[str, Any] = {
        f"column_{index}": SelectField(
            heading or _("Spalte %(number)s", number=index + 1),
            choices=choices(_ROLES),
            default=role.value if role else "",
        )
        for index, (heading, role) in enumerate(zip(headings, guessed_roles(headings), strict=True))
    }
    kind = type("TableColumnsForm", (ColumnsForm,), fields)
    form: ColumnsForm = kind(**more)
    form.columns = [field for name in fields if isinstance(field := form[name], SelectField)]
    return form


def first_words(engagement: Engagement, municipality: Municipality) -> dict[str, str]:
    """Return what a letter could say, for a clerk to change."""
    return {
        "sender": " · ".join(
            part for part in (municipality.name, municipality.postal_line) if part
        )[:90],
        "subject": engagement.title,
        "text": _(
            "Guten Tag,\n\n%(summary)s\n\nBitte machen Sie mit. Es dauert nur wenige Minuten und "
            "ist freiwillig. Mit dem Code unten können Sie einmal mitmachen, bis zum %(day)s.\n\n"
            "Sie möchten lieber auf Papier antworten? Rufen Sie uns an, oder kommen Sie vorbei.",
            summary=engagement.summary or engagement.title,
            day=local_date(engagement.closes_at),
        ),
        "closing": _("Mit freundlichen Grüßen\n\n%(name)s", name=municipality.name),
    }
