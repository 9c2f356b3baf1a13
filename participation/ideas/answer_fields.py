"""The part of an idea's form that asks what its call asks besides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _
from wtforms import Field, Form, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from participation.engagements.forms import strip
from participation.ideas.call_fields import LONGEST_LONG, LONGEST_SHORT
from participation.ideas.forms import EditForm, IdeaForm
from participation.ideas.models import CallField, FieldKind
from participation.web.forms import choices

_PLACE = ("place_address", "place_points")

Kind = TypeVar("Kind", bound="AskingFields")


class AskingFields(Form):
    """The part of a form that may ask more than all others do."""

    asked: Sequence[CallField] = ()

    @property
    def answers(self) -> dict[int, str]:
        """What was typed, by field."""
        return {field.id: self[field.name].data or "" for field in self.asked}

    @property
    def typed_fields(self) -> list[Field]:
        """The fields into which somebody typed something of their own."""
        names = ("title", "text", *(field.name for field in self.asked), *_PLACE)
        return [self[name] for name in names if name in self and self[name].data]


class AnsweringForm(AskingFields, IdeaForm):
    """The form of an idea with the fields of its call."""


class AnsweringEditForm(AskingFields, EditForm):
    """The form of an idea's change with the fields of its call."""


def idea_form(asked: Sequence[CallField], **values: Any) -> AnsweringForm:
    """Return the form of an idea with the fields of its call."""
    return _asking_for(AnsweringForm, asked)(**values)


def edit_form(asked: Sequence[CallField], **values: Any) -> AnsweringEditForm:
    """Return the form of an idea's change with the fields of its call."""
    return _asking_for(AnsweringEditForm, asked)(**values)


def _asking_for(kind: type[Kind], asked: Sequence[CallField]) -> type[Kind]:
    parts: dict[str, Any] = {field.name: _asking(field) for field in asked}
    return type("FormOfCall", (kind,), parts | {"asked": asked})


def _asking(field: CallField) -> Any:
    hint = " ".join(part for part in (field.help, who_reads(field)) if part)
    if field.kind is FieldKind.CHOICE:
        must = InputRequired(_("Wählen Sie eine der Möglichkeiten."))
        return RadioField(
            field.label,
            [must if field.is_required else Optional()],
            choices=choices((one, one) for one in field.choices),
            description=hint,
        )
    is_long = field.kind is FieldKind.LONG
    longest = LONGEST_LONG if is_long else LONGEST_SHORT
    checks: list[Any] = [
        Length(max=longest, message=_("Höchstens %(number)s Zeichen.", number=longest))
    ]
    if field.is_required:
        checks.insert(0, DataRequired(_("Bitte füllen Sie dieses Feld aus.")))
    kind = TextAreaField if is_long else StringField
    return kind(field.label, checks, filters=[strip], description=hint)


def who_reads(field: CallField) -> str:
    """Return what a citizen is told about who reads the answer."""
    if field.is_public:
        return str(_("Ihre Antwort steht öffentlich bei der Idee."))
    return str(_("Das liest nur die Verwaltung. Es wird nicht veröffentlicht."))
