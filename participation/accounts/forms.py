"""What people fill in to sign in and to keep their account."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from participation.accounts import policy
from participation.accounts.passwords import LONGEST, SHORTEST
from participation.web.address_fields import LONGEST_ADDRESS, address_field
from participation.web.forms import Form, OpenForm

_LONGEST_NAME = 80


def one_line(text: str | None) -> str | None:
    """Return a text as one line without blanks around it."""
    return " ".join(text.split()) if text else text


def name_field() -> StringField:
    """Return the field of a person's name."""
    return StringField(
        _l("Ihr Name"),
        [
            DataRequired(_l("Geben Sie Ihren Namen ein.")),
            Length(max=_LONGEST_NAME, message=_l("Der Name darf höchstens 80 Zeichen haben.")),
        ],
        filters=[one_line],
    )


def refuse_easily_guessed(_form: Form, field: PasswordField) -> None:
    """Refuse what is tried first by whoever guesses."""
    if policy.is_easily_guessed(field.data or ""):
        raise ValidationError(_("Dieses Passwort wird zu oft benutzt. Wählen Sie ein anderes."))


def new_password_field(label: str = _l("Passwort")) -> PasswordField:
    """Return the field of a password that is being chosen."""
    return PasswordField(
        label,
        [
            DataRequired(_l("Wählen Sie ein Passwort.")),
            Length(
                min=SHORTEST,
                message=_l("Das Passwort ist zu kurz. Es braucht mindestens 10 Zeichen."),
            ),
            Length(max=LONGEST, message=_l("Das Passwort darf höchstens 200 Zeichen haben.")),
            refuse_easily_guessed,
        ],
        description=_l("Mindestens 10 Zeichen. Ein kurzer Satz lässt sich gut merken."),
    )


class SignInForm(Form):
    """Address and password. `next` and `kept` say how it goes on afterwards."""

    email = EmailField(
        _l("E-Mail-Adresse"),
        [
            DataRequired(_l("Geben Sie Ihre E-Mail-Adresse ein.")),
            Length(max=LONGEST_ADDRESS, message=_l("Diese Adresse ist zu lang.")),
        ],
        filters=[one_line],
    )
    password = PasswordField(
        _l("Passwort"),
        [
            DataRequired(_l("Geben Sie Ihr Passwort ein.")),
            Length(max=LONGEST, message=_l("Das Passwort darf höchstens 200 Zeichen haben.")),
        ],
    )
    next = HiddenField()
    kept = HiddenField()


class CodeForm(Form):
    """The second factor's code, in the step after the password."""

    code = StringField(
        _l("Code aus der App"),
        [
            DataRequired(_l("Geben Sie den Code aus Ihrer App ein.")),
            Length(max=20, message=_l("Der Code hat sechs Ziffern.")),
        ],
        description=_l("Sechs Ziffern. Sie wechseln alle 30 Sekunden."),
    )
    proof = HiddenField()
    next = HiddenField()
    kept = HiddenField()


class SecondFactorForm(Form):
    """The first code of an app that is being set up. `salt` says which secret it was shown."""

    code = StringField(
        _l("Code aus der App"),
        [
            DataRequired(_l("Geben Sie den Code aus Ihrer App ein.")),
            Length(max=20, message=_l("Der Code hat sechs Ziffern.")),
        ],
        description=_l("Sechs Ziffern. Sie wechseln alle 30 Sekunden."),
    )
    salt = HiddenField()
    next = HiddenField()


class AddressForm(OpenForm):
    """An address that a link is sent to."""

    email = address_field(missing=_l("Geben Sie Ihre E-Mail-Adresse ein."))
    next = HiddenField()


class NewPasswordForm(Form):
    """A new password in place of a forgotten one."""

    password = new_password_field(_l("Neues Passwort"))


class NewAccountForm(Form):
    """A new account for an address that is known from the link."""

    name = name_field()
    password = new_password_field()


class NameForm(Form):
    """How somebody is called."""

    name = name_field()


class PasswordForm(Form):
    """A new password, by somebody who knows the present one."""

    current_password = PasswordField(
        _l("Bisheriges Passwort"),
        [
            DataRequired(_l("Geben Sie Ihr bisheriges Passwort ein.")),
            Length(max=LONGEST, message=_l("Das Passwort darf höchstens 200 Zeichen haben.")),
        ],
    )
    password = new_password_field(_l("Neues Passwort"))


class SingleKeysForm(Form):
    """Whether single letters work as shortcuts."""

    single_keys = BooleanField(
        _l("Einzelne Tasten als Abkürzung benutzen"),
        description=_l(
            "Zum Beispiel „V“ für Veröffentlichen in der Moderation. Schalten Sie das aus, wenn "
            "Sie Ihren Computer mit der Stimme bedienen."
        ),
    )
