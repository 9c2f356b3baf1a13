"""What the strategy team fills in about the wording of an element, one form per kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms import Form as PartForm
from wtforms.validators import NumberRange, Optional, ValidationError

from participation.foundation import clock
from participation.strategy.content import Criterion, ElementContent, Financing
from participation.strategy.fields import (
    LONGEST_TEXT,
    AmountField,
    CheckboxesField,
    line_field,
    text_field,
    title_field,
)
from participation.strategy.labels import LABELS
from participation.strategy.models import ElementKind, FundingSource, Priority
from participation.strategy.policy import quarter_end, quarter_of, quarter_start
from participation.web.filters import local_quarter
from participation.web.forms import Form, choices

_EMPTY_ROWS = 2
_QUARTER = re.compile(r"(\d{4})-([1-4])")


class ElementForm(Form):
    """What every element has. Kinds add their own fields."""

    kind: ElementKind
    rows: tuple[str, ...] = ()
    edited_from = HiddenField()
    title = title_field(_l("Titel"))
    text = text_field(_l("Text"), longest=LONGEST_TEXT)

    before: ElementContent | None = None

    def prepare(self, titles: Mapping[str, str], before: ElementContent | None) -> None:
        """Offer the elements of the draft; `before` is what the element said until now."""
        self.before = before
        self.titles = titles

    def add_row(self, asked: Iterable[str]) -> bool:
        """Add an empty row if one of these buttons asks for it; nothing is saved then."""
        for rows in self.rows:
            if f"add_{rows}" in asked:
                getattr(self, rows).append_entry()
                return True
        return False

    def content(self) -> ElementContent:
        """Return what was filled in."""
        return ElementContent(title=self.title.data or "", text=self.text.data or "")

    @property
    def seen(self) -> int | None:
        """The row version that the form was made from."""
        typed = self.edited_from.data or ""
        return int(typed) if typed.isdecimal() else None


class VisionForm(ElementForm):
    """The guiding text."""

    kind = ElementKind.VISION
    text = text_field(
        _l("Text des Leitbilds"),
        longest=LONGEST_TEXT,
        description=_l("Wohin will die Kommune? Einige Sätze, die alle verstehen."),
    )


class ActionFieldForm(ElementForm):
    """A field of action."""

    kind = ElementKind.ACTION_FIELD
    text = text_field(
        _l("Worum geht es in diesem Feld?"),
        longest=LONGEST_TEXT,
        description=_l("Ausgangslage und Richtung"),
    )


class CriterionForm(PartForm):
    """One success criterion. A row that is left empty does not count."""

    what = line_field(_l("Was wird gemessen?"))
    target = line_field(_l("Zielwert"))
    due_on = DateField(_l("Bis wann?"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for all three parts as soon as one is there."""
        is_fine = super().validate(extra_validators)
        parts = (self.what, self.target, self.due_on)
        if not any(part.data for part in parts):
            return is_fine
        for part in parts:
            if not part.data and not part.errors:
                part.errors = [*part.errors, _("Bitte füllen Sie auch dieses Feld aus.")]
                is_fine = False
        return is_fine


class GoalForm(ElementForm):
    """A goal with its success criteria."""

    kind = ElementKind.GOAL
    rows = ("criteria",)
    text = text_field(_l("Was soll erreicht werden?"), longest=LONGEST_TEXT)
    field = SelectField(_l("Handlungsfeld"))
    criteria = FieldList(
        FormField(CriterionForm),
        _l("Erfolgskriterien"),
        description=_l(
            "Woran erkennen Sie, dass das Ziel erreicht ist? Mindestens eines vor dem Beschluss."
            " Eine Zeile, die leer bleibt, zählt nicht."
        ),
        max_entries=50,
    )

    def prepare(self, titles: Mapping[str, str], before: ElementContent | None) -> None:
        super().prepare(titles, before)
        self.field.choices = choices(_field_choices(titles))
        _fill_up(self.criteria, self.is_submitted())

    def content(self) -> ElementContent:
        return ElementContent(
            title=self.title.data or "",
            text=self.text.data or "",
            field=self.field.data or None,
            criteria=tuple(
                Criterion(row.what.data, row.target.data, row.due_on.data)
                for row in (entry.form for entry in self.criteria)
                if row.what.data and row.target.data and row.due_on.data
            ),
        )


