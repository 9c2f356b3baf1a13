"""Record what the evidence says, correct it, and cite more for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.models import Contribution
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.ideas.groups import with_equals
from participation.insights import policy, queries
from participation.insights.aggregation import aggregate
from participation.insights.models import Aggregate, Evidence, Finding
from participation.jobs.operations import enqueue
from participation.journal.operations import record
from participation.strategy.models import Element, Strategy

# `aggregate` is an operation of this room; what it counts with stands in modules of its own.
__all__ = ["aggregate", "amend_finding", "cite", "lock_strategy", "record_finding"]

FINDING_JOB = "tell_finding"

Row = TypeVar("Row", Element, Contribution, Aggregate)


def record_finding(
    session: Session,
    *,
    strategy: Strategy,
    sentence: str,
    elements: Sequence[Element],
    contributions: Sequence[Contribution] = (),
    aggregates: Sequence[Aggregate] = (),
    actor: Account | None,
    at: datetime,
) -> Finding:
    """Record one sentence that the strategy team stands by; it is public from now on.

    Raises Refused if the sentence, the elements or the evidence are missing, and Forbidden if
    the actor may not record findings.
    """
    _check_actor(session, strategy, actor)
    wording = _checked_sentence(sentence)
    _check_elements(strategy, elements)
    if not contributions and not aggregates:
        raise Refused("Bitte wählen Sie mindestens einen Nachweis aus.", field="evidence")
    _check_evidence(session, strategy, contributions, aggregates)
    lock_strategy(session, strategy.id)
    finding = Finding(
        strategy_id=strategy.id,
        number=_next_number(session, strategy.id),
        sentence=wording,
        recorded_by_id=actor.id if actor else None,
        recorded_at=at,
        elements=list(_each_once(elements)),
    )
    session.add(finding)
    session.flush()
    _add_evidence(session, finding, contributions, aggregates, at)
    _note(session, "finding.recorded", finding, strategy, actor, at)
    return finding


def amend_finding(
    session: Session,
    *,
    finding: Finding,
    sentence: str,
    elements: Sequence[Element],
    contributions: Sequence[Contribution] = (),
    aggregates: Sequence[Aggregate] = (),
    keep: Sequence[Evidence] = (),
    actor: Account | None,
    at: datetime,
) -> None:
    """Correct a finding: its sentence, its elements, and what it rests on.

    `keep` names evidence of this finding that stays; new evidence comes with contributions and
    aggregates. A finding whose answer is signed stays as it is; `revisions` refuses that.
    """
    strategy = finding.strategy
    _check_actor(session, strategy, actor)
    wording = _checked_sentence(sentence)
    _check_elements(strategy, elements)
    _check_evidence(session, strategy, contributions, aggregates)
    kept = {evidence.id for evidence in keep}
    if not kept and not contributions and not aggregates:
        raise Refused("Bitte wählen Sie mindestens einen Nachweis aus.", field="evidence")
    finding.sentence = wording
    finding.elements = list(_each_once(elements))
    for evidence in list(finding.evidence):
        if evidence.id not in kept:
            finding.evidence.remove(evidence)
    session.flush()
    _add_evidence(session, finding, contributions, aggregates, at)
    _note(session, "finding.amended", finding, strategy, actor, at)


def cite(
    session: Session,
    *,
    finding: Finding,
    contributions: Sequence[Contribution] = (),
    aggregates: Sequence[Aggregate] = (),
    actor: Account | None,
    at: datetime,
) -> int:
    """Add evidence to a finding and return how much of it is new."""
    strategy = finding.strategy
    _check_actor(session, strategy, actor)
    _check_evidence(session, strategy, contributions, aggregates)
    added = _add_evidence(session, finding, contributions, aggregates, at)
    if added:
        _note(session, "finding.cited", finding, strategy, actor, at)
    return added


def lock_strategy(session: Session, strategy_id: int) -> None:
    """Let nobody else add findings, answers or changes until the transaction ends.

    Numbers are given and adoptions are checked under this lock.
    """
    session.execute(sa.select(Strategy.id).where(Strategy.id == strategy_id).with_for_update())


def _check_actor(session: Session, strategy: Strategy, actor: Account | None) -> None:
    roles = queries.roles_of_actor(session, actor, strategy.municipality_id)
    if not policy.may_record_finding(roles):
        raise Forbidden("Erkenntnisse hält nur das Strategie-Team fest.")


def _checked_sentence(sentence: str) -> str:
    wording = " ".join(sentence.split())
    if not wording:
        raise Refused("Bitte schreiben Sie die Erkenntnis in einem Satz.", field="sentence")
    if len(wording) > policy.LONGEST_SENTENCE:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="sentence",
            limit=policy.LONGEST_SENTENCE,
        )
    return wording


def _check_elements(strategy: Strategy, elements: Sequence[Element]) -> None:
    if not elements:
        raise Refused(
            "Bitte wählen Sie mindestens ein Element der Strategie aus.", field="elements"
        )
    if any(element.strategy_id != strategy.id for element in elements):
        raise Refused("Ein Element gehört nicht zu dieser Strategie.", field="elements")


def _check_evidence(
    session: Session,
    strategy: Strategy,
    contributions: Sequence[Contribution],
    aggregates: Sequence[Aggregate],
) -> None:
    engagements = [one.engagement for one in contributions]
    engagements += [one.engagement for one in aggregates]
    if any(one.municipality_id != strategy.municipality_id for one in engagements):
        raise Refused("Ein Nachweis gehört nicht zu dieser Kommune.", field="evidence")
    if any(one.engagement.published_at is None for one in aggregates):
        raise Conflict("Ein Ergebnis ist nicht öffentlich und kann kein Nachweis sein.")
    chosen = {one.id for one in contributions}
    if chosen and queries.count_published(session, chosen) < len(chosen):
        raise Conflict("Ein Beitrag ist nicht öffentlich und kann kein Nachweis sein.")


def _add_evidence(
    session: Session,
    finding: Finding,
    contributions: Iterable[Contribution],
    aggregates: Iterable[Aggregate],
    at: datetime,
) -> int:
    cited = {one.contribution_id for one in finding.evidence if one.contribution_id}
    # Who cites an idea of a group cites the group.
    contributions = with_equals(session, list(contributions))
    counted = {one.aggregate_id for one in finding.evidence if one.aggregate_id}
    fresh = [
        Evidence(finding_id=finding.id, contribution_id=one.id)
        for one in _each_once(contributions)
        if one.id not in cited
    ]
    fresh += [
        Evidence(finding_id=finding.id, aggregate_id=one.id)
        for one in _each_once(aggregates)
        if one.id not in counted
    ]
    session.add_all(fresh)
    session.flush()
    session.expire(finding, ["evidence"])
    if any(one.contribution_id for one in fresh):
        # Whoever hears of it twice is told once.
        enqueue(
            session,
            kind=FINDING_JOB,
            key=f"{FINDING_JOB}:{finding.id}:{at.isoformat()}",
            due_at=at,
            payload={"finding_id": finding.id},
        )
    return len(fresh)


def _each_once(rows: Iterable[Row]) -> Iterable[Row]:
    return {row.id: row for row in rows}.values()


def _next_number(session: Session, strategy_id: int) -> int:
    last = session.scalar(
        sa.select(sa.func.max(Finding.number)).where(Finding.strategy_id == strategy_id)
    )
    return (last or 0) + 1


def _note(
    session: Session,
    action: str,
    finding: Finding,
    strategy: Strategy,
    actor: Account | None,
    at: datetime,
) -> None:
    record(
        session,
        at=at,
        action=action,
        subject=f"finding:{finding.id}",
        municipality_id=strategy.municipality_id,
        actor_id=actor.id if actor else None,
        facts={
            "code": finding.code,
            "elements": [element.code for element in finding.elements],
            "evidence": len(finding.evidence),
        },
    )
