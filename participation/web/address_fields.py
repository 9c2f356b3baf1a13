"""The field of a mail address, as every form asks for one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import DataRequired, Email, Length, Optional

LONGEST_ADDRESS = 254


def address_field(label: Any = None, *, missing: Any = None, description: Any = "") -> EmailField:
    """Return the field of a mail address.

    `missing` is what somebody reads who leaves it empty; without it the address may be left out.
    """
    return EmailField(
        label or _l("E-Mail-Adresse"),
        [
            DataRequired(missing) if missing else Optional(),
            Length(max=LONGEST_ADDRESS, message=_l("Diese Adresse ist zu lang.")),
            Email(_l("Das ist keine E-Mail-Adresse. Sie sieht so aus: name@beispiel.de")),
        ],
        filters=[_without_blanks],
        description=description,
    )


def _without_blanks(typed: str | None) -> str | None:
    return typed.strip() if typed else typed
