"""What the form of an engagement begins with: good defaults, or what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from participation.engagements.models import Audience, Engagement, ModerationMode, ResultsMode
from participation.foundation import clock

_USUAL_LENGTH = timedelta(days=28)
_CLOSING_TIME = time(23, 59)


def starting_values() -> dict[str, Any]:
    """Return good defaults for a new engagement: four weeks from now, open to everybody."""
    now = clock.now().astimezone(clock.LOCAL_ZONE)
    return {
        "opens_on": now.date(),
        "opens_time": now.time().replace(minute=0, second=0, microsecond=0),
        "closes_on": now.date() + _USUAL_LENGTH,
        "closes_time": _CLOSING_TIME,
        "audience": Audience.OPEN,
        "moderation_mode": ModerationMode.BEFORE,
        "results_mode": ResultsMode.AT_CLOSING,
    }


def values_of(engagement: Engagement) -> dict[str, Any]:
    """Return a stored engagement as the form shows it."""
    opens_at = engagement.opens_at.astimezone(clock.LOCAL_ZONE)
    closes_at = engagement.closes_at.astimezone(clock.LOCAL_ZONE)
    return {
        "title": engagement.title,
        "summary": engagement.summary,
        "scope_open": engagement.scope_open,
        "scope_closed": engagement.scope_closed,
        "elements": [element.code for element in engagement.elements],
        "opens_on": opens_at.date(),
        "opens_time": opens_at.time(),
        "closes_on": closes_at.date(),
        "closes_time": closes_at.time(),
        "audience": engagement.audience,
        "moderation_mode": engagement.moderation_mode,
        "results_mode": engagement.results_mode,
        "remind_days": str(engagement.remind_days or ""),
    }


def moment_of(day: date | None, hour: time | None) -> datetime | None:
    """Return a local day and time as a moment in UTC; None if one of them is missing."""
    if day is None or hour is None:
        return None
    return datetime.combine(day, hour, tzinfo=clock.LOCAL_ZONE).astimezone(UTC)
