"""What is read of a strategy: versions, elements, wording, and what happens to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from participation.foundation.errors import NotFound
from participation.strategy.content import Criterion, ElementContent, Financing
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    FinancingLine,
    MeasureGoal,
    Strategy,
    StrategyVersion,
    SuccessCriterion,
    VersionStatus,
)
from participation.strategy.policy import canonical_code

_KIND_ORDER = {kind: place for place, kind in enumerate(ElementKind)}


@cache
def by_kind() -> sa.ColumnElement[int]:
    """Return the order vision, action fields, goals, measures."""
    return sa.case(*((Element.kind == kind, place) for kind, place in _KIND_ORDER.items()))


def find_strategy(session: Session, municipality_id: int) -> Strategy | None:
    """Return the municipality's strategy, if it has one yet."""
    return session.scalars(
        sa.select(Strategy).where(Strategy.municipality_id == municipality_id)
    ).one_or_none()


def get_strategy(session: Session, municipality_id: int) -> Strategy:
    """Return the municipality's strategy or raise NotFound."""
    strategy = find_strategy(session, municipality_id)
    if strategy is None:
        raise NotFound("Es gibt noch keine Strategie.")
    return strategy


def find_element(session: Session, strategy_id: int, code: str) -> Element | None:
    """Return the element with a code, however its letters and zeros were typed."""
    canonical = canonical_code(code)
    if canonical is None:
        return None
    return session.scalars(
        sa.select(Element).where(Element.strategy_id == strategy_id, Element.code == canonical)
    ).one_or_none()


def get_element(session: Session, strategy_id: int, code: str) -> Element:
    """Return the element with a code or raise NotFound."""
    element = find_element(session, strategy_id, code)
    if element is None:
        raise NotFound(f"Die Strategie hat kein Element {code}.")
    return element


def elements_of(session: Session, strategy_id: int, codes: Iterable[str]) -> dict[str, Element]:
    """Return the strategy's elements with these codes, by code; unknown codes are left out."""
    found = session.scalars(
        sa.select(Element).where(Element.strategy_id == strategy_id, Element.code.in_(set(codes)))
    )
    return {element.code: element for element in found}


def adopted_version(session: Session, strategy_id: int) -> StrategyVersion | None:
    """Return the version in force."""
    return _version_with(session, strategy_id, VersionStatus.ADOPTED)


def draft_version(session: Session, strategy_id: int) -> StrategyVersion | None:
    """Return the draft of the first version; later versions grow as revisions."""
    return _version_with(session, strategy_id, VersionStatus.DRAFT)


def current_version(session: Session, strategy_id: int) -> StrategyVersion | None:
    """Return the version in force, or the draft as long as nothing was adopted."""
    return adopted_version(session, strategy_id) or draft_version(session, strategy_id)


def _version_with(
    session: Session, strategy_id: int, status: VersionStatus
) -> StrategyVersion | None:
    return session.scalars(
        sa.select(StrategyVersion).where(
            StrategyVersion.strategy_id == strategy_id,
            StrategyVersion.status == status,
            StrategyVersion.consultation == 0,
        )
    ).one_or_none()


def find_version(
    session: Session, strategy_id: int, number: int, consultation: int = 0
) -> StrategyVersion | None:
    """Return the version with a number, or one that was put out for comment on the way to it."""
    return session.scalars(
        sa.select(StrategyVersion).where(
            StrategyVersion.strategy_id == strategy_id,
            StrategyVersion.number == number,
            StrategyVersion.consultation == consultation,
        )
    ).one_or_none()


def get_version(
    session: Session, strategy_id: int, number: int, consultation: int = 0
) -> StrategyVersion:
    """Return such a version, whatever its status, or raise NotFound."""
    version = find_version(session, strategy_id, number, consultation)
    if version is None:
        raise NotFound(f"Die Strategie hat keine Fassung {number}.")
    return version


def versions(session: Session, strategy_id: int) -> list[StrategyVersion]:
    """Return all versions, the latest first, each followed by its consultations."""
    return list(
        session.scalars(
            sa.select(StrategyVersion)
            .where(StrategyVersion.strategy_id == strategy_id)
            .order_by(
                StrategyVersion.number.desc(),
                StrategyVersion.consultation > 0,
                StrategyVersion.consultation.desc(),
            )
        )
    )


def last_consultation(session: Session, strategy_id: int, number: int) -> int:
    """Return how often the way to a version was put out for comment so far."""
    last = session.scalar(
        sa.select(sa.func.max(StrategyVersion.consultation)).where(
            StrategyVersion.strategy_id == strategy_id, StrategyVersion.number == number
        )
    )
    return last or 0


def next_position(session: Session, version_id: int, kind: ElementKind) -> int:
    """Return the place behind the last element of a kind in a version."""
    last = session.scalar(
        sa.select(sa.func.max(ElementWording.position))
        .join(ElementWording.element)
        .where(ElementWording.version_id == version_id, Element.kind == kind)
    )
    return 0 if last is None else last + 1


def wordings_of(session: Session, version_id: int) -> list[ElementWording]:
    """Return the wording of a whole version by kind and position, with all its parts."""
    return list(
        session.scalars(
            sa.select(ElementWording)
            .join(ElementWording.element)
            .where(ElementWording.version_id == version_id)
            .order_by(by_kind(), ElementWording.position, ElementWording.id)
            .options(*_WITH_PARTS)
        ).unique()
    )


