"""The word stems of ideas, by which they are found and compared."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.similarity import stems
from participation.ideas.models import Idea, IdeaStem


def stems_of(idea: Idea) -> list[str]:
    """Return the stems of what an idea says."""
    return sorted({*stems(idea.title), *stems(idea.text)})


def insert_stems(session: Session, ideas: Sequence[Idea]) -> None:
    """Write the stems of many ideas at once; one object each would take most of the time."""
    rows = [
        {"idea_call_id": idea.idea_call_id, "stem": stem, "idea_id": idea.id}
        for idea in ideas
        for stem in stems_of(idea)
    ]
    if rows:
        session.execute(sa.insert(IdeaStem.__table__), rows)  # type: ignore[arg-type]
