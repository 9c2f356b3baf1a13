"""What parts of the strategy an idea seems to be about, and under which field they stand.

Only suggested: whoever hands an idea in chooses. What a draft says stays inside, so only what a
version says that went out is compared; of the call's own elements the titles are public anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.fitting import Described, fitting
from participation.engagements.queries import NamedElement, title_order
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    StrategyVersion,
    SuccessCriterion,
    VersionStatus,
)

MOST_FITTING = 3
# So many are shown as they come; more are put under their fields.
_FEW = 12
_KINDS = (ElementKind.ACTION_FIELD, ElementKind.GOAL, ElementKind.MEASURE)


def fitting_elements(
    session: Session,
    offered: Sequence[NamedElement],
    *,
    title: str,
    text: str,
) -> list[NamedElement]:
    """Return up to three of the offered elements that a text fits best, best first."""
    by_id = {element.id: element for element in offered}
    if not by_id or not (title.strip() or text.strip()):
        return []
    described = _described(session, by_id)
    found = fitting(title, text, described, among=frozenset(by_id), limit=MOST_FITTING)
    return [by_id[element_id] for element_id in found]


def action_fields_of(session: Session, offered: Iterable[NamedElement]) -> dict[str, str]:
    """Return the code of the action field by the code of each element that stands in one.

    Only of fields that are offered themselves: the title of another may not be public yet. A few
    elements are shown without their fields, so nothing is read for them.
    """
    codes = {element.id: element.code for element in offered}
    if len(codes) <= _FEW:
        return {}
    rows = session.execute(
        sa.select(ElementWording.element_id, ElementWording.field_id)
        .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .where(ElementWording.element_id.in_(codes))
        .order_by(title_order().desc(), StrategyVersion.id)
    )
    # What counts comes last.
    standing: dict[int, int | None] = {row[0]: row[1] for row in rows}
    return {
        codes[element_id]: codes[field_id]
        for element_id, field_id in standing.items()
        if field_id in codes
    }


def _described(session: Session, offered: Mapping[int, NamedElement]) -> list[Described[int]]:
    """Return the elements of the strategy with what is said about each, in a stable order."""
    strategy = sa.select(Element.strategy_id).where(Element.id.in_(offered)).limit(1)
    rows = session.execute(
        sa.select(
            ElementWording.id,
            ElementWording.element_id,
            ElementWording.field_id,
            ElementWording.title,
            ElementWording.text,
            ElementWording.expected_effect,
        )
        .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .join(Element, Element.id == ElementWording.element_id)
        .where(
            StrategyVersion.strategy_id == strategy.scalar_subquery(),
            StrategyVersion.status != VersionStatus.DRAFT,
            Element.kind.in_(_KINDS),
        )
        .order_by(title_order().desc(), StrategyVersion.id)
    )
    said = {row.element_id: row for row in rows}
    criteria = _criteria(session, [row.id for row in said.values()])
    standing = defaultdict[int, list[str]](list)
    for row in said.values():
        if row.field_id is not None:
            standing[row.field_id].append(row.title)
    described = {
        element_id: Described(
            element_id,
            offered[element_id].title if element_id in offered else row.title,
            " ".join(
                [row.text, row.expected_effect, *criteria[row.id], *sorted(standing[element_id])]
            ),
        )
        for element_id, row in said.items()
    }
    for element in offered.values():
        described.setdefault(element.id, Described(element.id, element.title))
    return [described[element_id] for element_id in sorted(described)]


def _criteria(session: Session, wording_ids: Collection[int]) -> Mapping[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    rows = session.execute(
        sa.select(SuccessCriterion.wording_id, SuccessCriterion.what)
        .where(SuccessCriterion.wording_id.in_(wording_ids))
        .order_by(SuccessCriterion.wording_id, SuccessCriterion.position)
    )
    for wording_id, what in rows:
        found[wording_id].append(what)
    return found
