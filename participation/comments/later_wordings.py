"""Passages whose wording is another one in the version that is in force now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import CommentRound, Passage
from participation.comments.passages import passages_of
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.models import (
    Element,
    ElementWording,
    StrategyVersion,
    SuccessCriterion,
    VersionStatus,
)


@dataclass(frozen=True)
class LaterWording:
    """The number of the version that says it differently, or no longer has the element at all."""

    number: int
    is_gone: bool


def later_wordings(
    session: Session, version: StrategyVersion | None, passages: Sequence[Passage]
) -> dict[int, LaterWording]:
    """Return what became of the passages that changed, by their ids; one question at most.

    `version` is what they were taken from. Comments stay with the wording that they are about.
    """
    elements = {it.element.id: it.element for it in passages if it.element is not None}
    if version is None or not elements or version.status is VersionStatus.ADOPTED:
        return {}
    rows = session.execute(_wordings(version, list(elements))).all()
    if not rows:
        return {}
    texts = {identity: _texts(elements[identity], rows) for identity in elements}
    return {
        passage.id: LaterWording(rows[0].number, is_gone=not texts[passage.element.id])
        for passage in passages
        if passage.element is not None and passage.text not in texts[passage.element.id]
    }


def later_wording_of(
    session: Session, comment_round: CommentRound, passage: Passage | None
) -> LaterWording | None:
    """Return what became of one passage, if it changed."""
    if passage is None:
        return None
    return later_wordings(session, comment_round.version, [passage]).get(passage.id)


def _wordings(version: StrategyVersion, elements: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    """What the version in force says about elements, in a row for each criterion."""
    return (
        sa.select(
            StrategyVersion.number,
            ElementWording.element_id,
            ElementWording.title,
            ElementWording.text,
            ElementWording.expected_effect,
            SuccessCriterion.what,
            SuccessCriterion.target,
            SuccessCriterion.due_on,
        )
        .select_from(StrategyVersion)
        .outerjoin(
            ElementWording,
            sa.and_(
                ElementWording.version_id == StrategyVersion.id,
                ElementWording.element_id.in_(elements),
            ),
        )
        .outerjoin(SuccessCriterion, SuccessCriterion.wording_id == ElementWording.id)
        .where(
            StrategyVersion.strategy_id == version.strategy_id,
            StrategyVersion.status == VersionStatus.ADOPTED,
            # A draft carries the number of the version that it was to become.
            StrategyVersion.number >= version.number,
        )
        .order_by(ElementWording.id, SuccessCriterion.position)
    )


def _texts(element: Element, rows: Sequence[Any]) -> set[str]:
    """Return the passages that an element would give now, whole and by paragraphs."""
    own = [row for row in rows if row.element_id == element.id]
    if not own:
        return set()
    content = ElementContent(
        title=own[0].title,
        text=own[0].text,
        expected_effect=own[0].expected_effect,
        criteria=tuple(Criterion(row.what, row.target, row.due_on) for row in own if row.what),
    )
    return {
        draft.text.strip()
        for by_paragraph in (True, False)
        for draft in passages_of([(element, content)], by_paragraph=by_paragraph)
    }
