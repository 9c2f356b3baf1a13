"""What the strategy team fills in beside the evidence."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from participation.insights.feeds import ScaleQuestion
from participation.insights.models import Finding
from participation.insights.policy import LONGEST_SENTENCE
from participation.strategy.fields import CheckboxesField, strip
from participation.web.forms import Form, choices

NEW = "neu"
NO_SERIES = "-"
_MOST_CHOSEN = 200


class FindingForm(Form):
    """A new finding, or one that gets further evidence; the evidence is ticked in the page."""

    finding = SelectField(_l("Wofür ist das ein Nachweis?"), default=NEW)
    sentence = TextAreaField(
        _l("Erkenntnis in einem Satz"),
        [
            Length(
                max=LONGEST_SENTENCE,
                message=_l("Bitte fassen Sie sich kürzer: höchstens 300 Zeichen."),
            )
        ],
        filters=[strip],
        description=_l("Was sagen diese Beiträge und Zahlen zusammen? Der Satz ist öffentlich."),
    )
    elements = CheckboxesField(
        _l("Elemente, um die es geht"),
        description=_l("Mindestens eines, nur für eine neue Erkenntnis"),
    )

    def offer(self, elements: Iterable[tuple[str, str]], findings: Sequence[Finding]) -> None:
        """Offer the elements of the strategy and the findings that could take more evidence."""
        self.elements.choices = choices(elements)
        known = [(one.code, f"{one.code} {one.sentence}") for one in findings]
        self.finding.choices = choices([(NEW, _("Eine neue Erkenntnis")), *known])

    @property
    def is_new(self) -> bool:
        """Whether a new finding is to be recorded."""
        return bool(self.finding.data == NEW)

    def validate_sentence(self, field: TextAreaField) -> None:
        if self.is_new and not field.data:
            raise ValidationError(_("Bitte schreiben Sie die Erkenntnis in einem Satz."))

    def validate_elements(self, field: CheckboxesField) -> None:
        if self.is_new and not field.data:
            raise ValidationError(_("Bitte wählen Sie mindestens ein Element aus."))


class ReleaseForm(Form):
    """Whether the release is the last one."""

    final = HiddenField(default="1")


def chosen_contributions(values: Iterable[str]) -> set[uuid.UUID]:
    """Return the contributions that were ticked; what is no id is left out."""
    chosen = set()
    for value in list(values)[:_MOST_CHOSEN]:
        try:
            chosen.add(uuid.UUID(value))
        except ValueError:
            continue
    return chosen


def chosen_aggregates(values: Iterable[str]) -> set[int]:
    """Return the results that were ticked; what is no number is left out."""
    given = list(values)[:_MOST_CHOSEN]
    return {
        int(value) for value in given if value.isascii() and value.isdigit() and len(value) < 12
    }


class FeedForm(Form):
    """Which question feeds an indicator."""

    series = RadioField(
        _l("Welche Frage liefert die Werte?"),
        [InputRequired(_l("Bitte wählen Sie eine Frage oder „keine“."))],
    )

    def offer(self, questions: Iterable[ScaleQuestion]) -> None:
        """Offer the scales that are asked again and again, and none of them."""
        known = [
            (one.series, _("„%(text)s“, zuletzt in: %(survey)s", text=one.text, survey=one.survey))
            for one in questions
        ]
        none = (NO_SERIES, _("Keine: Wir tragen die Werte selbst ein."))
        self.series.choices = choices([*known, none])
