"""Questions that feed indicators: at the final release of a survey a value is measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.analysis.margins import margin_of_mean
from participation.engagements.models import Engagement
from participation.foundation.clock import local_date
from participation.foundation.errors import Forbidden, Refused
from participation.insights import feeds, policy
from participation.insights.comparison import wording_of
from participation.insights.models import Aggregate, IndicatorFeed
from participation.insights.queries import roles_of_actor
from participation.insights.results import SurveyTable, result_of
from participation.journal.operations import record
from participation.strategy.models import Indicator, IndicatorKind, Measurement
from participation.surveys.models import QuestionKind

_CENT = Decimal("0.01")


def put_feed(
    session: Session,
    *,
    indicator: Indicator,
    municipality_id: int,
    series: str | None,
    actor: Account | None,
    at: datetime,
) -> None:
    """Say which question feeds an indicator from its next final release on; None for no one.

    Raises Refused for an indicator that is counted rather than judged, and for a series in
    which no scale of this municipality asks.
    """
    if not policy.may_record_finding(roles_of_actor(session, actor, municipality_id)):
        raise Forbidden("only the strategy team joins questions and indicators")
    feed = session.get(IndicatorFeed, indicator.id)
    if series is None:
        if feed is not None:
            session.delete(feed)
    else:
        if indicator.kind is not IndicatorKind.QUALITATIVE:
            raise Refused("only a qualitative indicator is fed by a question", field="series")
        if all(one.series != series for one in feeds.scale_questions(session, municipality_id)):
            raise Refused("there is no such question", field="series")
        if feed is None:
            feed = IndicatorFeed(indicator_id=indicator.id)
            session.add(feed)
        feed.series = series
    record(
        session,
        at=at,
        action="indicator.fed",
        subject=f"indicator:{indicator.id}",
        municipality_id=municipality_id,
        actor_id=actor.id if actor else None,
        facts={"fed": series is not None},
    )
    session.flush()


def measure_by_survey(
    session: Session, *, engagement: Engagement, aggregates: Iterable[Aggregate], at: datetime
) -> list[Measurement]:
    """Record the mean of every scale of a final release that feeds an indicator.

    Of several versions in one survey the newest counts. The value is measured on the day on
    which the survey ended.
    """
    tables: dict[str, SurveyTable] = {}
    for row in aggregates:
        table = result_of(row)
        if not isinstance(table, SurveyTable) or table.kind is not QuestionKind.SCALE:
            continue
        if table.series and table.mean is not None:
            # The newest version stands first.
            tables.setdefault(table.series, table)
    if not tables:
        return []
    fed = session.execute(
        sa.select(IndicatorFeed.series, Indicator)
        .join(Indicator, Indicator.id == IndicatorFeed.indicator_id)
        .where(IndicatorFeed.series.in_(tables), feeds.of_municipality(engagement.municipality_id))
        .order_by(Indicator.id)
    ).all()
    measured = [
        _measured(session, indicator, tables[series], engagement, at) for series, indicator in fed
    ]
    session.add_all(measured)
    session.flush()
    return measured


def _measured(
    session: Session, indicator: Indicator, table: SurveyTable, engagement: Engagement, at: datetime
) -> Measurement:
    before = session.scalars(
        sa.select(Measurement)
        .where(Measurement.indicator_id == indicator.id)
        .order_by(Measurement.measured_on)
    ).all()
    taken = {one.measured_on for one in before}
    day = local_date(engagement.closes_at)
    if day in taken:
        # Somebody noted a value of their own for that day: this one stands on the next free one.
        day = local_date(at)
        while day in taken:
            day += timedelta(days=1)
    wording = "\n".join(wording_of(table)) + f"\n{_ends(table)[1]:.0f}"
    asked = [one for one in before if one.wording and one.measured_on < day]
    return Measurement(
        indicator_id=indicator.id,
        measured_on=day,
        value=_rounded(table.mean or 0.0),
        note=engagement.title,
        n=table.n,
        margin=_rounded(margin_of(table)),
        wording=wording,
        is_break=bool(asked) and asked[-1].wording != wording,
    )


def margin_of(table: SurveyTable) -> float:
    """Return the margin of error of a released scale; see `analysis.margins`."""
    lowest, highest = _ends(table)
    counts: list[tuple[float, int]] | None = []
    for row in table.answers:
        point = row.label
        if row.count is None or not point.isdigit() or counts is None:
            # Merged with its neighbour, or hidden.
            counts = None
            break
        counts.append((float(point), row.count))
    return margin_of_mean(counts, table.n - _aside(table), lowest=lowest, highest=highest)


def _aside(table: SurveyTable) -> int:
    """Return how many said that they can't say; they are in n, but in no mean."""
    return sum(row.count or 0 for row in table.rows if row.no_answer)


def _ends(table: SurveyTable) -> tuple[float, float]:
    """Return the first and the last point of a scale, merged with others or not."""
    first = table.answers[0].label.partition("–")[0]
    last = table.answers[-1].label.rpartition("–")[2]
    return float(first), float(last)


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_CENT, ROUND_HALF_UP)
