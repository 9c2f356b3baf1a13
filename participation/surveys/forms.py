"""The forms by which a survey is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from participation.engagements.forms import (
    CheckboxesField,
    ChoiceGroup,
    EngagementForm,
    element_groups,
    strip,
)
from participation.strategy.models import Element
from participation.surveys import policy
from participation.surveys.building import QuestionDraft, QuestionFault
from participation.surveys.labels import LABELS, WHY_NOT
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion
from participation.web.forms import Form, choices


class SurveyForm(EngagementForm):
    """A survey: the common part. Its questions are added afterwards."""


class QuestionForm(Form):
    """One question, of a kind that the page was asked for."""

    kind: QuestionKind

    text = StringField(
        _l("Frage"),
        [Length(max=300, message=_l("Die Frage darf höchstens 300 Zeichen haben."))],
        filters=[strip],
        description=_l("Kurz, und nur nach einer Sache. „Und“ oder „oder“ sind oft zwei Fragen."),
    )
    help = StringField(
        _l("Hinweis zur Frage"),
        [Length(max=300, message=_l("Der Hinweis darf höchstens 300 Zeichen haben."))],
        filters=[strip],
    )
    choices = TextAreaField(
        _l("Antworten"), description=_l("Jede Antwort in einer eigenen Zeile, mindestens zwei.")
    )
    points = IntegerField(
        _l("Stufen der Skala"),
        [
            Optional(),
            NumberRange(
                policy.FEWEST_POINTS,
                policy.MOST_POINTS,
                _l("Eine Skala hat 2 bis 11 Stufen."),
            ),
        ],
    )
    low = StringField(
        _l("Die erste Stufe bedeutet"),
        [Length(max=60, message=_l("Höchstens 60 Zeichen."))],
        filters=[strip],
        description=_l("Zum Beispiel: sehr schwer"),
    )
    high = StringField(
        _l("Die letzte Stufe bedeutet"),
        [Length(max=60, message=_l("Höchstens 60 Zeichen."))],
        filters=[strip],
        description=_l("Zum Beispiel: sehr leicht"),
    )
    min_choices = IntegerField(
        _l("Mindestens so viele Antworten"),
        [Optional(), NumberRange(1, policy.MOST_CHOICES, _l("Bitte geben Sie eine Zahl an."))],
    )
    max_choices = IntegerField(
        _l("Höchstens so viele Antworten"),
        [Optional(), NumberRange(1, policy.MOST_CHOICES, _l("Bitte geben Sie eine Zahl an."))],
    )
    required = BooleanField(
        _l("Diese Frage muss beantwortet werden"),
        description=_l("Nur wenn es ohne diese Antwort nicht geht."),
    )
    sensitive = BooleanField(
        _l("Die Antworten sind heikel"),
        description=_l(
            "Zum Beispiel Gesundheit oder Einkommen. Antworten fast alle gleich, zeigen wir "
            "das Ergebnis nicht."
        ),
    )
    elements = CheckboxesField(
        _l("Um welche Teile der Strategie geht es in dieser Frage?"),
        description=_l("Auf deren Seiten erscheint die Frage und später ihr Ergebnis."),
    )

    def offer(self, kind: QuestionKind, elements: Sequence[tuple[str, str]]) -> None:
        """Leave out what this kind of question does not have, and offer the elements."""
        self.kind = kind
        self.elements.choices = choices(elements)
        if kind not in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
            del self["choices"]
        if kind is not QuestionKind.SCALE:
            del self["points"], self["low"], self["high"]
        if kind is not QuestionKind.MULTIPLE:
            del self["min_choices"], self["max_choices"]
        if kind is QuestionKind.TEXT:
            del self["sensitive"]

    @property
    def element_groups(self) -> list[ChoiceGroup]:
        """The elements by kind."""
        return element_groups(self.elements)

    def draft(self, elements: Mapping[str, Element]) -> QuestionDraft:
        """Return what was filled in; `elements` are those of the survey by their codes."""
        values: dict[str, Any] = {
            name: self[name].data
            for name in ("low", "high", "points", "min_choices", "max_choices", "sensitive")
            if name in self and self[name].data is not None
        }
        if "choices" in self:
            values["choices"] = tuple((self["choices"].data or "").splitlines())
        return QuestionDraft(
            kind=self.kind,
            text=self.text.data or "",
            help=self["help"].data or "",
            required=self.required.data,
            elements=tuple(elements[code] for code in self.elements.data or () if code in elements),
            **values,
        )

    def show(self, fault: QuestionFault) -> None:
        """Write beside the field why the question cannot be asked like this."""
        name = fault.field or "text"
        field = self[name if name in self else "text"]
        field.errors = [*field.errors, WHY_NOT[fault.why]]


def values_of_question(question: AskedQuestion) -> dict[str, Any]:
    """Return a stored question as the form shows it."""
    return {
        "text": question.text,
        "help": question.help,
        "choices": "\n".join(choice.text for choice in question.choices),
        "points": len(question.choices),
        "low": question.low,
        "high": question.high,
        "min_choices": question.min_choices,
        "max_choices": question.max_choices,
        "required": question.required,
        "sensitive": question.sensitive,
        "elements": [code for code, _ in question.elements],
    }


_BUILT = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCALE, QuestionKind.TEXT)
KINDS = [(kind, LABELS[kind]) for kind in _BUILT]
