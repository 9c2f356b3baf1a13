"""What the page of one element shows of the strategy itself, in few queries.

What other rooms say about an element is read by their own queries, which this page joins.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from participation.engagements.models import Engagement, EngagementState
from participation.engagements.queries import opened_elements
from participation.foundation.errors import NotFound
from participation.portal.queries.strategy import PUBLIC, Line
from participation.revisions.consulted import DraftFate, fate_of_draft
from participation.revisions.models import Change, ChangedField, Revision, RevisionStatus
from participation.strategy import queries
from participation.strategy.content import ElementContent
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    Indicator,
    MeasureGoal,
    Milestone,
    ProgressReport,
    Strategy,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.policy import canonical_code


class Standing(enum.Enum):
    """Why an element has a public page."""

    IN_FORCE = "in_force"
    RETIRED = "retired"
    IN_CONSULTATION = "in_consultation"
    OPENED = "opened"


@dataclass(frozen=True)
class ElementPage:
    """An element and what is public about it.

    Of an element that is neither in force nor retired only code and title are; `wording` is
    None then, and `version` is the one in consultation, if there is one.
    """

    strategy: Strategy
    element: Element
    standing: Standing
    title: str
    version: StrategyVersion | None = None
    wording: ElementWording | None = None
    action_field: Line | None = None
    progress: ProgressReport | None = None
    draft_fate: DraftFate | None = None
    content: ElementContent | None = None
    goals: list[Line] = field(default_factory=list)
    measures: list[Line] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the elements that this one refers to, by code."""
        referred = [*self.goals, *([self.action_field] if self.action_field else [])]
        return {line.code: line.title for line in referred}


def element_page(session: Session, municipality_id: int, code: str, at: datetime) -> ElementPage:
    """Return what is public about an element. Raises NotFound if nothing is."""
    found = _find(session, municipality_id, canonical_code(code) or "")
    if found is None:
        raise NotFound(f"Die Strategie hat kein Element {code}.")
    if found.wording is None:
        found = _before_its_first_version(session, found, at)
    if found.wording is None:
        return found
    return _with_parts(session, found, found.wording)


def engagements_by_state(
    engagements: Sequence[Engagement], at: datetime
) -> dict[EngagementState, list[Engagement]]:
    """Return engagements by where they stand."""
    states: dict[EngagementState, list[Engagement]] = {state: [] for state in EngagementState}
    for engagement in engagements:
        states[engagement.state_at(at)].append(engagement)
    return states


def _find(session: Session, municipality_id: int, code: str) -> ElementPage | None:
    """Read element, version, wording, field and progress in one query."""
    found = session.execute(
        _element_with_wording(), {"municipality_id": municipality_id, "code": code}
    )
    row = found.unique().one_or_none()
    if row is None:
        return None
    strategy, element, of_version, _, field_code, field_title, progress = row
    wording: ElementWording | None = row[3]
    in_force = wording is not None and of_version.status is VersionStatus.ADOPTED
    return ElementPage(
        strategy=strategy,
        element=element,
        standing=Standing.IN_FORCE if in_force else Standing.RETIRED,
        title=wording.title if wording is not None else element.code,
        version=of_version,
        wording=wording,
        action_field=_field_line(wording, field_code, field_title),
        progress=progress,
    )


@cache
def _element_with_wording() -> sa.Executable:
    """The statement of `_find`, built once: building it costs more than running it.

    The version is the one in force, else the last one that the element stood in.
    """
    version = aliased(StrategyVersion)
    action_field, field_wording = aliased(Element), aliased(ElementWording)
    return (
        sa.select(
            Strategy,
            Element,
            version,
            ElementWording,
            action_field.code,
            field_wording.title,
            ProgressReport,
        )
        .select_from(Strategy)
        .join(Element, Element.strategy_id == Strategy.id)
        .outerjoin(version, version.id == _version_that_counts())
        .outerjoin(
            ElementWording,
            sa.and_(
                ElementWording.version_id == version.id, ElementWording.element_id == Element.id
            ),
        )
        .outerjoin(action_field, action_field.id == ElementWording.field_id)
        .outerjoin(
            field_wording,
            sa.and_(
                field_wording.version_id == version.id,
                field_wording.element_id == ElementWording.field_id,
            ),
        )
        .outerjoin(ProgressReport, ProgressReport.id == _latest_report())
        .where(
            Strategy.municipality_id == sa.bindparam("municipality_id"),
            Element.code == sa.bindparam("code"),
        )
        # A goal has criteria, a measure has financing: the rows of one do not multiply.
        .options(joinedload(ElementWording.criteria), joinedload(ElementWording.financing))
    )


def _version_that_counts() -> sa.ScalarSelect[int]:
    """The version in force, else the last one, that words the element of the outer query."""
    wording, version = aliased(ElementWording), aliased(StrategyVersion)
    return (
        sa.select(version.id)
        .join(wording, wording.version_id == version.id)
        .where(wording.element_id == Element.id, version.status.in_(PUBLIC))
        .order_by(version.number.desc())
        .limit(1)
        .correlate(Element)
        .scalar_subquery()
    )


def _field_line(wording: ElementWording | None, code: str | None, title: str | None) -> Line | None:
    if wording is None or wording.field_id is None or code is None:
        return None
    return Line(wording.field_id, code, ElementKind.ACTION_FIELD, title or code)


