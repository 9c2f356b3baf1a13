"""What readers report: taken in, shown to the moderation, settled by a decision, and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution, ContributionStatus
from participation.foundation.errors import NotFound, Refused
from participation.foundation.upsert import insert_once
from participation.moderation.models import Ground, ModerationDecision, Report
from participation.moderation.policy import GROUNDS, LONGEST_REPORT

FORGETTING_JOB = "forget_reports"


@dataclass(frozen=True)
class Reported:
    """How often something is reported, and since when."""

    reports: int
    since: datetime


def report(
    session: Session,
    *,
    contribution: Contribution,
    ground: Ground | None,
    note: str,
    reporter: str,
    at: datetime,
) -> bool:
    """Take a report in; False if the same person has reported this before.

    Nothing public changes by it. Raises Refused, and NotFound for what is not published (any
    more).
    """
    note = note.strip()
    if ground not in GROUNDS:
        raise Refused("name the rule that it breaks", field="ground")
    if ground is Ground.OTHER and not note:
        raise Refused("say what is wrong", field="note")
    if len(note) > LONGEST_REPORT:
        raise Refused(f"a note has at most {LONGEST_REPORT} characters", field="note")
    session.refresh(contribution, with_for_update=True)
    if contribution.status is not ContributionStatus.PUBLISHED:
        raise NotFound("there is no such contribution")
    return insert_once(
        session,
        Report,
        contribution_id=contribution.id,
        reporter=reporter,
        ground=ground,
        note=note,
        reported_at=at,
    )


def reported() -> sa.ColumnElement[bool]:
    """The condition under which a contribution has reports that nobody has decided about."""
    return Contribution.id.in_(
        sa.select(Report.contribution_id).where(Report.settled_by_id.is_(None))
    )


def reported_since() -> sa.ScalarSelect[datetime]:
    """When the first report came that waits; NULL where there is none."""
    return (
        sa.select(sa.func.min(Report.reported_at))
        .where(Report.contribution_id == Contribution.id, Report.settled_by_id.is_(None))
        .scalar_subquery()
    )


def reports_on(
    session: Session, contribution_id: uuid.UUID, *, limit: int = 50
) -> Sequence[Report]:
    """Return the reports that wait, the oldest first."""
    return session.scalars(
        sa.select(Report)
        .where(Report.contribution_id == contribution_id, Report.settled_by_id.is_(None))
        .order_by(Report.reported_at, Report.reporter)
        .limit(limit)
    ).all()


def report_numbers(
    session: Session, contribution_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Reported]:
    """Return how often contributions are reported, in one query."""
    if not contribution_ids:
        return {}
    rows = session.execute(
        sa.select(Report.contribution_id, sa.func.count(), sa.func.min(Report.reported_at))
        .where(Report.contribution_id.in_(contribution_ids), Report.settled_by_id.is_(None))
        .group_by(Report.contribution_id)
    )
    return {found: Reported(number, since) for found, number, since in rows}


def settle(session: Session, decision: ModerationDecision) -> bool:
    """Let a decision answer the reports that wait; True if there were any."""
    settled = session.execute(
        sa.update(Report)
        .where(Report.contribution_id == decision.contribution_id, Report.settled_by_id.is_(None))
        .values(settled_by_id=decision.id)
        .returning(Report.reporter)
    ).all()
    return bool(settled)


def reopen(session: Session, decision: ModerationDecision) -> None:
    """Let the reports wait again whose decision is undone."""
    session.execute(
        sa.update(Report).where(Report.settled_by_id == decision.id).values(settled_by_id=None)
    )


def forget_settled(session: Session, decision_id: int) -> None:
    """Delete the reports that a decision has settled."""
    session.execute(sa.delete(Report).where(Report.settled_by_id == decision_id))


def forget_reports(session: Session, contribution_id: uuid.UUID) -> None:
    """Delete the reports on what is withdrawn."""
    session.execute(sa.delete(Report).where(Report.contribution_id == contribution_id))
