"""What happens to elements, whatever the version says: indicators, milestones, progress.

These are operations; `operations` offers them together with the others.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.errors import Conflict, Refused
from participation.jobs.operations import enqueue
from participation.strategy.models import (
    Direction,
    Element,
    ElementKind,
    Indicator,
    IndicatorKind,
    Measurement,
    Milestone,
    ProgressReport,
    ProgressState,
)

PROGRESS_JOB = "tell_progress"
_LARGEST = Decimal("999999999999.99")


def add_indicator(
    session: Session,
    *,
    element: Element,
    name: str,
    kind: IndicatorKind,
    unit: str,
    direction: Direction,
    baseline: Decimal | None = None,
    target: Decimal | None = None,
    target_on: date | None = None,
    source: str = "",
    interval: int = 12,
) -> Indicator:
    """Say what is measured on a measure or an action field."""
    if element.kind not in {ElementKind.MEASURE, ElementKind.ACTION_FIELD}:
        raise Refused("Indikatoren gehören zu einer Maßnahme oder zu einem Handlungsfeld.")
    indicator = Indicator(element_id=element.id)
    change_indicator(
        session,
        indicator=indicator,
        name=name,
        kind=kind,
        unit=unit,
        direction=direction,
        baseline=baseline,
        target=target,
        target_on=target_on,
        source=source,
        interval=interval,
    )
    return indicator


def change_indicator(
    session: Session,
    *,
    indicator: Indicator,
    name: str,
    kind: IndicatorKind,
    unit: str,
    direction: Direction,
    baseline: Decimal | None,
    target: Decimal | None,
    target_on: date | None,
    source: str,
    interval: int,
) -> None:
    """Correct how an indicator is described; its values stay."""
    if not name.strip():
        raise Refused("Bitte geben Sie dem Indikator einen Namen.", field="name")
    if not unit.strip():
        raise Refused("In welcher Einheit wird gemessen?", field="unit")
    if not 1 <= interval <= 60:
        raise Refused("Der Abstand liegt zwischen 1 und 60 Monaten.", field="interval")
    for field, value in (("baseline", baseline), ("target", target)):
        _refuse_unstorable(value, field)
    indicator.name = name.strip()
    indicator.kind = kind
    indicator.unit = unit.strip()
    indicator.direction = direction
    indicator.baseline = baseline
    indicator.target = target
    indicator.target_on = target_on
    indicator.source = source.strip()
    indicator.interval = interval
    session.add(indicator)
    session.flush()


def drop_indicator(session: Session, *, indicator: Indicator) -> None:
    """Remove an indicator that was added by mistake; one with values stays."""
    if indicator.measurements:
        raise Conflict("Der Indikator hat schon Messwerte und bleibt deshalb stehen.")
    session.delete(indicator)
    session.flush()


def record_measurement(
    session: Session, *, indicator: Indicator, value: Decimal, on: date, note: str = ""
) -> Measurement:
    """Note a value of an indicator on a day; a day has one value."""
    _refuse_unstorable(value, "value")
    taken = session.scalar(
        sa.select(Measurement.id).where(
            Measurement.indicator_id == indicator.id, Measurement.measured_on == on
        )
    )
    if taken is not None:
        raise Refused("Für diesen Tag gibt es schon einen Messwert.", field="measured_on")
    measurement = Measurement(
        indicator_id=indicator.id, measured_on=on, value=value, note=note.strip()
    )
    session.add(measurement)
    session.flush()
    return measurement


def drop_measurement(session: Session, *, measurement: Measurement) -> None:
    """Remove a value that was noted by mistake."""
    session.delete(measurement)
    session.flush()


def add_milestone(
    session: Session,
    *,
    element: Element,
    title: str,
    planned_on: date,
    reached_on: date | None = None,
) -> Milestone:
    """Plan a step of a measure."""
    if element.kind is not ElementKind.MEASURE:
        raise Refused("Meilensteine gehören zu einer Maßnahme.")
    milestone = Milestone(element_id=element.id)
    change_milestone(
        session, milestone=milestone, title=title, planned_on=planned_on, reached_on=reached_on
    )
    return milestone


def change_milestone(
    session: Session,
    *,
    milestone: Milestone,
    title: str,
    planned_on: date,
    reached_on: date | None,
) -> None:
    """Correct a step: its words, when it is planned, when it was reached."""
    if not title.strip():
        raise Refused("Bitte geben Sie dem Meilenstein einen Titel.", field="title")
    milestone.title = title.strip()
    milestone.planned_on = planned_on
    milestone.reached_on = reached_on
    session.add(milestone)
    session.flush()


def reach_milestone(session: Session, *, milestone: Milestone, on: date) -> None:
    """Note that a step was reached."""
    milestone.reached_on = on
    session.flush()


def drop_milestone(session: Session, *, milestone: Milestone) -> None:
    """Remove a step from the plan; one that was reached stays."""
    if milestone.reached_on is not None:
        raise Conflict("Der Meilenstein ist schon erreicht und bleibt deshalb stehen.")
    session.delete(milestone)
    session.flush()


def report_progress(
    session: Session,
    *,
    element: Element,
    state: ProgressState,
    percent: int,
    reason: str = "",
    on: date,
) -> ProgressReport:
    """Say how a measure stands; the latest report counts, the earlier ones stay readable."""
    if element.kind is not ElementKind.MEASURE:
        raise Refused("Einen Umsetzungsstand haben nur Maßnahmen.")
    if not 0 <= percent <= 100:
        raise Refused("Bitte geben Sie eine Zahl von 0 bis 100 an.", field="percent")
    if state is ProgressState.DONE and percent != 100:
        raise Refused("Abgeschlossen ist eine Maßnahme bei 100 Prozent.", field="percent")
    if state in {ProgressState.AT_RISK, ProgressState.STOPPED} and not reason.strip():
        raise Refused("Bitte schreiben Sie dazu, warum.", field="reason")
    report = ProgressReport(
        element_id=element.id, state=state, percent=percent, reason=reason.strip(), reported_on=on
    )
    session.add(report)
    session.flush()
    # Who is to hear of it, a room further up knows.
    enqueue(
        session,
        kind=PROGRESS_JOB,
        key=f"{PROGRESS_JOB}:{report.id}",
        due_at=datetime.combine(on, time(), tzinfo=UTC),
        payload={"report_id": report.id},
    )
    return report


def _refuse_unstorable(value: Decimal | None, field: str) -> None:
    if value is not None and (not value.is_finite() or abs(value) > _LARGEST):
        raise Refused("Diese Zahl ist zu groß.", field=field)
