"""Which decisions are possible, and until when they can be undone. Predicates only."""

from __future__ import annotations

from datetime import datetime, timedelta

from participation.accounts.models import Account
from participation.contributions.models import (
    Contribution,
    ContributionKind,
    ContributionStatus,
)
from participation.moderation.models import UNDO_TIME, Action, Ground, ModerationDecision

LONGEST_NOTE = 2000
LONGEST_REPORT = 1000
DUE_AFTER = timedelta(hours=24)
# Only the day of a remark is known, so its time runs from the end of that day.
DUE_AFTER_DAY = timedelta(hours=48)

_STATUS_AFTER = {
    Action.PUBLISH: ContributionStatus.PUBLISHED,
    Action.REJECT: ContributionStatus.REJECTED,
    Action.HIDE: ContributionStatus.HIDDEN,
    Action.RESTORE: ContributionStatus.PUBLISHED,
}
_POSSIBLE = {
    ContributionStatus.PENDING: (Action.PUBLISH, Action.REJECT),
    ContributionStatus.PUBLISHED: (Action.HIDE,),
    ContributionStatus.HIDDEN: (Action.RESTORE,),
    ContributionStatus.REJECTED: (Action.RESTORE,),
    ContributionStatus.WITHDRAWN: (),
}
# What is decided about a new wording, and not about the idea that is shown.
ABOUT_WORDINGS = frozenset({Action.PUBLISH, Action.REJECT})
# Why a person may refuse; what was decided elsewhere is *imported*.
GROUNDS = tuple(ground for ground in Ground if ground is not Ground.IMPORTED)


def possible_actions(
    contribution: Contribution, *, is_waiting: bool, has_new_wording: bool = False
) -> tuple[Action, ...]:
    """Return what can be decided. What is published and waits for a look may also be left so.

    A new wording of what is published is let through or refused; the old one stays till then.
    """
    actions = _POSSIBLE[contribution.status]
    if contribution.status is ContributionStatus.PUBLISHED and has_new_wording:
        return (Action.PUBLISH, Action.REJECT, *actions)
    if contribution.status is ContributionStatus.PUBLISHED and is_waiting:
        return (Action.PUBLISH, *actions)
    return actions


def wording_seen(contribution: Contribution) -> str:
    """Return what changes whenever the author writes something else."""
    return contribution.edited_at.isoformat() if contribution.edited_at else "first"


def status_after(action: Action) -> ContributionStatus:
    """Return the status that an action leads to."""
    return _STATUS_AFTER[action]


def needs_ground(action: Action) -> bool:
    """Tell whether the rules must be named: whenever something is not shown."""
    return action in {Action.REJECT, Action.HIDE}


def due_at(contribution: Contribution) -> datetime:
    """Return by when a contribution should be decided."""
    if contribution.kind is ContributionKind.SURVEY_REMARK:
        return contribution.received_at + DUE_AFTER_DAY
    return (contribution.edited_at or contribution.received_at) + DUE_AFTER


def may_undo(decision: ModerationDecision, *, actor: Account, at: datetime) -> bool:
    """Tell whether somebody may take their own decision back, for a few seconds."""
    is_own = decision.decided_by_id == actor.id
    return is_own and decision.undone_at is None and at <= decision.decided_at + UNDO_TIME
