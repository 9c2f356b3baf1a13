"""When staff may enter what came on other ways. Predicates only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from participation.contributions.models import Channel
from participation.engagements.models import Engagement, EngagementState
from participation.foundation.clock import local_date

# The ways that staff can name.
CHANNELS = (Channel.LETTER, Channel.PHONE, Channel.WORKSHOP, Channel.COUNTER)
LONGEST_ORIGIN = 120
_LONGEST_WAY = timedelta(days=366)


def takes_entries(engagement: Engagement, *, at: datetime) -> bool:
    """Tell whether something may be entered: while it is open, and after its end until the
    final results are out, because a letter takes a few days.
    """
    return engagement.state_at(at) in {EngagementState.OPEN, EngagementState.CLOSED}


def is_likely_day(day: date, *, at: datetime) -> bool:
    """Tell whether something can have come on a day: not tomorrow, and not years ago."""
    today = local_date(at)
    return today - _LONGEST_WAY <= day <= today
