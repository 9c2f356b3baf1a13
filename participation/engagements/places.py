"""How addresses name a place in a list."""

from __future__ import annotations

_LARGEST = 2**31 - 1


def row_number(text: str | None) -> int | None:
    """Return the id in an address at which a list goes on; None if it cannot be one."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if number <= _LARGEST else None
