"""What staff fills in for somebody else, and about a table of ideas or comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from participation.comments import policy as comment_policy
from participation.comments.labels import LABELS as STANCES
from participation.comments.models import Passage, Stance
from participation.comments.places import WHOLE
from participation.contributions.models import Channel
from participation.engagements.forms import CheckboxesField, day_field, groups_by_field, strip
from participation.engagements.queries import NamedElement
from participation.foundation import clock
from participation.foundation.excerpts import first_words
from participation.ideas.placing import LONGEST_ADDRESS
from participation.ideas.policy import LONGEST_TEXT, LONGEST_TITLE
from participation.intake import policy
from participation.web.address_fields import address_field
from participation.web.forms import OpenForm, choices

_WAYS = {
    Channel.LETTER: _l("Brief oder Karte"),
    Channel.PHONE: _l("Anruf"),
    Channel.WORKSHOP: _l("Werkstatt oder Veranstaltung"),
    Channel.COUNTER: _l("am Schalter gesagt"),
}
_PASSAGE_NAME = 70
_DECISIONS = (
    ("queue", _l("Erst prüfen: Es kommt in die Warteschlange der Moderation")),
    ("publish", _l("Gleich veröffentlichen: Ich habe es geprüft")),
)


class WayForm(OpenForm):
    """On which way something came, when, and whether it is published at once."""

    channel = RadioField(
        _l("Auf welchem Weg kam es?"),
        choices=choices((channel.value, _WAYS[channel]) for channel in policy.CHANNELS),
        coerce=lambda value: value if isinstance(value, Channel) else Channel(value),
        default=Channel.LETTER,
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
    )
    origin = StringField(
        _l("Woher genau?"),
        [
            Length(
                max=policy.LONGEST_ORIGIN,
                message=_l("Die Herkunft darf höchstens 120 Zeichen haben."),
            )
        ],
        filters=[strip],
        description=_l(
            "Zum Beispiel „Werkstatt im Bürgerhaus, Tisch 3“. Das steht öffentlich dabei, deshalb "
            "keine Namen von Personen."
        ),
    )
    received_on = day_field(_l("Eingegangen am"))
    decision = RadioField(
        _l("Wie geht es weiter?"),
        choices=choices(_DECISIONS),
        default="queue",
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
    )

    @property
    def is_published(self) -> bool:
        """Whether it is to be public at once."""
        return "decision" in self and bool(self.decision.data == "publish")

    def leave_decision_to_moderation(self) -> None:
        """Leave out the choice that only the moderation has."""
        del self.decision

    def validate_received_on(self, field: DateField) -> None:
        if field.data and not policy.is_likely_day(field.data, at=clock.now()):
            raise ValidationError(
                _(
                    "Geben Sie einen Tag an, der nicht in der Zukunft und nicht über ein Jahr "
                    "zurück liegt."
                )
            )


class EntryForm(WayForm):
    """What somebody told or wrote to the town, and how to reach them if they want it."""

    email = address_field(
        _l("E-Mail-Adresse der Person"),
        description=_l("Nur, wenn sie hören will, was daraus wird. Sie bestätigt es selbst."),
    )
    has_consented = BooleanField(
        _l("Die Person hat zugestimmt, dass wir diese Adresse dafür nutzen.")
    )
    is_another = BooleanField(_l("Ja, jemand anderes hat dasselbe geschrieben."))
    entered = IntegerField(
        widget=HiddenInput(), validators=[Optional(), NumberRange(0, 100_000)], default=0
    )

    def validate_has_consented(self, field: BooleanField) -> None:
        if self.email.data and not field.data:
            raise ValidationError(
                _("Ohne Zustimmung speichern wir keine Adresse. Fragen Sie bitte nach.")
            )


class IdeaForm(EntryForm):
    """An idea that somebody told or wrote to the town."""

    title = StringField(
        _l("Titel"),
        [
            Length(max=LONGEST_TITLE, message=_l("Der Titel darf höchstens 120 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Fehlt er, nehmen wir die ersten Wörter."),
    )
    text = TextAreaField(
        _l("Was wird vorgeschlagen?"),
        [
            DataRequired(_l("Schreiben Sie, was vorgeschlagen wird.")),
            Length(max=LONGEST_TEXT, message=_l("Der Text darf höchstens 4.000 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("So, wie es gesagt wurde, aber ohne Namen und Telefonnummern."),
    )
    elements = CheckboxesField(_l("Wozu passt die Idee?"))
    place_address = StringField(
        _l("Wo ist das?"),
        [Length(max=LONGEST_ADDRESS, message=_l("Die Adresse darf höchstens 200 Zeichen haben."))],
        filters=[strip],
        description=_l("Eine Adresse, oder wo es ist in Worten."),
    )

    standing: Mapping[str, str] | None = None

    def offer_elements(
        self, elements: Iterable[NamedElement], standing: Mapping[str, str] | None = None
    ) -> None:
        """Say which elements of the call can be chosen, and in which field each stands."""
        self.elements.choices = choices((element.code, element.title) for element in elements)
        self.standing = standing

    def ask_no_place(self) -> None:
        """Leave the place out of a call that asks for none."""
        del self.place_address

    @property
    def element_groups(self) -> list[Any]:
        """The choices of elements by field."""
        return list(groups_by_field(self.elements, self.standing or {}))


class CommentForm(EntryForm):
    """A comment that somebody told or wrote to the town."""

    passage = SelectField(_l("Zu welchem Abschnitt?"), validate_choice=True)
    stance = RadioField(
        _l("Haltung"),
        choices=choices((stance.value, STANCES[stance]) for stance in Stance),
        coerce=lambda value: value if isinstance(value, Stance) else Stance(value),
        validators=[InputRequired(_l("Wählen Sie, welche Haltung daraus spricht."))],
    )
    text = TextAreaField(
        _l("Was wird dazu gesagt?"),
        [
            DataRequired(_l("Schreiben Sie, was gesagt wird.")),
        ],
        filters=[strip],
        description=_l("So, wie es gesagt wurde, aber ohne Namen und Telefonnummern."),
    )
    quote = TextAreaField(
        _l("Welche Worte sind gemeint?"),
        filters=[strip],
        description=_l("Nur wenn es um eine Stelle geht: Worte genau so, wie sie dort stehen."),
    )
    rewording = TextAreaField(
        _l("So sollte der Abschnitt heißen"),
        filters=[strip],
        description=_l("Nur für „anderer Wortlaut“: der ganze Abschnitt, wie er lauten soll."),
    )

    def offer_passages(self, passages: Sequence[Passage]) -> None:
        """Say what can be commented on."""
        names = [(passage.code, passage_words(passage)) for passage in passages]
        self.passage.choices = choices([(WHOLE, _l("Zum ganzen Text")), *names])

    def keep_short(self, longest: int) -> None:
        """Say how long a comment may be."""
        self.text.flags.maxlength = longest
        if longest < comment_policy.LONGEST_TEXT:
            self.text.description = _(
                "Ein Gedanke, höchstens %(limit)s Zeichen: Andere stimmen darüber ab. Ohne Namen "
                "und Telefonnummern.",
                limit=longest,
            )

    def validate_rewording(self, field: TextAreaField) -> None:
        if field.data and self.stance.data is not Stance.REWORDING:
            raise ValidationError(
                _(
                    "Hier steht ein Vorschlag. Wählen Sie dazu die Haltung „anderer Wortlaut“, "
                    "oder leeren Sie das Feld."
                )
            )

    def validate_quote(self, field: TextAreaField) -> None:
        if field.data and self.passage.data == WHOLE:
            raise ValidationError(_("Wählen Sie den Abschnitt, in dem diese Worte stehen."))


def passage_words(passage: Passage) -> str:
    """Return how a list names a passage: its code, and its heading or how it begins."""
    return f"{passage.code} {first_words(passage.heading or passage.text, _PASSAGE_NAME)}"


class ReceiptForm(OpenForm):
    """The code of a receipt that is to be printed."""

    code = HiddenField()


class TableForm(WayForm):
    """A table of ideas or comments, and where all of them come from."""

    table = FileField(
        _l("Ihre Tabelle"),
        description=_l(
            "CSV oder Excel (XLSX), höchstens 1.000 Zeilen. Eine Zeile für jeden Beitrag."
        ),
    )

    def validate_origin(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(
                _("Sagen Sie, woher das alles kommt, zum Beispiel: Werkstatt im Bürgerhaus.")
            )


class TakeOverForm(OpenForm):
    """The table that was looked at; it travels sealed in `order`."""

    order = HiddenField()
    is_another = BooleanField(_l("Ja, trotzdem übernehmen."))
