"""What people read of a refusal, in the language of the page."""

from __future__ import annotations

from flask_babel import gettext as _

from participation.foundation.errors import ParticipationError
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
    if field is None or not isinstance(field.errors, list | tuple):
        form.form_errors.append(told(refusal))
        return
    field.errors = [*field.errors, told(refusal)]
