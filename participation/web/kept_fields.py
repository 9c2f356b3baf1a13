"""What somebody typed, kept for one more page when their form could not be taken."""

from __future__ import annotations

from flask import request

from participation.web.challenges import ANSWER, TOKEN

Fields = list[tuple[str, str]]

_TOKEN = "csrf_token"  # noqa: S105 - the name of a field.
# That a form had files, which no page can send again.
FILES_LOST = "_files_lost"
_ONCE = frozenset({_TOKEN, TOKEN, ANSWER, FILES_LOST})
_TECHNICAL = frozenset({_TOKEN, "submission", "opened", "website"})


def fields_to_send_again() -> Fields:
    """Return the fields of this request for a form that sends them again.

    Without its token, and without the answer to a question, which is good for one try.
    """
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in _ONCE]
    if had_files():
        kept.append((FILES_LOST, "1"))
    return kept


def had_files() -> bool:
    """Tell whether this request brought files, or is the second try of one that did."""
    return FILES_LOST in request.form or any(file.filename for file in request.files.values())


def texts_to_copy() -> list[str]:
    """Return what a person wrote in this request: no keys, no numbers, never a password."""
    return [
        value
        for name, value in request.form.items(multi=True)
        if name not in _TECHNICAL
        and not name.startswith("_")
        and "password" not in name
        and any(sign.isspace() for sign in value.strip())
    ]
