"""Decide about a contribution, take the decision back, and tell the author."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.changes import lock, settle
from participation.contributions.models import (
    Contribution,
    ContributionStatus,
    Follow,
)
from participation.contributions.queries import followers_of
from participation.engagements.telling import tell_subscriber
from participation.foundation.errors import Conflict, Refused
from participation.ideas import wordings
from participation.ideas.models import Idea, IdeaWording
from participation.jobs import operations as jobs
from participation.journal.operations import record
from participation.moderation import policy, queries, reports
from participation.moderation.models import UNDO_TIME, Action, Ground, ModerationDecision

TELLING_JOB = "tell_author"
# A decision that is undone at the last moment must not be told already.
_MARGIN = timedelta(seconds=5)


class AlreadyDecided(Conflict):
    """Somebody else was quicker; `decision` is what stands, None for a withdrawal."""

    def __init__(self, decision: ModerationDecision | None) -> None:
        super().__init__("somebody has decided this before")
        self.decision = decision


class ChangedSince(Conflict):
    """The author has changed what the moderator read."""


class TooLateToUndo(Conflict):
    """The time for taking a decision back has passed, or it does not stand any more."""


def decide(
    session: Session,
    *,
    contribution: Contribution,
    action: Action,
    actor: Account,
    at: datetime,
    ground: Ground | None = None,
    note: str = "",
    seen: str | None = None,
) -> ModerationDecision:
    """Publish, reject, hide or restore a contribution; its author hears of it a little later.

    A new wording of a published idea is let through or refused; the idea itself stays. `seen`
    is the `wording_seen` of what the moderator has read. Raises AlreadyDecided if the
    contribution does not wait for this decision (any more), ChangedSince if it says something
    else by now, and Refused if a ground or note is missing.
    """
    note = note.strip()
    _check_reasons(action, ground, note)
    lock(session, contribution)
    waits = queries.waits(session, contribution)
    wording = queries.new_wording(session, contribution)
    if action not in policy.possible_actions(
        contribution, is_waiting=waits, has_new_wording=wording is not None
    ):
        raise AlreadyDecided(queries.latest_decision(session, contribution.id))
    if seen is not None and seen != policy.wording_seen(contribution):
        raise ChangedSince("its author has changed it meanwhile")
    is_about_wording = wording is not None and action in policy.ABOUT_WORDINGS
    decision = ModerationDecision(
        contribution_id=contribution.id,
        action=action,
        ground=ground if policy.needs_ground(action) else None,
        note=note,
        status_before=contribution.status,
        published_before=contribution.published_at,
        wording_id=wording.id if wording is not None and is_about_wording else None,
        decided_by_id=actor.id,
        decided_at=at,
    )
    if wording is not None and is_about_wording:
        _decide_about(session, contribution, wording, action, at)
        session.add(decision)
        session.flush()
        _record(session, f"moderation.wording_{action.value}", decision, actor, at)
        return decision
    status = policy.status_after(action)
    is_news = status is not contribution.status
    if is_news:
        contribution.move_to(status, at=at)
    session.add(decision)
    settle(session, contribution)
    _record(session, f"moderation.{action.value}", decision, actor, at)
    if is_news:
        _tell_later(session, decision)
    if reports.settle(session, decision):
        jobs.enqueue(
            session,
            kind=reports.FORGETTING_JOB,
            key=_forgetting_key(decision),
            due_at=decision.decided_at + UNDO_TIME + _MARGIN,
            payload={"decision_id": decision.id},
        )
    return decision


def undo(
    session: Session, *, decision: ModerationDecision, actor: Account, at: datetime
) -> Contribution:
    """Take a decision back, as if it had not been made. Raises TooLateToUndo."""
    contribution = decision.contribution
    lock(session, contribution)
    session.refresh(decision)
    if not policy.may_undo(decision, actor=actor, at=at):
        raise TooLateToUndo("a decision can be undone for ten seconds, by who made it")
    latest = queries.latest_decision(session, contribution.id)
    if latest is None or latest.id != decision.id:
        raise TooLateToUndo("something else was decided since")
    if decision.wording is not None and isinstance(contribution, Idea):
        wordings.take_back(session, idea=contribution, wording=decision.wording)
    contribution.take_back_to(decision.status_before, published_at=decision.published_before)
    decision.undone_at = at
    settle(session, contribution)
    jobs.cancel(session, key=_job_key(decision))
    jobs.cancel(session, key=_forgetting_key(decision))
    reports.reopen(session, decision)
    _record(session, "moderation.undone", decision, actor, at)
    return contribution


def note_import(
    session: Session,
    *,
    contributions: Sequence[Contribution],
    municipality_id: int,
    actor: Account | None,
    at: datetime,
) -> None:
    """Note that contributions were decided where they come from; those pending were not.

    They have their status already. Nobody is told, because nobody left an address.
    """
    actions = {
        ContributionStatus.PUBLISHED: Action.PUBLISH,
        ContributionStatus.REJECTED: Action.REJECT,
    }
    decided = [item for item in contributions if item.status in actions]
    session.add_all(
        ModerationDecision(
            contribution_id=item.id,
            action=actions[item.status],
            ground=Ground.IMPORTED,
            note="",
            status_before=ContributionStatus.PENDING,
            decided_by_id=None,
            decided_at=at,
        )
        for item in decided
    )
    session.flush()
    record(
        session,
        at=at,
        action="moderation.imported",
        subject=f"municipality:{municipality_id}",
        municipality_id=municipality_id,
        actor_id=actor.id if actor else None,
        facts={"decided": len(decided), "pending": len(contributions) - len(decided)},
    )


def tell_author(session: Session, *, decision_id: int, key: bytes, at: datetime) -> None:
    """Write a mail about a decision that stands to each confirmed address that follows."""
    decision = session.get(ModerationDecision, decision_id)
    if decision is None or decision.undone_at is not None:
        return
    contribution = decision.contribution
    if contribution.status is not policy.status_after(decision.action):
        return
    payload = {
        "action": decision.action.value,
        "ground": decision.ground.value if decision.ground else "",
        "note": decision.note,
        "kind": contribution.kind.value,
        "number": queries.item_of(contribution).number,
        "engagement": contribution.engagement.title,
        "slug": contribution.engagement.slug,
    }
    for subscription in followers_of(session, contribution.id):
        tell_subscriber(
            session,
            subscription=subscription,
            key=key,
            news=f"moderation:{decision.id}",
            template="moderation/decided",
            payload=payload,
            at=at,
        )


def _decide_about(
    session: Session,
    contribution: Contribution,
    wording: IdeaWording,
    action: Action,
    at: datetime,
) -> None:
    if action is Action.REJECT or not isinstance(contribution, Idea):
        wordings.refuse(session, wording=wording, at=at)
    else:
        wordings.let_through(session, idea=contribution, wording=wording, at=at)


def _check_reasons(action: Action, ground: Ground | None, note: str) -> None:
    if policy.needs_ground(action) and ground not in policy.GROUNDS:
        raise Refused("name the rule that it breaks", field="ground")
    if policy.needs_ground(action) and ground is Ground.OTHER and not note:
        raise Refused("tell the author why", field="note")
    if len(note) > policy.LONGEST_NOTE:
        raise Refused(f"a note has at most {policy.LONGEST_NOTE} characters", field="note")


def _tell_later(session: Session, decision: ModerationDecision) -> None:
    followed = session.scalar(
        sa.select(Follow.subscription_id)
        .where(Follow.contribution_id == decision.contribution_id)
        .limit(1)
    )
    if followed is None:
        return
    jobs.enqueue(
        session,
        kind=TELLING_JOB,
        key=_job_key(decision),
        due_at=decision.decided_at + UNDO_TIME + _MARGIN,
        payload={"decision_id": decision.id},
    )


def _job_key(decision: ModerationDecision) -> str:
    return f"{TELLING_JOB}:{decision.id}"


def _forgetting_key(decision: ModerationDecision) -> str:
    return f"{reports.FORGETTING_JOB}:{decision.id}"


def _record(
    session: Session, action: str, decision: ModerationDecision, actor: Account, at: datetime
) -> None:
    record(
        session,
        at=at,
        action=action,
        subject=f"contribution:{decision.contribution_id}",
        municipality_id=decision.contribution.engagement.municipality_id,
        actor_id=actor.id,
        facts={
            "decision": decision.id,
            "ground": decision.ground.value if decision.ground else None,
        },
    )
