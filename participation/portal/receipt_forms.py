"""The small forms of the receipt's pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from participation.web.address_fields import address_field
from participation.web.forms import Form


class LookUpForm(Form):
    """Asks for a receipt's code. It travels in the body only, never in an address."""

    code = StringField(
        _l("Code auf Ihrem Beleg"),
        [InputRequired(_l("Bitte geben Sie den Code ein.")), Length(max=80)],
    )


class FollowForm(Form):
    """Asks for an address that wants to hear of news."""

    code = HiddenField(validators=[InputRequired(), Length(max=80)])
    email = address_field(
        _l("Ihre E-Mail-Adresse"), missing=_l("Bitte geben Sie Ihre E-Mail-Adresse ein.")
    )
    website = StringField(_l("Bitte leer lassen"))

    def validate_website(self, field: StringField) -> None:
        if field.data:
            raise ValidationError(_l("Bitte lassen Sie dieses Feld leer."))


class WithdrawForm(Form):
    """Carries the code to the question whether somebody really wants to withdraw."""

    code = HiddenField(validators=[InputRequired(), Length(max=80)])
    confirmed = HiddenField()
