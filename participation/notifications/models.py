"""Mail that is to be sent: an address, a template and what the template needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from participation.foundation.orm import Base


class OutboxMessage(Base):
    """One mail to one address. `key` keeps the same news from being sent twice.

    `refused_at` is when a mail server said that the address takes no mail for good.
    """

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    template: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
