"""When somebody may take part, and what of an engagement may change. Predicates only."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from participation.accounts.models import Account
from participation.engagements.guests import Guest
from participation.engagements.models import (
    GRACE,
    Audience,
    Engagement,
    EngagementState,
    LetterBatch,
)
from participation.foundation.clock import local_date

_SHOWN_FROM = 10


class Obstacle(enum.Enum):
    """Why somebody cannot take part."""

    NOT_PUBLISHED = "not_published"
    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"
    ACCOUNT_NEEDED = "account_needed"
    MAIL_NEEDED = "mail_needed"
    CODE_NEEDED = "code_needed"


_OBSTACLES = {
    EngagementState.DRAFT: Obstacle.NOT_PUBLISHED,
    EngagementState.PLANNED: Obstacle.NOT_YET_OPEN,
    EngagementState.CLOSED: Obstacle.CLOSED,
    EngagementState.EVALUATED: Obstacle.CLOSED,
    EngagementState.ARCHIVED: Obstacle.CLOSED,
}
_DOORS = {Audience.MAIL: Obstacle.MAIL_NEEDED, Audience.CODE: Obstacle.CODE_NEEDED}
# What can be overcome at once, by somebody who has what it takes.
DOORS = frozenset(_DOORS.values())
_OVER = frozenset({EngagementState.CLOSED, EngagementState.EVALUATED, EngagementState.ARCHIVED})


def obstacle(
    engagement: Engagement,
    *,
    at: datetime,
    account: Account | None,
    form_opened_at: datetime | None = None,
    guest: Guest | None = None,
) -> Obstacle | None:
    """Return what keeps somebody from taking part, or None if nothing does.

    A form that was opened before closing time may be sent for a while after it. `guest` is who
    came in with a code or a confirmed address, where the audience asks for one.
    """
    state = engagement.state_at(at)
    if state is not EngagementState.OPEN and not _in_grace(engagement, at, form_opened_at):
        return _OBSTACLES[state]
    if engagement.audience is Audience.ACCOUNT and account is None:
        return Obstacle.ACCOUNT_NEEDED
    door = _DOORS.get(engagement.audience)
    if door is not None and (guest is None or not guest.fits(engagement)):
        return door
    return None


def is_within_time(
    engagement: Engagement, *, at: datetime, form_opened_at: datetime | None = None
) -> bool:
    """Tell whether an engagement is open, or a form may still be sent that was opened in time."""
    is_open = engagement.state_at(at) is EngagementState.OPEN
    return is_open or _in_grace(engagement, at, form_opened_at)


def may_take_part(
    engagement: Engagement,
    *,
    at: datetime,
    account: Account | None,
    form_opened_at: datetime | None = None,
    guest: Guest | None = None,
) -> bool:
    """Tell whether somebody may take part."""
    why_not = obstacle(
        engagement, at=at, account=account, form_opened_at=form_opened_at, guest=guest
    )
    return why_not is None


def is_over(engagement: Engagement, *, at: datetime) -> bool:
    """Tell whether it has ended, whatever became of it since."""
    return engagement.state_at(at) in _OVER


def may_archive(engagement: Engagement, *, at: datetime) -> bool:
    """Tell whether it can be put away: it has ended, and its results are out."""
    return engagement.state_at(at) is EngagementState.EVALUATED


def may_send_letters(engagement: Engagement, *, at: datetime) -> bool:
    """Tell whether letters with codes can be made for it: before its end, for those invited."""
    return engagement.audience is Audience.CODE and not is_over(engagement, at=at)


def may_withdraw_letters(engagement: Engagement, batch: LetterBatch, *, at: datetime) -> bool:
    """Tell whether the codes of letters can be made worthless: while somebody could use them."""
    return batch.withdrawn_at is None and may_send_letters(engagement, at=at)


def is_public(engagement: Engagement) -> bool:
    """Tell whether its page is shown to everybody; before it opens too, as planned."""
    return engagement.published_at is not None


def rules_are_frozen(engagement: Engagement, *, at: datetime) -> bool:
    """Tell whether opening time, audience and the rules of moderation and results are fixed.

    People took part trusting them, so they hold from the moment it opens.
    """
    return engagement.state_at(at) is EngagementState.OPEN or is_over(engagement, at=at)


def shown_participants(participants: int) -> int | None:
    """Return how many took part as the public sees it: from ten, rounded down to tens."""
    if participants < _SHOWN_FROM:
        return None
    return participants // 10 * 10


def _in_grace(engagement: Engagement, at: datetime, form_opened_at: datetime | None) -> bool:
    if engagement.published_at is None or form_opened_at is None:
        return False
    opened_in_time = engagement.opens_at <= form_opened_at < engagement.closes_at
    return opened_in_time and engagement.closes_at <= at < engagement.closes_at + GRACE


def grace_minutes() -> int:
    """Return for how long a form that was opened in time may be sent after the end."""
    return GRACE // timedelta(minutes=1)


def days_of_reminder(engagement: Engagement, *, at: datetime) -> int | None:
    """Return how many days before its end those who follow will be reminded; None if never."""
    if engagement.reminded_at is not None or engagement.closes_at <= at:
        return None
    return engagement.remind_days


def days_left(engagement: Engagement, *, at: datetime) -> int | None:
    """Return how many days an engagement is still open, 0 on its last; None if it is not."""
    if engagement.state_at(at) is not EngagementState.OPEN:
        return None
    # One that closes at midnight has its last day before.
    last_moment = engagement.closes_at - timedelta(microseconds=1)
    return (local_date(last_moment) - local_date(at)).days
