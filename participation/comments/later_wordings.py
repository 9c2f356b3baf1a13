"""Passages whose wording is another one in a later phase, or in the version in force now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import CommentRound, HearingPhase, Passage
from participation.comments.passages import passages_of
from participation.engagements.models import Engagement
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
    """The number of the version that says it differently, or no longer has the part at all.

    Of a phase, if there is a `hearing`, by its slug.
    """

    number: int
    is_gone: bool
    hearing: str = ""


def later_wordings(
    session: Session, comment_round: CommentRound, passages: Sequence[Passage], *, at: datetime
) -> dict[int, LaterWording]:
    """Return what became of the passages that changed, by their ids; two questions at most.

    What was adopted counts more than the next draft. Comments stay with the wording that they
    are about.
    """
    in_phase = _in_later_phase(session, comment_round.phase, passages, at)
    return in_phase | in_version(session, comment_round.version, passages)


def in_version(
    session: Session, version: StrategyVersion | None, passages: Sequence[Passage]
) -> dict[int, LaterWording]:
    """Return what the version in force made of the passages of an earlier one or of a draft."""
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
    session: Session, comment_round: CommentRound, passage: Passage | None, *, at: datetime
) -> LaterWording | None:
    """Return what became of one passage, if it changed."""
    if passage is None:
        return None
    return later_wordings(session, comment_round, [passage], at=at).get(passage.id)


def _in_later_phase(
    session: Session, phase: HearingPhase | None, passages: Sequence[Passage], at: datetime
) -> dict[int, LaterWording]:
    """Return what the latest phase that has begun made of the passages of an earlier one."""
    if phase is None:
        return {}
    rows = session.execute(_latest_phase(phase, at)).all()
    if not rows:
        return {}
    texts = {row.text.strip() for row in rows}
    known = {row.element_id for row in rows} | {row.heading for row in rows}
    return {
        passage.id: LaterWording(
            rows[0].number,
            is_gone=bool(name := passage.element_id or passage.heading) and name not in known,
            hearing=phase.hearing.slug,
        )
        for passage in passages
        if passage.text.strip() not in texts
    }


def _latest_phase(phase: HearingPhase, at: datetime) -> sa.Select[*tuple[Any, ...]]:
    """What the latest phase behind another one says, with its number among the public ones."""
    public = (
        sa.select(HearingPhase.position, HearingPhase.round_id)
        .join(Engagement, Engagement.id == HearingPhase.round_id)
        .where(HearingPhase.hearing_id == phase.hearing_id, Engagement.published_at.is_not(None))
    )
    begun = public.where(HearingPhase.position > phase.position, Engagement.opens_at <= at)
    latest = begun.order_by(HearingPhase.position.desc()).limit(1).subquery()
    every = public.subquery()
    number = sa.select(sa.func.count()).where(every.c.position <= latest.c.position)
    return sa.select(
        number.correlate(latest).scalar_subquery().label("number"),
        Passage.text,
        Passage.heading,
        Passage.element_id,
    ).join(latest, latest.c.round_id == Passage.round_id)


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
