"""How the strategy stands, for the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    ProgressReport,
    ProgressState,
    Strategy,
    StrategyVersion,
    VersionStatus,
)


@dataclass
class FieldState:
    """An action field: how many of its measures are done, and their mean progress."""

    code: str
    title: str
    percents: list[int] = field(default_factory=list)
    done: int = 0

    @property
    def measures(self) -> int:
        """How many measures stand in the field."""
        return len(self.percents)

    @property
    def percent(self) -> int:
        """The mean progress of the measures in whole percent, 0 without any."""
        return round(sum(self.percents) / len(self.percents)) if self.percents else 0


@dataclass(frozen=True)
class StrategyState:
    """The version in force, its fields, and how many measures are in which state."""

    version: StrategyVersion
    fields: tuple[FieldState, ...]
    states: dict[ProgressState, int]

    @property
    def measures(self) -> int:
        """How many measures the version has."""
        return sum(self.states.values())

    def count(self, state: ProgressState) -> int:
        """Return how many measures are in a state."""
        return self.states.get(state, 0)


def strategy_state(session: Session, municipality_id: int) -> StrategyState | None:
    """Return how the adopted strategy stands, in two queries; None before one is adopted."""
    version = session.scalars(
        sa.select(StrategyVersion)
        .join(StrategyVersion.strategy)
        .where(
            Strategy.municipality_id == municipality_id,
            StrategyVersion.status == VersionStatus.ADOPTED,
        )
        .options(contains_eager(StrategyVersion.strategy))
    ).first()
    if version is None:
        return None
    rows = list(session.execute(_standing(version.id)))
    fields = {
        row.element_id: FieldState(row.code, row.title)
        for row in rows
        if row.kind is ElementKind.ACTION_FIELD
    }
    states = _count(
        fields,
        (
            (row.field_id, row.state or ProgressState.NOT_STARTED, row.percent or 0)
            for row in rows
            if row.kind is ElementKind.MEASURE
        ),
    )
    return StrategyState(version, tuple(fields.values()), states)


def _count(
    fields: dict[int, FieldState], measures: Iterable[tuple[int | None, ProgressState, int]]
) -> dict[ProgressState, int]:
    states: Counter[ProgressState] = Counter()
    for field_id, state, percent in measures:
        states[state] += 1
        if field_id in fields:
            fields[field_id].percents.append(percent)
            fields[field_id].done += state is ProgressState.DONE
    return dict(states)


def _standing(version_id: int) -> sa.Select[int, str, str, ElementKind, int | None]:
    """Fields and measures of a version, measures with the report that counts."""
    place = sa.func.row_number().over(
        partition_by=ProgressReport.element_id,
        order_by=(ProgressReport.reported_on.desc(), ProgressReport.id.desc()),
    )
    reports = (
        sa.select(
            ProgressReport.element_id,
            ProgressReport.state,
            ProgressReport.percent,
            place.label("place"),
        )
        .join(ElementWording, ElementWording.element_id == ProgressReport.element_id)
        .where(ElementWording.version_id == version_id)
        .subquery()
    )
    return (
        sa.select(
            ElementWording.element_id,
            Element.code,
            ElementWording.title,
            Element.kind,
            ElementWording.field_id,
            reports.c.state,
            reports.c.percent,
        )
        .join(Element, Element.id == ElementWording.element_id)
        .outerjoin(
            reports,
            sa.and_(reports.c.element_id == ElementWording.element_id, reports.c.place == 1),
        )
        .where(
            ElementWording.version_id == version_id,
            Element.kind.in_((ElementKind.ACTION_FIELD, ElementKind.MEASURE)),
        )
        .order_by(Element.number, Element.id)
    )
