"""The codes on letters: 95 bits in an alphabet that survives bad print, and a check sign.

A code follows from the server's key, the key of a list, which only the town keeps, and from
what stands on the letter. So the same list with the same key gives the same codes again, for
a reminder, and neither the database nor the server alone can tell whose code is whose.
"""

from __future__ import annotations

import secrets

from participation.foundation.tokens import (
    ALPHABET,
    CODE_LENGTH,
    code_from,
    keyed_hash,
    read_code,
    written_code,
)

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
# x⁵ + x² + 1, primitive over two elements: every wrong sign and every two that changed places
# in a code of up to 31 signs give another check sign.
_POLYNOMIAL = 0b100101


def invitation_code(key: bytes, engagement_id: int, list_key: str, *letter: str) -> str:
    """Return the code that belongs to a letter of a list."""
    return _checked(code_from(key, "invitation", str(engagement_id), list_key, *letter))


def new_list_key() -> str:
    """Return the key of a new list; it is shown once and stored nowhere."""
    return _checked("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))


def code_hash(key: bytes, engagement_id: int, code: str) -> str:
    """Return what the database keeps of a code."""
    return keyed_hash(key, "invitation code", str(engagement_id), code)


def list_hash(key: bytes, engagement_id: int, list_key: str) -> str:
    """Return what the database keeps of a list's key."""
    return keyed_hash(key, "letter list", str(engagement_id), list_key)


def as_written(code: str) -> str:
    """Return a code in four groups of five, as it stands on a letter."""
    return written_code(code)


def read_written(written: str) -> str | None:
    """Return the code that somebody typed; None if it has the wrong length or check sign."""
    if len(written) > 200:
        return None
    signs = [sign for sign in written if sign.isalnum()]
    code = read_code(written) if len(signs) == CODE_LENGTH else None
    return code if code is not None and code == _checked(code) else None


def _checked(code: str) -> str:
    """Return the code with its last sign replaced by the check sign of the others."""
    body = code[: CODE_LENGTH - 1]
    total = 0
    for letter in body:
        total = _doubled(total ^ _VALUES[letter])
    return body + ALPHABET[total]


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value > 31 else value
