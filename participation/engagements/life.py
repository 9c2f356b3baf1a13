"""What becomes of an engagement once it is public: a later end, a place in the archive."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements import policy
from participation.engagements.models import Engagement, Extension
from participation.engagements.operations import note_in_journal
from participation.foundation.errors import Conflict, Refused
from participation.jobs.operations import enqueue

EXTENSION_JOB = "tell_extension"
REMINDER_JOB = "remind_of_closing"
_LONGEST_REMINDER = timedelta(days=14)


def extend_closing(
    session: Session,
    *,
    engagement: Engagement,
    closes_at: datetime,
    reason: str,
    tell: bool = False,
    actor: Account | None,
    at: datetime,
) -> Extension:
    """Let an engagement stay open longer, for a reason that everybody can read.

    Never shorter: people were told until when. With `tell` the subscribers get a mail.
    """
    if not reason.strip():
        raise Refused("an extension has a reason", field="reason")
    if closes_at <= engagement.closes_at:
        raise Refused("the new closing time must be later than the one before", field="closes_on")
    if engagement.closes_at <= at:
        raise Conflict("this engagement has ended")
    extension = Extension(
        engagement_id=engagement.id,
        closed_before=engagement.closes_at,
        closes_now=closes_at,
        reason=reason.strip(),
        extended_at=at,
    )
    session.add(extension)
    engagement.closes_at = closes_at
    session.flush()
    note_in_journal(session, "engagement.extended", engagement, actor, at)
    if tell:
        enqueue(
            session,
            kind=EXTENSION_JOB,
            key=f"{EXTENSION_JOB}:{extension.id}",
            due_at=at,
            payload={"extension_id": extension.id},
        )
    return extension


def plan_reminders(session: Session, *, at: datetime) -> None:
    """Have those who follow reminded where the end is as near as a clerk has said; once each."""
    ending = session.scalars(
        sa.select(Engagement)
        .where(
            Engagement.remind_days.is_not(None),
            Engagement.reminded_at.is_(None),
            Engagement.published_at.is_not(None),
            Engagement.opens_at <= at,
            Engagement.closes_at > at,
            Engagement.closes_at <= at + _LONGEST_REMINDER,
        )
        .order_by(Engagement.id)
    )
    for engagement in ending:
        if engagement.closes_at - timedelta(days=engagement.remind_days or 0) <= at:
            enqueue(
                session,
                kind=REMINDER_JOB,
                key=f"{REMINDER_JOB}:{engagement.id}:{engagement.closes_at.isoformat()}",
                due_at=at,
                payload={"engagement_id": engagement.id},
            )


def note_reminded(session: Session, *, engagement: Engagement, at: datetime) -> None:
    """Note that those who follow were reminded: it is done once, also if the end moves."""
    engagement.reminded_at = at
    session.flush()
    note_in_journal(session, "engagement.reminded", engagement, None, at)


def archive_engagement(
    session: Session, *, engagement: Engagement, actor: Account | None, at: datetime
) -> None:
    """Put away an engagement that is evaluated: it leaves the lists and keeps its pages."""
    if not policy.may_archive(engagement, at=at):
        raise Conflict("Archivieren können Sie eine Beteiligung, sobald sie ausgewertet ist.")
    engagement.archived_at = at
    session.flush()
    note_in_journal(session, "engagement.archived", engagement, actor, at)


def bring_back_engagement(
    session: Session, *, engagement: Engagement, actor: Account | None, at: datetime
) -> None:
    """Take an engagement out of the archive. Doing so again changes nothing."""
    if engagement.archived_at is None:
        return
    engagement.archived_at = None
    session.flush()
    note_in_journal(session, "engagement.brought_back", engagement, actor, at)
