"""What a clerk fills in about any engagement, and what people fill in to hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from participation.engagements.form_values import moment_of
from participation.engagements.labels import LABELS
from participation.engagements.models import (
    Audience,
    Engagement,
    ModerationMode,
    ResultsMode,
)
from participation.engagements.participant_groups import LONGEST_NAME as LONGEST_GROUP
from participation.engagements.plans import (
    LONGEST_TITLE,
    LONGEST_WORDS,
    WORDS,
    EngagementPlan,
)
from participation.foundation import clock
from participation.strategy.models import Element
from participation.web.forms import BoxesField, Form, Option, choices, options_of

_GROUPS = (
    ("HF", _l("Handlungsfelder")),
    ("Z", _l("Ziele")),
    ("M", _l("Maßnahmen")),
    ("L", _l("Leitbild")),
)

Choice = TypeVar("Choice", bound=Enum)


def strip(text: str | None) -> str | None:
    """Return a text as it was meant: without the blanks around it, with plain line ends.

    Browsers send two signs for the end of a line that they count as one, and no database
    takes a NUL.
    """
    if not text:
        return text
    return text.replace("\0", "").replace("\r\n", "\n").strip()


class CheckboxesField(BoxesField):
    """Several choices as native checkboxes."""


@dataclass(frozen=True)
class ChoiceGroup:
    """Elements of one kind, to be shown together; `chosen` counts what is ticked."""

    name: str
    title: Any
    options: list[Option]
    chosen: int


def enum_field(label: Any, kind: type[Choice], **more: Any) -> RadioField:
    """Return a field that offers every member of an enum and gives the member itself."""
    return RadioField(
        label,
        choices=choices((member.value, LABELS[member]) for member in kind),
        coerce=lambda value: value if isinstance(value, kind) else kind(value),
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
        **more,
    )


def day_field(label: Any) -> DateField:
    """Return a field for a day, also for one typed as `24.11.2026`."""
    message = _l("Geben Sie einen Tag an, zum Beispiel 24.11.2026.")
    return DateField(  # type: ignore[call-arg] # The stubs know no message of one's own.
        label,
        [InputRequired(message)],
        format=["%Y-%m-%d", "%d.%m.%Y"],
        invalid_value_message=message,
    )


def time_field(label: Any) -> TimeField:
    """Return a field for a time of day."""
    message = _l("Geben Sie eine Uhrzeit an, zum Beispiel 23:59.")
    return TimeField(  # type: ignore[call-arg]
        label,
        [InputRequired(message)],
        format=["%H:%M", "%H:%M:%S"],
        invalid_value_message=message,
    )


def element_groups(field: SelectMultipleField) -> list[ChoiceGroup]:
    """Return the choices of elements by kind, in the order in which people look for them."""
    every = options_of(field)
    groups = []
    for prefix, title in _GROUPS:
        options = [option for option in every if option.value.partition("-")[0] == prefix]
        if options:
            ticked = sum(option.is_chosen for option in options)
            groups.append(ChoiceGroup(prefix, title, options, ticked))
    return groups


def groups_by_field(field: SelectMultipleField, standing: Mapping[str, str]) -> list[ChoiceGroup]:
    """Return the choices of elements by action field, each with what stands in it.

    `standing` names the field of each element by codes. The rest comes by kind.
    """
    every = options_of(field)
    titles = {option.value: option.text for option in every}
    chapters = set(standing.values())
    groups = {
        code: [option for option in every if code in {option.value, standing.get(option.value)}]
        for code in titles
        if code in chapters
    }
    found = [
        ChoiceGroup(code, titles[code], options, sum(one.is_chosen for one in options))
        for code, options in groups.items()
    ]
    placed = {option.value for options in groups.values() for option in options}
    for group in element_groups(field):
        left = [option for option in group.options if option.value not in placed]
        if left:
            ticked = sum(option.is_chosen for option in left)
            found.append(ChoiceGroup(group.name, group.title, left, ticked))
    return found


class EngagementForm(Form):
    """The part that every kind of engagement has. Kinds add their own fields.

    `data=starting_values()` fills a new one in, `data=values_of(engagement)` a stored one.
    """

    title = StringField(
        _l("Titel"),
        [
            DataRequired(_l("Geben Sie der Beteiligung einen Titel.")),
            Length(max=LONGEST_TITLE, message=_l("Der Titel darf höchstens 120 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Kurz und verständlich. Er steht auf der Startseite."),
    )
    summary = TextAreaField(
        _l("Worum geht es?"),
        [Length(max=600, message=_l("Die Zusammenfassung darf höchstens 600 Zeichen haben."))],
        filters=[strip],
        description=_l("Zwei oder drei Sätze, die alle verstehen."),
    )
    scope_open = TextAreaField(
        _l("Was kann hier entschieden werden?"),
        [
            DataRequired(_l("Sagen Sie, worüber noch nicht entschieden ist.")),
            Length(max=1500, message=_l("Der Text darf höchstens 1.500 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Zum Beispiel: an welchen Orten zuerst etwas geschieht."),
    )
    scope_closed = TextAreaField(
        _l("Was steht schon fest?"),
        [
            DataRequired(_l("Sagen Sie, was nicht mehr offen ist.")),
            Length(max=1500, message=_l("Der Text darf höchstens 1.500 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Das schützt vor falschen Erwartungen. Nennen Sie auch den Grund."),
    )
    elements = CheckboxesField(
        _l("Um welche Teile der Strategie geht es?"),
        description=_l("Wählen Sie mindestens einen Teil. Dort erscheinen später die Ergebnisse."),
        validate_choice=True,
    )
    opens_on = day_field(_l("Beginnt am"))
    opens_time = time_field(_l("um"))
    closes_on = day_field(_l("Endet am"))
    closes_time = time_field(_l("um"))
    remind_days = SelectField(
        _l("Vor dem Ende erinnern"),
        choices=choices(
            [
                ("", _l("Nicht erinnern")),
                ("1", _l("Einen Tag vorher")),
                ("3", _l("Drei Tage vorher")),
                ("7", _l("Eine Woche vorher")),
            ]
        ),
        default="",
        description=_l(
            "Eine E-Mail an alle, die sich für Neuigkeiten zu dieser Beteiligung eingetragen haben."
        ),
    )
    audience = enum_field(_l("Wer kann mitmachen?"), Audience)
    moderation_mode = enum_field(_l("Wann wird geprüft, was Menschen schreiben?"), ModerationMode)
    results_mode = enum_field(_l("Wann werden Ergebnisse gezeigt?"), ResultsMode)

    # What is fixed once an engagement has opened.
    RULES = (
        "opens_on",
        "opens_time",
        "closes_on",
        "closes_time",
        "audience",
        "moderation_mode",
        "results_mode",
    )

    def offer_elements(self, elements: Sequence[tuple[str, str]]) -> None:
        """Say which elements can be chosen, as pairs of code and title."""
        self.elements.choices = choices(elements)

    def freeze_rules(self) -> None:
        """Leave out what is fixed since the engagement opened."""
        for name in self.RULES:
            del self[name]

    @property
    def element_groups(self) -> list[ChoiceGroup]:
        """The choices of elements by kind."""
        return element_groups(self.elements)

    @property
    def has_rules(self) -> bool:
        """Whether dates and rules can still be changed."""
        return "opens_on" in self

    def validate_elements(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_l("Wählen Sie mindestens einen Teil der Strategie."))

    def validate_closes_on(self, field: DateField) -> None:
        closes_at = moment_of(field.data, self.closes_time.data)
        opens_at = moment_of(self.opens_on.data, self.opens_time.data)
        if closes_at is None or opens_at is None:
            return
        if closes_at <= opens_at:
            raise ValidationError(_l("Das Ende muss nach dem Beginn liegen."))
        if closes_at <= clock.now():
            raise ValidationError(_l("Das Ende muss in der Zukunft liegen."))

    def plan(
        self, elements: Mapping[str, Element], *, frozen: Engagement | None = None
    ) -> EngagementPlan:
        """Return what was filled in; of an engagement that has opened the rules stay.

        `elements` are those that were chosen, by their code.
        """
        chosen = tuple(elements[code] for code in self.elements.data or () if code in elements)
        words = {
            "title": self.title.data or "",
            "summary": self.summary.data or "",
            "scope_open": self.scope_open.data or "",
            "scope_closed": self.scope_closed.data or "",
        }
        if frozen is not None:
            kept = tuple(item for item in frozen.elements if item not in chosen)
            return EngagementPlan(
                **words,
                elements=chosen + kept,
                opens_at=frozen.opens_at,
                closes_at=frozen.closes_at,
                audience=frozen.audience,
                moderation_mode=frozen.moderation_mode,
                results_mode=frozen.results_mode,
                remind_days=self._remind_days,
            )
        return EngagementPlan(
            **words,
            elements=chosen,
            opens_at=_filled(self.opens_on, self.opens_time),
            closes_at=_filled(self.closes_on, self.closes_time),
            audience=self.audience.data,
            moderation_mode=self.moderation_mode.data,
            results_mode=self.results_mode.data,
            remind_days=self._remind_days,
        )

    @property
    def _remind_days(self) -> int | None:
        return int(self.remind_days.data) if self.remind_days.data else None


class ExtensionForm(Form):
    """Until when an engagement stays open instead, and why."""

    closes_on = day_field(_l("Neues Ende am"))
    closes_time = time_field(_l("um"))
    reason = StringField(
        _l("Warum wird verlängert?"),
        [
            DataRequired(_l("Geben Sie den Grund an. Er steht öffentlich bei der Beteiligung.")),
            Length(max=300, message=_l("Der Grund darf höchstens 300 Zeichen haben.")),
        ],
        filters=[strip],
        description=_l("Ein Satz. Er steht öffentlich bei der Beteiligung."),
    )
    tell = BooleanField(_l("Alle benachrichtigen, die sich dafür eingetragen haben"))
    # When it ends so far.
    ends_at: datetime

    def validate_closes_on(self, field: DateField) -> None:
        """Refuse an end that is none later."""
        chosen = moment_of(field.data, self.closes_time.data)
        if chosen is not None and chosen <= self.ends_at:
            raise ValidationError(_l("Das neue Ende muss später liegen als das bisherige."))

    @property
    def closes_at(self) -> datetime:
        """The moment that was filled in."""
        return _filled(self.closes_on, self.closes_time)


class EasyForm(Form):
    """The words of an engagement in easy language."""

    title = StringField(
        _l("Titel"),
        [
            Length(
                max=LONGEST_WORDS["title"],
                message=_l("Der Titel darf höchstens 200 Zeichen haben."),
            )
        ],
        filters=[strip],
    )
    summary = TextAreaField(
        _l("Worum geht es?"),
        [Length(max=LONGEST_WORDS["summary"], message=_l("Höchstens 2.000 Zeichen."))],
        filters=[strip],
    )
    scope_open = TextAreaField(
        _l("Was kann hier entschieden werden?"),
        [Length(max=LONGEST_WORDS["scope_open"], message=_l("Höchstens 1.500 Zeichen."))],
        filters=[strip],
    )
    scope_closed = TextAreaField(
        _l("Was steht schon fest?"),
        [Length(max=LONGEST_WORDS["scope_closed"], message=_l("Höchstens 1.500 Zeichen."))],
        filters=[strip],
    )

    @property
    def words(self) -> dict[str, str]:
        """What was filled in, by part."""
        return {part: self[part].data or "" for part in WORDS if part in self}


class GroupForm(Form):
    """The name of an invited group."""

    name = StringField(
        _l("Name der Gruppe"),
        [
            DataRequired(_l("Bitte geben Sie an, wie die Gruppe heißt.")),
            Length(max=LONGEST_GROUP, message=_l("Bitte kürzen Sie den Namen auf 60 Zeichen.")),
        ],
        filters=[strip],
        description=_l("Zum Beispiel: Jugendbeirat. Der Name steht später bei den Ergebnissen."),
    )


def _filled(day: DateField, hour: TimeField) -> datetime:
    moment = moment_of(day.data, hour.data)
    if moment is None:
        raise ValueError("a form is read before it was found to be right")
    return moment