def _before_its_first_version(session: Session, found: ElementPage, at: datetime) -> ElementPage:
    """Return what is public of an element that no adopted version has: code and title."""
    rows = session.execute(
        sa.select(ElementWording.title, StrategyVersion)
        .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .where(ElementWording.element_id == found.element.id)
        .order_by(StrategyVersion.number.desc(), StrategyVersion.consultation.desc())
    ).all()
    consultation = next(
        (version for _, version in rows if version.status is VersionStatus.IN_CONSULTATION), None
    )
    if consultation is None and not _is_opened(session, found.element, at):
        raise NotFound(f"Die Strategie hat kein Element {found.element.code}.")
    return ElementPage(
        strategy=found.strategy,
        element=found.element,
        standing=Standing.OPENED if consultation is None else Standing.IN_CONSULTATION,
        title=rows[0].title if rows else _proposed_title(session, found.element),
        version=consultation,
        draft_fate=fate_of_draft(session, consultation),
    )


def _proposed_title(session: Session, element: Element) -> str:
    """Return the title that the open revision gives to an element which no version has yet."""
    title = session.scalar(
        sa.select(ChangedField.after)
        .join(Change, Change.id == ChangedField.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(
            Change.element_id == element.id,
            Revision.status == RevisionStatus.OPEN,
            ChangedField.name == "title",
        )
    )
    return str(title or element.code)


def _is_opened(session: Session, element: Element, at: datetime) -> bool:
    opened = opened_elements(element.strategy_id, at).where(Element.id == element.id)
    return session.scalar(opened.limit(1)) is not None


def _with_parts(session: Session, page: ElementPage, wording: ElementWording) -> ElementPage:
    """Read what belongs to the kind, in one query."""
    element = page.element
    parts: dict[str, Any] = {}
    if element.kind is ElementKind.MEASURE:
        found = _parts(session, wording, _served_by_wording, wording.id)
        parts = {"goals": found.lines, "milestones": found.milestones}
    elif element.kind is ElementKind.GOAL:
        found = _parts(session, wording, _serving_goal, element.id)
        parts = {"measures": found.lines}
    elif element.kind is ElementKind.ACTION_FIELD:
        found = _parts(session, wording, _in_field, element.id)
        parts = {
            "goals": [it for it in found.lines if it.kind is ElementKind.GOAL],
            "measures": [it for it in found.lines if it.kind is ElementKind.MEASURE],
        }
    if element.kind in {ElementKind.MEASURE, ElementKind.ACTION_FIELD}:
        parts["indicators"] = found.indicators
    served = parts.get("goals", []) if element.kind is ElementKind.MEASURE else []
    field_code = page.action_field.code if page.action_field else None
    parts["content"] = queries.content_from(
        wording, field_code, [goal.code for goal in served], wording.criteria, wording.financing
    )
    return ElementPage(**vars(page) | parts)


def _served_by_wording() -> sa.ColumnElement[bool]:
    goals = sa.select(MeasureGoal.goal_id).where(MeasureGoal.wording_id == sa.bindparam("of"))
    return ElementWording.element_id.in_(goals)


def _serving_goal() -> sa.ColumnElement[bool]:
    wordings = sa.select(MeasureGoal.wording_id).where(MeasureGoal.goal_id == sa.bindparam("of"))
    return ElementWording.id.in_(wordings)


def _in_field() -> sa.ColumnElement[bool]:
    return ElementWording.field_id == sa.bindparam("of")


@dataclass(frozen=True)
class _Parts:
    """Other elements of the version, and what is planned and measured of this one."""

    lines: list[Line]
    milestones: list[Milestone]
    indicators: list[Indicator]


def _parts(
    session: Session, wording: ElementWording, condition: Callable[[], Any], of: int
) -> _Parts:
    """Read the parts of an element; `of` is what the condition on the other elements asks for."""
    found = session.execute(
        _statement_of_parts(condition),
        {"version_id": wording.version_id, "element_id": wording.element_id, "of": of},
    )
    rows = found.unique().all()
    return _Parts(
        lines=[Line(*row[:-2]) for row in rows if row[0] is not None],
        milestones=[row[-2] for row in rows if row[-2] is not None],
        indicators=[row[-1] for row in rows if row[-1] is not None],
    )


@cache
def _statement_of_parts(condition: Callable[[], sa.ColumnElement[bool]]) -> sa.Executable:
    """The statement of `_parts`, built once for each condition.

    Three lists stand below each other in it, each joined to a row of its own.
    """
    part = sa.union_all(*(sa.select(sa.literal(n).label("n")) for n in (1, 2, 3))).subquery()
    element_id: sa.BindParameter[int] = sa.bindparam("element_id")
    lines = sa.and_(
        part.c.n == 1,
        ElementWording.version_id == sa.bindparam("version_id"),
        condition(),
    )
    return (
        sa.select(
            Element.id,
            Element.code,
            Element.kind,
            ElementWording.title,
            ElementWording.field_id,
            ElementWording.starts_on,
            ElementWording.ends_on,
            ProgressReport,
            Milestone,
            Indicator,
        )
        .select_from(part)
        .outerjoin(ElementWording, lines)
        .outerjoin(Element, Element.id == ElementWording.element_id)
        .outerjoin(ProgressReport, ProgressReport.id == _latest_report())
        .outerjoin(Milestone, sa.and_(part.c.n == 2, Milestone.element_id == element_id))
        .outerjoin(Indicator, sa.and_(part.c.n == 3, Indicator.element_id == element_id))
        .options(joinedload(Indicator.measurements))
        .order_by(part.c.n, queries.by_kind(), ElementWording.position, ElementWording.id)
        .order_by(Milestone.planned_on, Milestone.id, Indicator.id)
    )


def _latest_report() -> sa.ScalarSelect[int]:
    """The report that counts, of the element in the surrounding query."""
    return (
        sa.select(ProgressReport.id)
        .where(ProgressReport.element_id == Element.id)
        .order_by(ProgressReport.reported_on.desc(), ProgressReport.id.desc())
        .limit(1)
        .correlate(Element)
        .scalar_subquery()
    )