class FinancingForm(PartForm):
    """Money of one year from one source. A row that is left empty does not count."""

    year = IntegerField(
        _l("Jahr"), [Optional(), NumberRange(2000, 2100, _l("Ein Jahr zwischen 2000 und 2100."))]
    )
    source = SelectField(
        _l("Quelle"), choices=choices((each.value, LABELS[each]) for each in FundingSource)
    )
    amount = AmountField(_l("Betrag in Euro"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for year and amount as soon as one of them is there."""
        is_fine = super().validate(extra_validators)
        if (self.year.data is None) == (self.amount.data is None):
            return is_fine
        part = self.year if self.year.data is None else self.amount
        if not part.errors:
            part.errors = [*part.errors, _("Bitte füllen Sie auch dieses Feld aus.")]
        return False


class MeasureForm(ElementForm):
    """The profile of a measure, as the Steckbrief asks for it."""

    kind = ElementKind.MEASURE
    rows = ("financing",)
    text = text_field(_l("Was wird getan?"), longest=LONGEST_TEXT)
    expected_effect = text_field(
        _l("Erwartete Wirkung"), description=_l("Was wird dadurch besser?")
    )
    goals = CheckboxesField(
        _l("Dient dem Ziel"),
        description=_l("Mindestens eines, wenn die Maßnahme nicht in einem anderen Plan steht."),
    )
    field = SelectField(_l("Handlungsfeld"))
    lead = line_field(_l("Federführung"), description=_l("Amt oder Stelle, die verantwortlich ist"))
    participants = text_field(_l("Beteiligte"), description=_l("Wer wirkt mit?"))
    priority = RadioField(
        _l("Priorität"),
        choices=choices(
            [("", _l("noch offen")), *((each.value, LABELS[each]) for each in Priority)]
        ),
        default="",
    )
    starts = SelectField(_l("Beginn"))
    ends = SelectField(_l("Ende"))
    financing = FieldList(
        FormField(FinancingForm),
        _l("Finanzierung"),
        description=_l("In ganzen Euro, je Jahr und Quelle. Leere Zeilen zählen nicht."),
        max_entries=60,
    )
    data_protection = text_field(
        _l("Datenschutz"),
        description=_l(
            "Welche Daten von Personen braucht die Maßnahme? Ist eine Folgenabschätzung nötig?"
        ),
    )
    external_home = line_field(
        _l("Steht in einem anderen Plan"),
        description=_l("Nur wenn die Maßnahme anderswo geführt wird, zum Beispiel im INSEK"),
    )

    def prepare(self, titles: Mapping[str, str], before: ElementContent | None) -> None:
        super().prepare(titles, before)
        self.field.choices = choices(_field_choices(titles))
        self.goals.choices = choices(_named(titles, "Z-"))
        for choice in (self.starts, self.ends):
            choice.choices = choices(_quarter_choices(choice.object_data))
        _fill_up(self.financing, self.is_submitted())

    def validate_ends(self, field: SelectField) -> None:
        starts_on, ends_on = _quarter(self.starts.data), _quarter(field.data)
        if starts_on and ends_on and starts_on > ends_on:
            raise ValidationError(_("Das Ende liegt vor dem Beginn."))

    def content(self) -> ElementContent:
        before = self.before
        return ElementContent(
            title=self.title.data or "",
            text=self.text.data or "",
            expected_effect=self.expected_effect.data or "",
            goals=tuple(self.goals.data or ()),
            field=self.field.data or None,
            lead=self.lead.data or "",
            participants=self.participants.data or "",
            priority=Priority(self.priority.data) if self.priority.data else None,
            starts_on=_chosen_day(self.starts.data, before.starts_on if before else None),
            ends_on=_chosen_day(self.ends.data, before.ends_on if before else None, last=True),
            data_protection=self.data_protection.data or "",
            external_home=self.external_home.data or "",
            financing=tuple(
                Financing(row.year.data, FundingSource(row.source.data), row.amount.data)
                for row in (entry.form for entry in self.financing)
                if row.year.data is not None and row.amount.data is not None
            ),
        )


FORMS: dict[ElementKind, type[ElementForm]] = {
    form.kind: form for form in (VisionForm, ActionFieldForm, GoalForm, MeasureForm)
}


def values_of(content: ElementContent) -> dict[str, Any]:
    """Return what a form of the element's kind shows of a stored content."""
    return {
        **vars(content),
        "field": content.field or "",
        "goals": list(content.goals),
        "priority": content.priority.value if content.priority else "",
        "starts": _quarter_value(content.starts_on),
        "ends": _quarter_value(content.ends_on),
        "criteria": [vars(item) for item in content.criteria],
        "financing": [{**vars(item), "source": item.source.value} for item in content.financing],
    }


def _fill_up(rows: FieldList[Any], is_submitted: bool) -> None:
    """Leave empty rows below the filled ones, so that nobody needs a script to add one."""
    if not is_submitted:
        for _number in range(_EMPTY_ROWS):
            rows.append_entry()


def _quarter_value(day: date | None) -> str:
    return f"{day.year}-{quarter_of(day)}" if day else ""


def _quarter(value: str | None) -> tuple[int, int] | None:
    found = _QUARTER.fullmatch(value or "")
    return (int(found.group(1)), int(found.group(2))) if found else None


def _quarter_choices(stored: Any) -> list[tuple[str, str]]:
    """Return the quarters around today, and the stored one wherever it lies."""
    this_year = clock.today().year
    years = range(this_year - 3, this_year + 9)
    quarters = {(year, quarter) for year in years for quarter in range(1, 5)}
    known = _quarter(stored) if isinstance(stored, str) else None
    if known:
        quarters.add(known)
    named = [
        (f"{year}-{quarter}", local_quarter(quarter_start(year, quarter)))
        for year, quarter in sorted(quarters)
    ]
    return [("", _("noch offen")), *named]


def _chosen_day(value: str | None, before: date | None, *, last: bool = False) -> date | None:
    """Return the first or last day of a quarter; a day inside it that was stored is kept."""
    chosen = _quarter(value)
    if chosen is None:
        return None
    if before is not None and (before.year, quarter_of(before)) == chosen:
        return before
    return quarter_end(*chosen) if last else quarter_start(*chosen)


def _named(titles: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    return [(code, f"{code} {title}") for code, title in titles.items() if code.startswith(prefix)]


def _field_choices(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("", _("Für die ganze Strategie")), *_named(titles, "HF-")]
