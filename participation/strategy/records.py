"""What is read about what happens to elements: progress, milestones, indicators."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.foundation.errors import NotFound
from participation.strategy.models import (
    Element,
    Indicator,
    Measurement,
    Milestone,
    ProgressReport,
)


def latest_progress(session: Session, strategy_id: int) -> dict[int, ProgressReport]:
    """Return the report that counts, of every measure that has one, by element id."""
    reports = session.scalars(_latest_reports(), {"strategy_id": strategy_id})
    return {report.element_id: report for report in reports}


@cache
def _latest_reports() -> sa.Executable:
    place = (
        sa.func.row_number()
        .over(
            partition_by=ProgressReport.element_id,
            order_by=(ProgressReport.reported_on.desc(), ProgressReport.id.desc()),
        )
        .label("place")
    )
    ranked = (
        sa.select(ProgressReport.id.label("id"), place)
        .join(Element, Element.id == ProgressReport.element_id)
        .where(Element.strategy_id == sa.bindparam("strategy_id"))
        .subquery()
    )
    return (
        sa.select(ProgressReport)
        .join(ranked, ranked.c.id == ProgressReport.id)
        .where(ranked.c.place == 1)
    )


def progress_reports(session: Session, element_id: int, limit: int = 50) -> list[ProgressReport]:
    """Return how a measure stood, the latest first."""
    return list(
        session.scalars(
            sa.select(ProgressReport)
            .where(ProgressReport.element_id == element_id)
            .order_by(ProgressReport.reported_on.desc(), ProgressReport.id.desc())
            .limit(limit)
        )
    )


def milestones_of(session: Session, element_id: int) -> list[Milestone]:
    """Return the milestones of a measure in the order of their planned days."""
    return _by_element(session, Milestone.element_id == element_id).get(element_id, [])


def milestones_of_strategy(session: Session, strategy_id: int) -> dict[int, list[Milestone]]:
    """Return all milestones of a strategy in the order of their planned days, by element id."""
    of_strategy = sa.select(Element.id).where(Element.strategy_id == strategy_id)
    return _by_element(session, Milestone.element_id.in_(of_strategy))


def _by_element(session: Session, condition: sa.ColumnElement[bool]) -> dict[int, list[Milestone]]:
    found: dict[int, list[Milestone]] = {}
    for milestone in session.scalars(
        sa.select(Milestone).where(condition).order_by(Milestone.planned_on, Milestone.id)
    ):
        found.setdefault(milestone.element_id, []).append(milestone)
    return found


def indicators_of(session: Session, element_ids: Iterable[int]) -> dict[int, list[Indicator]]:
    """Return the indicators of elements with their measurements, by element id."""
    found: dict[int, list[Indicator]] = {}
    for indicator in session.scalars(
        sa.select(Indicator)
        .where(Indicator.element_id.in_(list(element_ids)))
        .order_by(Indicator.id)
        .options(joinedload(Indicator.measurements))
    ).unique():
        found.setdefault(indicator.element_id, []).append(indicator)
    return found


def get_indicator(session: Session, element_id: int, indicator_id: int) -> Indicator:
    """Return an indicator of this element or raise NotFound."""
    indicator = session.get(Indicator, indicator_id)
    if indicator is None or indicator.element_id != element_id:
        raise NotFound("Diesen Indikator gibt es nicht.")
    return indicator


def get_milestone(session: Session, element_id: int, milestone_id: int) -> Milestone:
    """Return a milestone of this element or raise NotFound."""
    milestone = session.get(Milestone, milestone_id)
    if milestone is None or milestone.element_id != element_id:
        raise NotFound("Diesen Meilenstein gibt es nicht.")
    return milestone


def get_measurement(session: Session, indicator_id: int, measurement_id: int) -> Measurement:
    """Return a measurement of this indicator or raise NotFound."""
    measurement = session.get(Measurement, measurement_id)
    if measurement is None or measurement.indicator_id != indicator_id:
        raise NotFound("Diesen Messwert gibt es nicht.")
    return measurement
