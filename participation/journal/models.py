"""The log of what was decided. Rows are only ever added; the database refuses the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from participation.foundation.orm import Base


class JournalEntry(Base):
    """One decision. `digest` covers the entry and the digest before it.

    `facts` holds numbers, codes and random ids, never a name, an address or a text of a citizen.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (sa.Index("ix_journal_entry_municipality", "municipality_id", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    municipality_id: Mapped[int | None]
    actor_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    digest: Mapped[str] = mapped_column(unique=True)
