"""The forms that all others build on."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in its stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from participation.foundation import clock
from participation.foundation.plain_signs import plain_block, plain_line
from participation.foundation.tokens import keyed_hash
from participation.web.kept_pages import make_for_one
from participation.web.secrets import secret_key

# A password may hold any sign, and what a page hides in a form comes back as it was.
_TAKEN_AS_THEY_ARE = (PasswordField, HiddenField)


class Form(FlaskForm):
    """A form. Signed in it carries a token; signed out the request's origin is checked."""

    class Meta(FlaskForm.Meta):
        @property
        def csrf(self) -> bool:  # type: ignore[override]
            return bool(current_user.is_authenticated)

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Make a field of the form; what is typed into it holds no sign that nobody sees."""
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, StringField) and not isinstance(field, _TAKEN_AS_THEY_ARE):
                field.filters = [_cleaner(field), *field.filters]
            return field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Tell whether the form was sent and everything in it is right."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    def is_submitted(self) -> bool:
        """Tell whether this request sends the form."""
        return bool(super().is_submitted())  # type: ignore[no-untyped-call]


class SameForm(Form):
    """A form that anybody may send as often as they like, the same for everybody.

    `website` is a trap: people do not see it, programs fill it in.
    """

    website = StringField(_l("Bitte leer lassen"))

    def validate_website(self, field: StringField) -> None:
        if field.data:
            raise ValidationError(_("Bitte lassen Sie dieses Feld leer."))


class OpenForm(SameForm):
    """A form that anybody may send once.

    `submission` is a random key made with the form: the same form sent twice is one
    submission. `opened` says when the form was made, so that it may be sent a while after
    closing.
    """

    submission = HiddenField()
    opened = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        make_for_one()
        if not self.submission.data:
            self.submission.data = secrets.token_hex(16)
        if not self.opened.data:
            self.opened.data = _sealed_moment()

    @property
    def opened_at(self) -> datetime | None:
        """When the form was made; None if the seal is broken."""
        return _moment_of(self.opened.data or "")

    def validate_submission(self, field: HiddenField) -> None:
        try:
            uuid.UUID(hex=field.data or "")
        except ValueError:
            raise ValidationError(
                _("Das Formular ist unvollständig. Bitte laden Sie die Seite neu.")
            ) from None


class BoxesField(SelectMultipleField):
    """Several choices as native checkboxes.

    What is no choice may have been one when the form was made.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        message = _l(
            "Davon gibt es hier etwas nicht oder nicht mehr. Bitte prüfen Sie Ihre Auswahl."
        )
        kwargs.setdefault("invalid_choice_message", message)
        kwargs.setdefault("invalid_value_message", message)
        super().__init__(*args, **kwargs)


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return what select, radio and checkbox fields take, from pairs of value and label."""
    return [SelectChoice(value, text) for value, text in pairs]


@dataclass(frozen=True)
class Option:
    """One box of a long list, as a template draws it by hand."""

    id: str
    value: str
    text: Any
    is_chosen: bool


def options_of(field: SelectMultipleField) -> list[Option]:
    """Return the boxes of a field, with the ids that it gives them itself.

    Going through the field makes a field of each box, which takes too long for hundreds.
    """
    chosen = set(field.data or ())
    offered: Iterable[Any] = field.choices or ()
    return [
        Option(f"{field.id}-{place}", one.value, one.label or one.value, one.value in chosen)
        for place, one in enumerate(offered)
    ]


def _cleaner(field: StringField) -> Callable[[Any], Any]:
    clean = plain_block if isinstance(field, TextAreaField) else plain_line
    return lambda typed: clean(typed) if isinstance(typed, str) else typed


def _sealed_moment() -> str:
    moment = str(int(clock.now().timestamp()))
    return f"{moment}.{keyed_hash(secret_key(), 'opened', moment)[:32]}"


def _moment_of(sealed: str) -> datetime | None:
    moment, _dot, seal = sealed.partition(".")
    if not moment.isdecimal() or len(moment) > 12:
        return None
    expected = keyed_hash(secret_key(), "opened", moment)[:32]
    if not secrets.compare_digest(seal.encode(), expected.encode()):
        return None
    return datetime.fromtimestamp(int(moment), UTC)
