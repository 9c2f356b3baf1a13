"""How many findings were answered how, over all and by action field."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.insights.models import FindingElement
from participation.portal.queries.outcomes import Standing
from participation.revisions.models import AnsweredFinding, Disposition, OfficialAnswer
from participation.strategy.models import Element, ElementKind, ElementWording


@dataclass
class Totals:
    """How many findings were answered how, over all and by action field."""

    dispositions: dict[Disposition, int] = field(default_factory=dict)
    fields: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return sum(self.dispositions.values())

    @property
    def changing(self) -> int:
        """How many findings changed the text in full or in part."""
        return self.dispositions.get(Disposition.ADOPTED, 0) + self.dispositions.get(
            Disposition.PARTLY_ADOPTED, 0
        )


def totals(session: Session, here: Standing) -> Totals:
    """Return how many findings were answered how, and in which action fields, in one query."""
    answered = (
        sa.select(
            sa.literal("").label("code"),
            sa.literal("").label("title"),
            OfficialAnswer.disposition.label("disposition"),
            sa.func.count(AnsweredFinding.finding_id).label("n"),
        )
        .join(AnsweredFinding, AnsweredFinding.answer_id == OfficialAnswer.id)
        .where(
            OfficialAnswer.strategy_id == here.strategy.id,
            OfficialAnswer.published_at.is_not(None),
        )
        .group_by(OfficialAnswer.disposition)
    )
    query: sa.Select[str, str, Disposition, int] | sa.CompoundSelect[str, str, Disposition, int]
    query = answered
    if here.version is not None:
        query = answered.union_all(_by_field(here.strategy.id, here.version.id))
    found = Totals()
    for code, title, disposition, n in session.execute(query):
        if not code:
            found.dispositions[disposition] = n
        else:
            found.fields[code] = (title, found.fields.get(code, ("", 0))[1] + n)
    found.fields = dict(sorted(found.fields.items(), key=lambda item: (-item[1][1], item[0])))
    return found


def _by_field(strategy_id: int, version_id: int) -> sa.Select[str, str, Disposition, int]:
    of_element, of_field = sa.orm.aliased(ElementWording), sa.orm.aliased(ElementWording)
    return (
        sa.select(
            Element.code,
            of_field.title,
            OfficialAnswer.disposition,
            sa.func.count(sa.distinct(AnsweredFinding.finding_id)),
        )
        .join(AnsweredFinding, AnsweredFinding.answer_id == OfficialAnswer.id)
        .join(FindingElement, FindingElement.finding_id == AnsweredFinding.finding_id)
        .join(of_element, of_element.element_id == FindingElement.element_id)
        .join(Element, Element.id == sa.func.coalesce(of_element.field_id, of_element.element_id))
        .join(of_field, of_field.element_id == Element.id)
        .where(
            OfficialAnswer.strategy_id == strategy_id,
            OfficialAnswer.published_at.is_not(None),
            of_element.version_id == version_id,
            of_field.version_id == version_id,
            Element.kind == ElementKind.ACTION_FIELD,
        )
        .group_by(Element.code, of_field.title, OfficialAnswer.disposition)
    )
