"""Form fields for what German offices write: amounts, numbers, several choices."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import TextInput

from participation.web.forms import BoxesField, Option, options_of

_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
_POINTS_AND_COMMAS = str.maketrans(".,", ",.")


LONGEST_TITLE = 200
LONGEST_LINE = 2_000
LONGEST_TEXT = 20_000


def strip(text: str | None) -> str | None:
    """Return a text without the blanks around it."""
    return text.strip() if text else text


def title_field(text: Any, **more: Any) -> StringField:
    """Return the field of a title, which is never empty."""
    message = _l("Der Titel darf höchstens 200 Zeichen haben.")
    return StringField(
        text,
        [
            DataRequired(_l("Bitte geben Sie einen Titel ein.")),
            Length(max=LONGEST_TITLE, message=message),
        ],
        filters=[strip],
        **more,
    )


def text_field(text: Any, *, longest: int = LONGEST_LINE, **more: Any) -> TextAreaField:
    """Return a field of several lines."""
    message = _l("Dieser Text ist zu lang.")
    return TextAreaField(text, [Length(max=longest, message=message)], filters=[strip], **more)


def line_field(text: Any, **more: Any) -> StringField:
    """Return a field of one line."""
    message = _l("Dieser Text ist zu lang.")
    return StringField(text, [Length(max=LONGEST_LINE, message=message)], filters=[strip], **more)


class CheckboxesField(BoxesField):
    """Several choices as native checkboxes."""

    @property
    def options(self) -> list[Option]:
        """The boxes, for templates that draw a long list of them."""
        return options_of(self)


class NumberField(Field):
    """A number as the page's language writes it: `1.234,5` in German, `1,234.5` in English.

    In German a point before one or two digits will do.
    """

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; what cannot be one stays in the field as it was typed."""
        self.data = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if not typed:
            return
        try:
            self.data = self._read(typed)
        except (ValueError, InvalidOperation):
            raise ValueError(_("Bitte geben Sie eine Zahl ein, zum Beispiel 12,5.")) from None

    def _read(self, typed: str) -> Any:
        return read_number(_exchanged(typed))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _exchanged(written_number(self.data))


class AmountField(NumberField):
    """Whole euros: `184.000`, `184000 €`."""

    def _read(self, typed: str) -> int:
        amount = read_number(_exchanged(typed.removesuffix("€").removesuffix("Euro")))
        if amount != amount.to_integral_value() or not 0 <= amount < 10**12:
            raise ValueError
        return int(amount)


def _exchanged(number: str) -> str:
    """Exchange points and commas where the page's language uses them the other way round."""
    return number if get_locale().language == "de" else number.translate(_POINTS_AND_COMMAS)


def read_number(typed: str) -> Decimal:
    """Return the number that somebody typed. Raises ValueError or InvalidOperation."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", typed)
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "")
    number = Decimal(digits)
    if not number.is_finite():
        raise ValueError
    return number


def written_number(number: Decimal | int) -> str:
    """Return a number for a field, without needless zeros."""
    text = f"{Decimal(number):,f}"
    whole, _point, rest = text.partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")
