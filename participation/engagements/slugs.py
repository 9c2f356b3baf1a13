"""The part of an address that is made from a title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 60
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})

# Segments that stand in the place of a slug in paths of our own.
RESERVED = frozenset({"neu", "benachrichtigung"})


def slug_of(title: str) -> str:
    """Return a title as small letters, digits and hyphens; `beteiligung` if nothing is left."""
    spelt_out = title.lower().translate(_SPELT_OUT)
    plain = unicodedata.normalize("NFKD", spelt_out).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
    return slug or "beteiligung"


def free_slug(title: str, taken: Collection[str]) -> str:
    """Return the slug of a title, counted up where it is taken."""
    slug = slug_of(title)
    if slug not in taken and slug not in RESERVED:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
