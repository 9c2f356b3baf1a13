"""What the strategy team fills in about the strategy itself and its adoption."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from participation.strategy.content import Resolution
from participation.strategy.fields import CheckboxesField, line_field, text_field, title_field
from participation.strategy.models import Strategy
from participation.strategy.words import OFFERED_FIELDS
from participation.web.forms import Form, choices


class StrategyForm(Form):
    """What the strategy is called and who cares for it."""

    title = title_field(
        _l("Titel der Strategie"), description=_l("Zum Beispiel: Digitalstrategie 2030")
    )
    term = line_field(
        _l("Wie nennen Sie die Strategie?"),
        description=_l("Zum Beispiel: Digitalstrategie, Smart-City-Strategie, Digitale Agenda"),
    )
    owner = line_field(
        _l("Verantwortlich"), description=_l("Person oder Stelle, die die Strategie betreut")
    )
    deputy = line_field(_l("Vertretung"))


class SetUpForm(StrategyForm):
    """The first step: title, people, and the action fields to begin with."""

    fields = CheckboxesField(
        _l("Handlungsfelder"),
        choices=choices((name, name) for name in OFFERED_FIELDS),
        description=_l("Wählen Sie aus. Sie können später Felder ändern, hinzufügen, entfernen."),
    )
    own_fields = text_field(_l("Eigene Handlungsfelder"), description=_l("Eines pro Zeile"))

    @property
    def chosen_fields(self) -> list[str]:
        """The ticked fields in their order, then the ones that were written down."""
        own = [line.strip() for line in (self.own_fields.data or "").splitlines()]
        ticked = [name for name in OFFERED_FIELDS if name in (self.fields.data or ())]
        return [*ticked, *(name for name in dict.fromkeys(own) if name and name not in ticked)]


class StrategyDetailsForm(StrategyForm):
    """The same later on, with the rhythm of measuring and reviewing."""

    measuring_interval = IntegerField(
        _l("Gemessen wird alle … Monate"),
        [
            InputRequired(_l("Bitte geben Sie eine Zahl ein.")),
            NumberRange(1, 12, _l("Mindestens einmal im Jahr: 1 bis 12 Monate.")),
        ],
    )
    review_interval = IntegerField(
        _l("Überprüft wird alle … Monate"),
        [
            InputRequired(_l("Bitte geben Sie eine Zahl ein.")),
            NumberRange(24, 36, _l("Alle zwei bis drei Jahre: 24 bis 36 Monate.")),
        ],
    )

    @classmethod
    def of(cls, strategy: Strategy) -> StrategyDetailsForm:
        """Return the form filled with what is stored."""
        return cls(obj=strategy)


class AdoptionForm(Form):
    """By what the council adopted the version."""

    resolution_body = line_field(
        _l("Gremium"), description=_l("Zum Beispiel: Stadtverordnetenversammlung")
    )
    resolution_on = DateField(
        _l("Datum des Beschlusses"), [InputRequired(_l("Bitte geben Sie das Datum ein."))]
    )
    resolution_number = line_field(
        _l("Nummer des Beschlusses"), description=_l("Zum Beispiel: 2026/118")
    )

    def resolution(self) -> Resolution:
        """Return what was filled in."""
        assert self.resolution_on.data is not None  # noqa: S101 - the field is required.
        return Resolution(
            body=self.resolution_body.data or "",
            on=self.resolution_on.data,
            number=self.resolution_number.data or "",
        )
