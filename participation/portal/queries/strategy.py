"""What the pages of the strategy and of its versions show, in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from participation.comments.models import Comment
from participation.engagements.queries import opened_elements
from participation.foundation.errors import NotFound
from participation.revisions.models import Change, ChangeReason, Revision
from participation.revisions.reasons import reasons_by_field
from participation.revisions.wordings import credits_of
from participation.strategy import queries, records
from participation.strategy.differences import ElementDifference, differences
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    Indicator,
    Milestone,
    ProgressReport,
    ProgressState,
    Strategy,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.outline import Outline, outline
from participation.strategy.policy import months_after

PUBLIC = (VersionStatus.ADOPTED, VersionStatus.SUPERSEDED)


@dataclass(frozen=True)
class Line:
    """An element in a list: what it is called, when it runs, how it stands."""

    element_id: int
    code: str
    kind: ElementKind
    title: str
    field_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    progress: ProgressReport | None = None
    milestones: list[Milestone] = field(default_factory=list)

    @property
    def state(self) -> ProgressState:
        """How a measure stands; without a report it has not begun."""
        return self.progress.state if self.progress else ProgressState.NOT_STARTED

    @property
    def percent(self) -> int:
        """How far a measure is."""
        return self.progress.percent if self.progress else 0


@dataclass(frozen=True)
class Group:
    """An action field, or what concerns the whole strategy, with its goals and measures."""

    field: Line | None
    goals: list[Line]
    measures: list[Line]
    indicators: list[Indicator]

    @property
    def counted(self) -> list[Line]:
        """The measures that count for the progress: all that were not stopped."""
        return [it for it in self.measures if it.state is not ProgressState.STOPPED]

    @property
    def done(self) -> int:
        """How many measures are done."""
        return sum(it.state is ProgressState.DONE for it in self.counted)

    @property
    def percent(self) -> int:
        """The mean progress of the measures."""
        counted = self.counted
        return round(sum(it.percent for it in counted) / len(counted)) if counted else 0

    @property
    def state(self) -> ProgressState | None:
        """How the field stands: at risk as soon as one measure is; None without measures."""
        states = {it.state for it in self.counted}
        for state in (ProgressState.AT_RISK, ProgressState.RUNNING):
            if state in states:
                return state
        if states == {ProgressState.DONE}:
            return ProgressState.DONE
        if ProgressState.DONE in states:
            return ProgressState.RUNNING
        return ProgressState.NOT_STARTED if states else None


@dataclass(frozen=True)
class StrategyOverview:
    """The strategy as it is in force."""

    strategy: Strategy
    version: StrategyVersion
    vision: str
    groups: list[Group]

    @property
    def measures(self) -> list[Line]:
        """All measures in the order of their codes."""
        found = [measure for group in self.groups for measure in group.measures]
        return sorted(found, key=lambda it: (len(it.code), it.code))

    @property
    def next_review(self) -> date | None:
        """The month in which the strategy is reviewed again."""
        return next_review(self.strategy, self.version)


@dataclass(frozen=True)
class StrategyInTheMaking:
    """A strategy without a version in force: what of its draft is public."""

    strategy: Strategy
    opened: list[Line]
    consultations: list[StrategyVersion]


def next_review(strategy: Strategy, version: StrategyVersion) -> date | None:
    """Return the month in which a version is reviewed again; None before it is adopted."""
    if version.resolution_on is None:
        return None
    return months_after(version.resolution_on, strategy.review_interval)


def strategy_page(
    session: Session, municipality_id: int, at: datetime
) -> StrategyOverview | StrategyInTheMaking | None:
    """Return what the strategy's page shows; None if there is no strategy yet."""
    strategy = queries.find_strategy(session, municipality_id)
    if strategy is None:
        return None
    version = queries.adopted_version(session, strategy.id)
    if version is None:
        return _in_the_making(session, strategy, at)
    lines, vision = _lines(session, strategy, version)
    fields = [line for line in lines if line.kind is ElementKind.ACTION_FIELD]
    indicators = records.indicators_of(session, [line.element_id for line in fields])
    groups = [_group(lines, each, indicators.get(each.element_id, [])) for each in fields]
    whole = _group(lines, None, [])
    return StrategyOverview(
        strategy=strategy,
        version=version,
        vision=vision,
        groups=[*groups, *([whole] if whole.goals or whole.measures else [])],
    )


