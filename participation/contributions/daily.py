"""How many ideas and comments came in a day: counts for staff.

They are exact: each idea and each comment stands with its day and its number on a public page,
so a count of them tells nothing about anybody. Votes and supports have no days at all, and what
was written in a survey is counted with its sheets, in fives.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionKind,
    ContributionStatus,
)
from participation.contributions.queries import by_people
from participation.engagements.models import Engagement
from participation.foundation.clock import LOCAL_ZONE, local_date

MOST_DAYS = 120


@dataclass
class Daily:
    """What came of one kind: by day, before the first of these days, and by which ways."""

    by_day: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    earlier: int = 0
    by_channel: dict[Channel, int] = field(default_factory=lambda: defaultdict(int))


def contributions_by_day(
    session: Session, engagement: Engagement, *, at: datetime
) -> dict[ContributionKind, Daily]:
    """Return what came to an engagement by kind, but for what was withdrawn.

    The days are those of the municipality, up to today or to the end of the engagement.
    """
    days = _last_days(local_date(min(at, engagement.closes_at)))
    # The databases know no local days alike, so each day is named by where it begins.
    begins = [
        (Contribution.received_at >= datetime.combine(day, time.min, tzinfo=LOCAL_ZONE), place)
        for place, day in enumerate(days)
    ]
    received = (
        sa.select(
            Contribution.kind,
            Contribution.channel,
            sa.case(*begins, else_=len(days)).label("place"),
        )
        .where(
            Contribution.engagement_id == engagement.id,
            Contribution.kind != ContributionKind.SURVEY_REMARK,
            Contribution.status != ContributionStatus.WITHDRAWN,
            by_people(),
        )
        .subquery()
    )
    rows = session.execute(
        sa.select(*received.c, sa.func.count().label("number"))
        .group_by(*received.c)
        .order_by(received.c.place.desc())
    )
    found: dict[ContributionKind, Daily] = defaultdict(Daily)
    for row in rows:
        daily = found[row.kind]
        daily.by_channel[row.channel] += row.number
        if row.place == len(days):
            daily.earlier += row.number
        else:
            daily.by_day[days[row.place]] += row.number
    return dict(found)


def _last_days(last: date) -> list[date]:
    return [last - timedelta(days=back) for back in range(MOST_DAYS)]
