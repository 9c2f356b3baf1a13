"""The released results of an engagement, for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution
from participation.contributions.queries import by_people, published
from participation.engagements.models import Engagement, EngagementKind
from participation.insights.charts import Chart, charts_of, with_overviews
from participation.insights.comparison import comparisons_in, comparisons_of
from participation.insights.comparison_words import ShownComparison, shown_comparison
from participation.insights.models import Aggregate
from participation.insights.queries import released


@dataclass(frozen=True)
class ShownRelease:
    """The newest release: its charts, and how many counted contributions are gone since.

    `comparisons` are by the name of the chart's table.
    """

    charts: Sequence[Chart]
    comparisons: Mapping[str, ShownComparison]
    is_final: bool
    released_at: datetime
    removed: int


def results_section(session: Session, engagement: Engagement) -> dict[str, Any]:
    """Return the context of `portal/results.html`; nothing was released yet gives None."""
    rows = released_whole(session, engagement)
    if not rows:
        return {"release": None}
    charts = charts_of(session, rows)
    compared = comparisons_in(
        session, engagement, comparisons_of(session, engagement, rows), str(get_locale())[:2]
    )
    return {
        "release": ShownRelease(
            charts=with_overviews(rows, charts),
            comparisons={
                charts[row_id].table_id: shown_comparison(one) for row_id, one in compared.items()
            },
            is_final=rows[0].final,
            released_at=rows[0].released_at,
            removed=_removed_since(session, engagement, rows[0]),
        )
    }


def released_whole(session: Session, engagement: Engagement) -> Sequence[Aggregate]:
    """Return the newest release, without what stands on the page of one element only."""
    rows = released(session, engagement)
    return [row for row in rows if engagement.kind is EngagementKind.SURVEY or not row.subject]


def _removed_since(session: Session, engagement: Engagement, newest: Aggregate) -> int:
    if engagement.kind is EngagementKind.SURVEY:
        return 0
    still_there = session.scalar(
        sa.select(sa.func.count())
        .select_from(Contribution)
        .where(
            Contribution.engagement_id == engagement.id,
            Contribution.received_at <= newest.released_at,
            published(),
            by_people(),
        )
    )
    return max(0, newest.n - (still_there or 0))
