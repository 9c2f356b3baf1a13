"""Tables that were taken over as one act, and which ideas or comments came of each."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from participation.contributions.models import Channel
from participation.foundation.orm import Base, one_of


class TableImport(Base):
    """A table of ideas or comments that was taken over. `content_hash` knows it again."""

    __tablename__ = "table_import"
    __table_args__ = (
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("origin <> ''", name="origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    origin: Mapped[str]
    # How many ideas or comments it had.
    number: Mapped[int]
    content_hash: Mapped[str]
    # The random key of the form: sent twice, it is one table.
    submission: Mapped[str] = mapped_column(unique=True)
    imported_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class TableImportRow(Base):
    """That an idea or a comment came of a table."""

    __tablename__ = "table_import_row"
    __table_args__ = ({"sqlite_with_rowid": False},)

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(
            "contribution.id", ondelete="CASCADE", deferrable=True, initially="IMMEDIATE"
        ),
        primary_key=True,
    )
    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("table_import.id", ondelete="CASCADE"), index=True
    )
