"""What is read about answers, the open revision, and what became of contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from participation.contributions.models import Contribution
from participation.contributions.queries import by_people, published
from participation.engagements.models import Engagement
from participation.foundation.errors import NotFound
from participation.insights.models import Aggregate, Evidence, Finding
from participation.insights.said import count_said
from participation.revisions.drafting import Contents, lay_over
from participation.revisions.fate import (
    Fate,
    fate_of,
    fates_of,
    finding_fates,
    made_changes,
    published_answers,
)
from participation.revisions.models import (
    AnsweredFinding,
    Change,
    ChangeOperation,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.revisions.policy import Blocker, find_blockers
from participation.revisions.reasons import lacks_a_reason
from participation.strategy.content import ElementContent
from participation.strategy.models import Element, ElementKind, ElementWording, Strategy
from participation.strategy.queries import by_kind, content_of, contents_of, find_wording

__all__ = [
    "Fate",
    "answer_to",
    "answers_for",
    "answers_of",
    "answers_to",
    "blockers",
    "drafted_content",
    "drafted_contents",
    "drafted_lines",
    "fate_of",
    "fates_of",
    "find_change",
    "finding_fates",
    "get_answer",
    "made_changes",
    "numbers_of",
    "open_findings",
    "open_revision_of",
    "published_answers",
]

PAGE = 25
MOST_FINDINGS = 500


def open_revision_of(session: Session, strategy_id: int) -> Revision | None:
    """Return the open revision with its changes, their fields and their reasons."""
    return session.scalars(
        sa.select(Revision)
        .where(Revision.strategy_id == strategy_id, Revision.status == RevisionStatus.OPEN)
        .options(
            joinedload(Revision.base_version), selectinload(Revision.changes).options(*_whole())
        )
    ).first()


def find_change(session: Session, revision_id: int, element_id: int) -> Change | None:
    """Return what a revision changes about an element, with its fields and reasons."""
    return session.scalars(
        sa.select(Change)
        .where(Change.revision_id == revision_id, Change.element_id == element_id)
        .options(*_whole())
    ).first()


def _whole() -> tuple[Any, ...]:
    return (
        joinedload(Change.element),
        joinedload(Change.proposed_by),
        selectinload(Change.fields),
        selectinload(Change.reasons).joinedload(ChangeReason.finding),
    )


def drafted_contents(session: Session, revision: Revision) -> Contents:
    """Return what the next version would say: the base with all changes laid over it."""
    base = contents_of(session, revision.base_version_id)
    return lay_over(base, revision.changes)


@dataclass(frozen=True)
class DraftedLine:
    """An element of the draft in a list: what it is called and in which action field it is."""

    code: str
    kind: ElementKind
    title: str
    field: str | None


def drafted_lines(session: Session, revision: Revision) -> dict[str, DraftedLine]:
    """Return the elements of the next version by code, without reading all that it would say."""
    field = aliased(Element)
    rows = session.execute(
        sa.select(Element.code, Element.kind, ElementWording.title, field.code)
        .join(ElementWording, ElementWording.element_id == Element.id)
        .outerjoin(field, field.id == ElementWording.field_id)
        .where(ElementWording.version_id == revision.base_version_id)
        .order_by(by_kind(), ElementWording.position, ElementWording.id)
    )
    lines = {row[0]: DraftedLine(*row) for row in rows}
    for change in revision.changes:
        code = change.element.code
        if change.operation is ChangeOperation.RETIRE:
            lines.pop(code, None)
            continue
        after = {one.name: one.after for one in change.fields if one.name in {"title", "field"}}
        before = lines.get(code) or DraftedLine(code, change.element.kind, "", None)
        lines[code] = replace(before, **after)
    return lines


def drafted_content(
    session: Session, revision: Revision, element: Element, change: Change | None
) -> ElementContent | None:
    """Return what the next version would say about one element; None if nothing."""
    wording = find_wording(session, revision.base_version_id, element.id)
    base = {element.code: (element, content_of(wording))} if wording else {}
    drafted = lay_over(base, [change] if change else [])
    return drafted[element.code][1] if element.code in drafted else None


def open_findings(
    session: Session, strategy_id: int, limit: int = MOST_FINDINGS
) -> list[tuple[Finding, OfficialAnswer | None]]:
    """Return the findings without a published answer, each with the answer under way."""
    rows = session.execute(
        sa.select(Finding, OfficialAnswer)
        .outerjoin(AnsweredFinding, AnsweredFinding.finding_id == Finding.id)
        .outerjoin(OfficialAnswer, OfficialAnswer.id == AnsweredFinding.answer_id)
        .where(Finding.strategy_id == strategy_id, OfficialAnswer.published_at.is_(None))
        .order_by(Finding.number)
        .limit(limit)
    )
    return [(finding, answer) for finding, answer in rows]


def blockers(
    session: Session, revision: Revision, drafted: Contents | None = None
) -> list[Blocker]:
    """Return everything that must be done before a revision can be adopted.

    `drafted` is the whole draft, where the caller has read it already.
    """
    contents = drafted_contents(session, revision) if drafted is None else drafted
    return find_blockers(
        findings=[
            (finding.code, answer.id if answer else None, answer.state if answer else None)
            for finding, answer in open_findings(session, revision.strategy_id)
        ],
        changes={change.element.code: len(change.reasons) for change in revision.changes},
        partly={change.element.code for change in revision.changes if lacks_a_reason(change)},
        contents={code: (element.kind, said) for code, (element, said) in contents.items()},
    )


def get_answer(session: Session, strategy_id: int, answer_id: int) -> OfficialAnswer:
    """Return an answer in whatever state, for staff. Raises NotFound."""
    found = session.scalars(
        sa.select(OfficialAnswer)
        .where(OfficialAnswer.id == answer_id, OfficialAnswer.strategy_id == strategy_id)
        .options(*_with_people())
    ).first()
    if found is None:
        raise NotFound("Diese Antwort gibt es nicht.")
    return found


def _with_people() -> tuple[Any, ...]:
    return (
        selectinload(OfficialAnswer.findings),
        joinedload(OfficialAnswer.drafted_by),
        joinedload(OfficialAnswer.signed_by),
        joinedload(OfficialAnswer.second),
    )


def answers_of(
    session: Session, strategy_id: int, *, below: int | None = None, limit: int = PAGE
) -> Sequence[OfficialAnswer]:
    """Return the answers of a strategy in whatever state, the newest draft first."""
    query = sa.select(OfficialAnswer).where(OfficialAnswer.strategy_id == strategy_id)
    if below is not None:
        query = query.where(OfficialAnswer.id < below)
    return session.scalars(
        query.options(*_with_people()).order_by(OfficialAnswer.id.desc()).limit(limit)
    ).all()


def answers_to(session: Session, finding_ids: Sequence[int]) -> dict[int, OfficialAnswer]:
    """Return the answer to each finding, in whatever state, for staff."""
    rows = session.execute(
        sa.select(AnsweredFinding.finding_id, OfficialAnswer)
        .join(OfficialAnswer, OfficialAnswer.id == AnsweredFinding.answer_id)
        .where(AnsweredFinding.finding_id.in_(finding_ids))
    )
    return dict(rows.all())


def answer_to(session: Session, finding_id: int) -> OfficialAnswer | None:
    """Return the answer to one finding, in whatever state, for staff."""
    return answers_to(session, [finding_id]).get(finding_id)


def answers_for(session: Session, finding_ids: Sequence[int]) -> Mapping[int, OfficialAnswer]:
    """Return the published answer to each finding, for the public."""
    return published_answers(session, finding_ids)


@dataclass(frozen=True)
class Numbers:
    """How far the work between contribution and change has come, over the whole strategy."""

    contributions: int
    cited: int
    released: int
    findings: int
    answered: int
    changes: int
    changed_elements: int

    @property
    def unanswered(self) -> int:
        return self.findings - self.answered


def numbers_of(session: Session, strategy: Strategy, revision: Revision | None) -> Numbers:
    """Return the numbers of the funnel."""
    here = Engagement.municipality_id == strategy.municipality_id
    cited = (
        sa.select(sa.func.count(Contribution.id))
        .join(Contribution.engagement)
        .where(
            here, by_people(), published(), Contribution.id.in_(sa.select(Evidence.contribution_id))
        )
    )
    released = sa.select(sa.func.count(Aggregate.id)).join(Aggregate.engagement).where(here)
    findings = sa.select(sa.func.count(Finding.id)).where(Finding.strategy_id == strategy.id)
    is_answered = sa.exists().where(
        AnsweredFinding.finding_id == Finding.id,
        AnsweredFinding.answer_id == OfficialAnswer.id,
        OfficialAnswer.published_at.is_not(None),
    )
    row = session.execute(
        sa.select(
            cited.scalar_subquery(),
            released.scalar_subquery(),
            findings.scalar_subquery(),
            findings.where(is_answered).scalar_subquery(),
        )
    ).one()
    said = count_said(session, strategy.municipality_id)
    changes = revision.changes if revision else []
    return Numbers(said, *row, sum(len(change.fields) for change in changes), len(changes))
