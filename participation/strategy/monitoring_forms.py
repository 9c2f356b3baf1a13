"""What the strategy team fills in about what happens to an element."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from participation.strategy.fields import NumberField, strip
from participation.strategy.labels import LABELS
from participation.strategy.models import Direction, IndicatorKind, ProgressState
from participation.web.forms import Form, choices

_LONGEST_LINE = 200
_LONGEST_TEXT = 2_000


def _required(text: Any, **more: Any) -> StringField:
    return StringField(
        text,
        [
            DataRequired(_l("Bitte füllen Sie dieses Feld aus.")),
            Length(max=_LONGEST_LINE, message=_l("Dieser Text ist zu lang.")),
        ],
        filters=[strip],
        **more,
    )


def _note(text: Any, **more: Any) -> TextAreaField:
    too_long = Length(max=_LONGEST_TEXT, message=_l("Dieser Text ist zu lang."))
    return TextAreaField(text, [too_long], filters=[strip], **more)


def _day(text: Any, **more: Any) -> DateField:
    return DateField(text, [InputRequired(_l("Bitte geben Sie ein Datum ein."))], **more)


class ProgressForm(Form):
    """How a measure stands on a day."""

    state = RadioField(
        _l("Stand"),
        [InputRequired(_l("Bitte wählen Sie einen Stand."))],
        choices=choices((each.value, LABELS[each]) for each in ProgressState),
        coerce=lambda value: value if isinstance(value, ProgressState) else ProgressState(value),
    )
    percent = IntegerField(
        _l("Umgesetzt in Prozent"),
        [
            InputRequired(_l("Bitte geben Sie eine Zahl von 0 bis 100 ein.")),
            NumberRange(0, 100, _l("Bitte geben Sie eine Zahl von 0 bis 100 ein.")),
        ],
    )
    reason = _note(
        _l("Begründung"),
        description=_l("Bei „in Verzug“ und „eingestellt“ nötig. Sie ist öffentlich."),
    )
    reported_on = _day(_l("Stand vom"))


class MilestoneForm(Form):
    """A step of a measure."""

    title = _required(_l("Meilenstein"))
    planned_on = _day(_l("Geplant bis"))
    reached_on = DateField(_l("Erreicht am"), [Optional()])


class IndicatorForm(Form):
    """What is measured."""

    name = _required(_l("Name"), description=_l("Zum Beispiel: Wartezeit ohne Termin"))
    kind = RadioField(
        _l("Art"),
        [InputRequired(_l("Bitte wählen Sie eine Art."))],
        choices=choices((each.value, LABELS[each]) for each in IndicatorKind),
        coerce=lambda value: value if isinstance(value, IndicatorKind) else IndicatorKind(value),
        default=IndicatorKind.QUANTITATIVE,
    )
    unit = _required(_l("Einheit"), description=_l("Zum Beispiel: Minuten, %, Haltestellen"))
    direction = RadioField(
        _l("Richtung"),
        [InputRequired(_l("Bitte wählen Sie eine Richtung."))],
        choices=choices((each.value, LABELS[each]) for each in Direction),
        coerce=lambda value: value if isinstance(value, Direction) else Direction(value),
        default=Direction.UP,
    )
    baseline = NumberField(_l("Ausgangswert"), [Optional()])
    target = NumberField(_l("Zielwert"), [Optional()])
    target_on = DateField(_l("Zielwert bis"), [Optional()])
    source = StringField(
        _l("Quelle"),
        [Length(max=_LONGEST_LINE, message=_l("Dieser Text ist zu lang."))],
        filters=[strip],
        description=_l("Woher kommen die Werte?"),
    )
    interval = IntegerField(
        _l("Gemessen wird alle … Monate"),
        [
            InputRequired(_l("Bitte geben Sie eine Zahl ein.")),
            NumberRange(1, 60, _l("Bitte geben Sie eine Zahl von 1 bis 60 ein.")),
        ],
        default=12,
    )


class MeasurementForm(Form):
    """A value on a day."""

    value = NumberField(_l("Wert"), [InputRequired(_l("Bitte geben Sie einen Wert ein."))])
    measured_on = _day(_l("Gemessen am"))
    note = StringField(
        _l("Anmerkung"),
        [Length(max=_LONGEST_LINE, message=_l("Dieser Text ist zu lang."))],
        filters=[strip],
        description=_l("Zum Beispiel: Median, n = 3.180 Besuche"),
    )
