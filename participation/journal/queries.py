"""What is read from the journal."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.journal.models import JournalEntry

PAGE = 50


def entries_of(
    session: Session, municipality_id: int, *, before: int | None = None, limit: int = PAGE
) -> Sequence[JournalEntry]:
    """Return a municipality's entries, the newest first; `before` is the last of a page."""
    rows = sa.select(JournalEntry).where(JournalEntry.municipality_id == municipality_id)
    if before is not None:
        rows = rows.where(JournalEntry.number < before)
    return session.scalars(rows.order_by(JournalEntry.number.desc()).limit(limit)).all()
