"""Where somebody was in a list of ideas."""

from __future__ import annotations

# Which part of the list somebody saw, as names in its address: they come back to it after
# supporting an idea.
LIST_STATE = ("sortierung", "ab", "element", "stand", "suche", "ort", "ausschnitt", "bei", "nach")
