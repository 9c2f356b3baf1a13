"""The form of a question: what its kind has, nothing else, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PartForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in its stubs
from wtforms.validators import Length, NumberRange, Optional

from participation.engagements.forms import (
    CheckboxesField,
    ChoiceGroup,
    element_groups,
    strip,
)
from participation.strategy.fields import NumberField
from participation.strategy.models import Element
from participation.surveys import drafts, policy
from participation.surveys.building_words import OPERATORS, WHY_NOT
from participation.surveys.drafts import QuestionDraft, QuestionFault, TermDraft
from participation.surveys.models import ConditionMode, Operator, QuestionKind
from participation.surveys.pictures import LONGEST_SHOWS
from participation.surveys.question_values import NO_ANSWER, OTHER
from participation.surveys.questionnaire import AskedQuestion
from participation.web.forms import Form
from participation.web.forms import choices as options

_NUMBER = _l("Bitte geben Sie eine ganze Zahl an.")
_OF_KIND: dict[str, frozenset[QuestionKind]] = {
    "choices": drafts.LISTED,
    "rows": frozenset({QuestionKind.MATRIX}),
    "from_strategy": drafts.FROM_STRATEGY,
    "has_other": drafts.MAY_BE_OTHER,
    "other": drafts.MAY_BE_OTHER,
    "points": frozenset({QuestionKind.SCALE}),
    "low": frozenset({QuestionKind.SCALE}),
    "high": frozenset({QuestionKind.SCALE}),
    "budget": frozenset({QuestionKind.POINTS}),
    "unit": frozenset({QuestionKind.NUMBER}),
    "lowest": frozenset({QuestionKind.NUMBER}),
    "highest": frozenset({QuestionKind.NUMBER}),
    "decimals": frozenset({QuestionKind.NUMBER}),
    "min_choices": drafts.LIMITED,
    "max_choices": drafts.LIMITED,
    "shuffled": drafts.LISTED,
}


class TermForm(PartForm):
    """One term of a condition; without an answer it does not count."""

    answer = SelectField(_l("Frühere Antwort"), validate_choice=False)
    number = NumberField(_l("Zahl (nur bei „mindestens“ und „höchstens“)"))


class QuestionForm(Form):
    """One question, of a kind that the page was asked for."""

    kind: QuestionKind
    form_errors: list[str]

    text = StringField(
        _l("Frage"),
        [Length(max=300, message=WHY_NOT["text_too_long"])],
        filters=[strip],
        description=_l("Kurz, und nur nach einer Sache. „Und“ oder „oder“ sind oft zwei Fragen."),
    )
    help = TextAreaField(
        _l("Hinweis zur Frage"),
        [Length(max=drafts.LONGEST_HELP, message=WHY_NOT["help_too_long"])],
        filters=[strip],
        description=_l("Was muss man wissen, um zu antworten? Ein Satz genügt."),
    )
    rows = TextAreaField(
        _l("Zeilen"),
        filters=[strip],
        description=_l("Jede Zeile wird einzeln beantwortet. Schreiben Sie eine unter die andere."),
    )
    choices = TextAreaField(
        _l("Antworten"),
        filters=[strip],
        description=_l("Jede Antwort in einer eigenen Zeile, mindestens zwei."),
    )
    from_strategy = CheckboxesField(
        _l("Aus der Strategie übernehmen"),
        description=_l("Das Ergebnis erscheint dann auf der Seite jedes Teils."),
        validate_choice=False,
    )
    has_other = BooleanField(_l("Eine eigene Antwort mit Textfeld anbieten"))
    other = StringField(_l("Sie heißt"), filters=[strip], default=OTHER)
    has_no_answer = BooleanField(
        _l("Anbieten, nicht zu antworten"),
        description=_l("So muss niemand raten. Diese Antwort zählt nicht zum Ergebnis."),
    )
    no_answer = StringField(_l("Sie heißt"), filters=[strip], default=NO_ANSWER)
    points = IntegerField(
        _l("Stufen der Skala"),
        [
            Optional(),
            NumberRange(policy.FEWEST_POINTS, policy.MOST_POINTS, WHY_NOT["points"]),
        ],
        description=_l("2 bis 11. Fünf Stufen passen fast immer."),
    )
    low = StringField(
        _l("Die erste Stufe bedeutet"),
        [Length(max=drafts.LONGEST_END, message=_l("Höchstens 60 Zeichen."))],
        filters=[strip],
        description=_l("Zum Beispiel: sehr schwer"),
    )
    high = StringField(
        _l("Die letzte Stufe bedeutet"),
        [Length(max=drafts.LONGEST_END, message=_l("Höchstens 60 Zeichen."))],
        filters=[strip],
        description=_l("Zum Beispiel: sehr leicht"),
    )
    budget = IntegerField(
        _l("Punkte zum Verteilen"),
        [Optional(), NumberRange(1, policy.MOST_BUDGET, WHY_NOT["budget"])],
        description=_l("Alle Punkte müssen vergeben werden. 10 lassen sich im Kopf rechnen."),
    )
    unit = StringField(
        _l("Einheit"),
        [Length(max=drafts.LONGEST_UNIT, message=_l("Höchstens 30 Zeichen."))],
        filters=[strip],
        description=_l("Steht hinter der Zahl, zum Beispiel: Minuten"),
    )
    lowest = NumberField(_l("Kleinste Zahl"))
    highest = NumberField(_l("Größte Zahl"))
    decimals = SelectField(
        _l("Stellen nach dem Komma"),
        coerce=int,
        choices=options([("0", _l("keine")), ("1", "1"), ("2", "2")]),
        default=0,
    )
    min_choices = IntegerField(
        _l("Mindestens so viele"), [Optional(), NumberRange(1, policy.MOST_CHOICES, _NUMBER)]
    )
    max_choices = IntegerField(
        _l("Höchstens so viele"), [Optional(), NumberRange(1, policy.MOST_CHOICES, _NUMBER)]
    )
    shuffled = BooleanField(
        _l("In zufälliger Reihenfolge zeigen"),
        description=_l("Was oben steht, wird öfter gewählt. So kommt jede Zeile einmal nach oben."),
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
    picture = FileField(
        _l("Bild"), description=_l("PNG, JPEG oder WebP, höchstens 8 MB. Es wird verkleinert.")
    )
    shows = StringField(
        _l("Was ist auf dem Bild zu sehen?"),
        [Length(max=LONGEST_SHOWS, message=WHY_NOT["shows_too_long"])],
        filters=[strip],
        description=_l("Für Menschen, die es nicht sehen können. Nötig, wenn es ein Bild gibt."),
    )
    remove_picture = BooleanField(_l("Bild entfernen"))
    page = SelectField(_l("Seite"), coerce=int, validate_choice=False)
    mode = RadioField(
        _l("Wenn es mehrere Bedingungen gibt"),
        choices=options(
            [
                (ConditionMode.ALL.value, _l("müssen alle zutreffen")),
                (ConditionMode.ANY.value, _l("genügt eine davon")),
            ]
        ),
        default=ConditionMode.ALL.value,
        validate_choice=False,
    )
    terms = FieldList(
        FormField(TermForm),
        _l("Nur zeigen, wenn vorher so geantwortet wurde"),
        max_entries=drafts.MOST_TERMS,
    )

    def offer(
        self,
        kind: QuestionKind,
        elements: Sequence[tuple[str, str]],
        *,
        earlier: Sequence[AskedQuestion] = (),
        pages: int = 0,
    ) -> None:
        """Leave out what this kind of question does not have, and offer what can be chosen.

        `pages` is how many pages a new question can stand on; 0 for one that stands somewhere.
        """
        self.kind = kind
        self.elements.choices = options(elements)
        self.from_strategy.choices = options(elements)
        for name, kinds in _OF_KIND.items():
            if kind not in kinds:
                del self[name]
        if pages:
            self.page.choices = _pages(pages)
            if not self.is_submitted():
                self.page.data = pages
        else:
            del self["page"]
        if not elements and "from_strategy" in self:
            del self["from_strategy"]
        offered = _answers(earlier)
        if not self.is_submitted() and offered and not self.terms.entries:
            self.terms.append_entry()
        for entry in self.terms:
            entry.form.answer.choices = offered

    def offer_more_terms(self) -> None:
        """Show a row more for a condition."""
        if len(self.terms) < drafts.MOST_TERMS:
            offered = self.terms[0].form.answer.choices if len(self.terms) else []
            self.terms.append_entry().form.answer.choices = offered

    def take_from_strategy(self, titles: Mapping[str, str]) -> None:
        """Write the elements that were ticked into the list, each in a line with its code."""
        field = self["rows" if "rows" in self else "choices"]
        lines = (field.data or "").splitlines()
        known = {line.split(maxsplit=1)[0].rstrip(":") for line in lines if line.strip()}
        for code in self.from_strategy.data or ():
            if code in titles and code not in known:
                lines.append(f"{code} {titles[code]}")
        field.data = "\n".join(lines)
        self.from_strategy.data = []

    def groups_of(self, field: CheckboxesField) -> list[ChoiceGroup]:
        """Return the elements that a field offers by kind."""
        return element_groups(field)

    @property
    def has_condition(self) -> bool:
        """Whether some earlier answer is asked for, or something is wrong with that."""
        return bool(self.terms.errors) or any(entry.form.answer.data for entry in self.terms)

    def draft(self, elements: Mapping[str, Element], *, series: str = "") -> QuestionDraft:
        """Return what was filled in; `elements` are those of the survey by their codes."""
        values: dict[str, Any] = {
            name: self[name].data
            for name in (
                *("low", "high", "unit", "lowest", "highest", "decimals", "shuffled"),
                *("points", "budget", "min_choices", "max_choices", "page"),
            )
            if name in self and self[name].data is not None
        }
        for name in ("choices", "rows"):
            if name in self:
                values[name] = tuple((self[name].data or "").splitlines())
        for name in ("other", "no_answer"):
            if name in self and self[f"has_{name}"].data:
                values[name] = self[name].data or str(self[name].default)
        return QuestionDraft(
            kind=self.kind,
            text=self.text.data or "",
            help=self["help"].data or "",
            required=self.required.data,
            sensitive=self.sensitive.data,
            elements=tuple(elements[code] for code in self.elements.data or () if code in elements),
            series=series,
            mode=_mode(self.mode.data),
            terms=tuple(term for entry in self.terms if (term := _term(entry.form)) is not None),
            **values,
        )

    def show(self, fault: QuestionFault) -> None:
        """Write beside the field why the question cannot be asked like this."""
        name = fault.field or "text"
        field = self[name if name in self else "text"]
        message = str(WHY_NOT[fault.why])
        field.errors = [*field.errors, message % fault.words if fault.words else message]


def _pages(number: int) -> list[Any]:
    pairs = [(str(page), _("Seite %(page)s", page=page)) for page in range(1, number + 1)]
    return options([*pairs, (str(number + 1), _("Neue Seite"))])


def _mode(value: str | None) -> ConditionMode:
    return ConditionMode.ANY if value == ConditionMode.ANY.value else ConditionMode.ALL


def _answers(earlier: Sequence[AskedQuestion]) -> list[Any]:
    """Return what a condition can be about, by question; the first choice is no condition."""
    offered = [SelectChoice("", _("– immer zeigen –"))]
    for question in earlier:
        group = f"{question.code}: {question.text}"
        offered += [
            SelectChoice(
                f"{question.code}|{operator.value}|{choice.code}",
                f"{question.code}: {OPERATORS[operator]}" % {"choice": choice.text},
                optgroup=group,
            )
            for operator in (Operator.TICKED, Operator.NOT_TICKED)
            for choice in question.choices
        ]
        if question.kind in {QuestionKind.SCALE, QuestionKind.NUMBER}:
            offered += [
                SelectChoice(
                    f"{question.code}|{operator.value}|",
                    f"{question.code}: {OPERATORS[operator]}",
                    optgroup=group,
                )
                for operator in (Operator.AT_LEAST, Operator.AT_MOST)
            ]
    return offered if len(offered) > 1 else []


def _term(form: TermForm) -> TermDraft | None:
    if not form.answer.data:
        return None
    code, _bar, rest = form.answer.data.partition("|")
    operator, _bar, choice = rest.partition("|")
    if operator not in {one.value for one in Operator}:
        raise QuestionFault("terms", "term_unknown")
    return TermDraft(code, Operator(operator), choice or None, form.number.data)
