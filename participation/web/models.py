"""What the web layer itself keeps: counters of the rate limits."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from participation.foundation.orm import Base


class RateCount(Base):
    """How often a keyed address did something in a window; holds no address."""

    __tablename__ = "rate_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[float] = mapped_column(sa.Double, index=True)