def find_wording(session: Session, version_id: int, element_id: int) -> ElementWording | None:
    """Return what a version says about an element, with all its parts."""
    return (
        session.scalars(
            sa.select(ElementWording)
            .where(ElementWording.version_id == version_id, ElementWording.element_id == element_id)
            .options(*_WITH_PARTS)
        )
        .unique()
        .one_or_none()
    )


_WITH_PARTS = (
    joinedload(ElementWording.element),
    joinedload(ElementWording.field),
    selectinload(ElementWording.criteria),
    selectinload(ElementWording.financing),
    selectinload(ElementWording.goals),
)


def content_of(wording: ElementWording) -> ElementContent:
    """Return what a wording says, apart from its row."""
    return content_from(
        wording,
        wording.field.code if wording.field else None,
        [goal.code for goal in wording.goals],
        wording.criteria,
        wording.financing,
    )


def content_from(
    wording: ElementWording | sa.Row[Any],
    field: str | None,
    goals: Iterable[str],
    criteria: Iterable[Any],
    financing: Iterable[Any],
) -> ElementContent:
    """Return what a wording says, with parts that were read apart from it; rows will do."""
    return ElementContent(
        title=wording.title,
        text=wording.text,
        field=field,
        goals=tuple(goals),
        criteria=tuple(Criterion(it.what, it.target, it.due_on) for it in criteria),
        expected_effect=wording.expected_effect,
        lead=wording.lead,
        participants=wording.participants,
        priority=wording.priority,
        starts_on=wording.starts_on,
        ends_on=wording.ends_on,
        data_protection=wording.data_protection,
        external_home=wording.external_home,
        financing=tuple(Financing(it.year, it.source, it.amount) for it in financing),
    )


def contents_of(session: Session, version_id: int) -> dict[str, tuple[Element, ElementContent]]:
    """Return what a version says, by code, in the order of its pages."""
    return contents_of_versions(session, [version_id])[version_id]


def contents_of_versions(
    session: Session, version_ids: Sequence[int]
) -> dict[int, dict[str, tuple[Element, ElementContent]]]:
    """Return what versions say, by version id and code: four queries, however long they are."""
    criteria = _parts(session, version_ids, SuccessCriterion)
    financing = _parts(session, version_ids, FinancingLine)
    goals = _goal_codes(session, version_ids)
    found: dict[int, dict[str, tuple[Element, ElementContent]]] = {it: {} for it in version_ids}
    for wording in session.execute(_plain_wordings(), {"version_ids": list(version_ids)}):
        content = content_from(
            wording,
            wording.field_code,
            goals.get(wording.id, ()),
            criteria.get(wording.id, ()),
            financing.get(wording.id, ()),
        )
        element: Element = wording.Element
        found[wording.version_id][element.code] = (element, content)
    return found


@cache
def _plain_wordings() -> sa.Select[Any]:
    """The statement of `contents_of_versions`, built once: plain columns, which read faster."""
    field = aliased(Element)
    return (
        sa.select(*ElementWording.__table__.columns, Element, field.code.label("field_code"))
        .join(Element, Element.id == ElementWording.element_id)
        .outerjoin(field, field.id == ElementWording.field_id)
        .where(ElementWording.version_id.in_(sa.bindparam("version_ids", expanding=True)))
        .order_by(by_kind(), ElementWording.position, ElementWording.id)
    )


def _parts(
    session: Session,
    version_ids: Sequence[int],
    kind: type[SuccessCriterion] | type[FinancingLine],
) -> dict[int, list[Any]]:
    """Return the rows of a part by wording, as plain columns."""
    found: dict[int, list[Any]] = {}
    for part in session.execute(
        sa.select(*kind.__table__.columns)
        .join(ElementWording, ElementWording.id == kind.wording_id)
        .where(ElementWording.version_id.in_(version_ids))
        .order_by(kind.wording_id, kind.position)
    ):
        found.setdefault(part.wording_id, []).append(part)
    return found


def _goal_codes(session: Session, version_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for wording_id, code in session.execute(
        sa.select(MeasureGoal.wording_id, Element.code)
        .join(Element, Element.id == MeasureGoal.goal_id)
        .join(ElementWording, ElementWording.id == MeasureGoal.wording_id)
        .where(ElementWording.version_id.in_(version_ids))
        .order_by(MeasureGoal.wording_id, Element.number)
    ):
        found.setdefault(wording_id, []).append(code)
    return found


def choices_of_elements(session: Session, strategy_id: int) -> list[tuple[str, str]]:
    """Return (code, "M-07 Titel") of every element that the current version has."""
    version = current_version(session, strategy_id)
    if version is None:
        return []
    return [(code, f"{code} {title}") for code, title in titles_of(session, version.id).items()]


def titles_of(session: Session, version_id: int) -> dict[str, str]:
    """Return the titles in a version by code, in the order of its pages."""
    rows = session.execute(
        sa.select(Element.code, ElementWording.title)
        .join(ElementWording.element)
        .where(ElementWording.version_id == version_id)
        .order_by(by_kind(), ElementWording.position, ElementWording.id)
    )
    return {row.code: row.title for row in rows}
