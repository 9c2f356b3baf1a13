"""How addresses name the parts of a comment round."""

from __future__ import annotations

# Stands where the code of a passage would, for the text as a whole.
WHOLE = "gesamt"
_LARGEST = 2**31 - 1


def small_number(text: str | None) -> int | None:
    """Return the number of a comment in an address; None if it cannot be one."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if 0 < number <= _LARGEST else None
