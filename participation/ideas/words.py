"""What the title and the text of an idea must be."""

from __future__ import annotations

from participation.foundation.errors import Refused
from participation.ideas import policy


def checked_words(title: str, text: str) -> tuple[str, str]:
    """Return a title and a text as they are stored. Raises Refused."""
    # No database takes a NUL.
    title, text = " ".join(title.replace("\0", "").split()), text.replace("\0", "").strip()
    if not title:
        raise Refused("an idea needs a title", field="title")
    if len(title) > policy.LONGEST_TITLE:
        raise Refused(f"a title has at most {policy.LONGEST_TITLE} characters", field="title")
    if not text:
        raise Refused("an idea needs a text", field="text")
    if len(text) > policy.LONGEST_TEXT:
        raise Refused(f"a text has at most {policy.LONGEST_TEXT} characters", field="text")
    return title, text
