"""What people read of a refusal, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash
from flask_babel import gettext as _
from wtforms import Field, HiddenField

from participation.foundation.errors import Conflict, ParticipationError, Refused
from participation.web.extensions import db
from participation.web.forms import Form


def sentence_of(refusal: ParticipationError) -> str:
    """Return what a refusal tells people; nothing if its message is for developers."""
    if not str(refusal)[:1].isupper():
        return ""
    return str(_(refusal.message, **refusal.values))


def told(refusal: ParticipationError) -> str:
    """Return what a refusal tells people, something general if its message is for developers."""
    return sentence_of(refusal) or str(_("Das hat nicht geklappt. Bitte prüfen Sie Ihre Angaben."))


def show_refusal(form: Form, refusal: ParticipationError) -> None:
    """Put what an operation refused at the field that it names, or above the form."""
    name = getattr(refusal, "field", None)
    field = form[name] if name and name in form else None
    if field is None or not _is_read_there(field):
        form.form_errors.append(told(refusal))
        return
    field.errors = [*field.errors, told(refusal)]


def _is_read_there(field: Field) -> bool:
    return isinstance(field.errors, list | tuple) and not isinstance(field, HiddenField)


@contextmanager
def kept_or_told(words: str) -> Iterator[None]:
    """Keep what is done inside and say so in `words`; undo it and say why where it is refused.

    The request goes on either way, to the page on which both are read.
    """
    try:
        yield
    except (Conflict, Refused) as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
    else:
        db.session.commit()
        flash(words, "success")
