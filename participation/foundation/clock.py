"""One clock. Code that needs the time asks here, so that a test can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Europe/Berlin")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """Return the present moment in UTC."""
    return _fixed.get() or datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """Return the calendar day of a moment where the municipality is."""
    return moment.astimezone(LOCAL_ZONE).date()


def today() -> date:
    """Return today's date where the municipality is."""
    return local_date(now())


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at a moment, for tests and for demo content."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