def _in_the_making(session: Session, strategy: Strategy, at: datetime) -> StrategyInTheMaking:
    opened = session.execute(
        sa.select(Element, ElementWording.title)
        .join(ElementWording, ElementWording.element_id == Element.id)
        .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .where(
            StrategyVersion.strategy_id == strategy.id,
            StrategyVersion.status == VersionStatus.DRAFT,
            Element.id.in_(opened_elements(strategy.id, at)),
        )
        .order_by(queries.by_kind(), ElementWording.position)
    )
    return StrategyInTheMaking(
        strategy=strategy,
        opened=[Line(it.id, it.code, it.kind, title) for it, title in opened],
        consultations=[
            version
            for version in queries.versions(session, strategy.id)
            if version.status is VersionStatus.IN_CONSULTATION
        ],
    )


def _lines(
    session: Session, strategy: Strategy, version: StrategyVersion
) -> tuple[list[Line], str]:
    """Return a line for every element of a version, and the text of the vision."""
    progress = records.latest_progress(session, strategy.id)
    milestones = records.milestones_of_strategy(session, strategy.id)
    rows = session.execute(_short_wordings(), {"version_id": version.id}).all()
    lines = [
        Line(
            element_id=row.id,
            code=row.code,
            kind=row.kind,
            title=row.title,
            field_id=row.field_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            progress=progress.get(row.id),
            milestones=milestones.get(row.id, []),
        )
        for row in rows
    ]
    return lines, next((row.text for row in rows if row.text), "")


@cache
def _short_wordings() -> sa.Executable:
    """The statement of `_lines`, built once: only of the vision the text is read."""
    is_vision = Element.kind == ElementKind.VISION
    return (
        sa.select(
            Element.id,
            Element.code,
            Element.kind,
            ElementWording.title,
            sa.case((is_vision, ElementWording.text), else_="").label("text"),
            ElementWording.field_id,
            ElementWording.starts_on,
            ElementWording.ends_on,
        )
        .join(ElementWording, ElementWording.element_id == Element.id)
        .where(ElementWording.version_id == sa.bindparam("version_id"))
        .order_by(queries.by_kind(), ElementWording.position, ElementWording.id)
    )


def _group(lines: Iterable[Line], of: Line | None, indicators: list[Indicator]) -> Group:
    inside = [it for it in lines if it.field_id == (of.element_id if of else None)]
    return Group(
        field=of,
        goals=[it for it in inside if it.kind is ElementKind.GOAL],
        measures=[it for it in inside if it.kind is ElementKind.MEASURE],
        indicators=indicators,
    )


# Because of what elements changed, by element id and the name of the field.
Reasons = Mapping[int, Mapping[str, list[ChangeReason]]]
# Whose proposed wording they took over, by element id.
Credits = Mapping[int, Sequence[Comment]]


@dataclass(frozen=True)
class VersionPage:
    """One whole version; `compared` is the one before it, if that was asked for."""

    strategy: Strategy
    version: StrategyVersion
    versions: list[StrategyVersion]
    outline: Outline
    before: StrategyVersion | None
    differences: list[ElementDifference] | None
    reasons: Reasons
    credited: Credits


def version_page(
    session: Session,
    municipality_id: int,
    *,
    number: int,
    consultation: int = 0,
    compare: bool = False,
) -> VersionPage:
    """Return a version that is public: adopted, superseded or in consultation, never a draft."""
    strategy = queries.get_strategy(session, municipality_id)
    every = [
        version
        for version in queries.versions(session, strategy.id)
        if version.status is not VersionStatus.DRAFT
    ]
    version = next(
        (it for it in every if (it.number, it.consultation) == (number, consultation)), None
    )
    if version is None:
        raise NotFound(f"Die Strategie hat keine Fassung {number}.")
    before = next((it for it in every if it.number == number - 1 and not it.consultation), None)
    wanted = [version.id, *([before.id] if before is not None and compare else [])]
    contents = queries.contents_of_versions(session, wanted)
    is_compared = before is not None and compare
    changes = _changes_of(session, version) if is_compared else ()
    credited = credits_of(session, [change.id for change in changes])
    return VersionPage(
        strategy=strategy,
        version=version,
        versions=every,
        outline=outline(contents[version.id]),
        before=before,
        differences=(
            differences(contents[before.id], contents[version.id])
            if before is not None and compare
            else None
        ),
        reasons={change.element_id: reasons_by_field(change) for change in changes},
        credited={change.element_id: credited[change.id] for change in changes},
    )


def _changes_of(session: Session, version: StrategyVersion) -> Sequence[Change]:
    """Return what a version changed, with fields and reasons."""
    found = session.scalars(
        sa.select(Change)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Revision.resulting_version_id == version.id)
        .options(
            joinedload(Change.fields),
            selectinload(Change.reasons).joinedload(ChangeReason.finding),
        )
    )
    return found.unique().all()
