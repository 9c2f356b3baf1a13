"""What an engagement asks of whoever comes by: an address, or the code from a letter."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from participation.web.address_fields import address_field
from participation.web.forms import OpenForm, SameForm


class AddressForm(OpenForm):
    """A mail address."""

    email = address_field(missing=_l("Geben Sie Ihre E-Mail-Adresse an."))


class SubscriptionForm(SameForm):
    """The address that wants to hear of an engagement."""

    email = address_field(missing=_l("Geben Sie Ihre E-Mail-Adresse an."))


class CodeForm(OpenForm):
    """The code from a letter. Other forms may bring it in a field of the same name."""

    code = StringField(
        _l("Code aus dem Brief"),
        name="_code",
        description=_l("Vier Gruppen mit je fünf Zeichen. Groß oder klein ist egal."),
    )
