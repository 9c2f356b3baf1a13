"""Tell everybody who wanted to hear of an answer or of a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.models import Subscription
from participation.engagements.telling import tell_subscriber
from participation.jobs.registry import registry
from participation.revisions import announcing
from participation.revisions.audience import audience_of, audience_of_rounds
from participation.revisions.consulted import rounds_on
from participation.revisions.models import Announcement, Revision
from participation.revisions.news import news_of
from participation.web.filters import local_date
from participation.web.secrets import secret_key

# So many mails are written in one transaction; the rest of the site waits no longer than that.
_AT_ONCE = 100


@registry.handles(announcing.JOB_KIND)
def announce(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write the mails of an announcement. Run again after a crash it writes only the missing."""
    announcement = session.scalars(
        sa.select(Announcement).where(
            Announcement.id == payload["announcement_id"], Announcement.fanned_out_at.is_(None)
        )
    ).first()
    if announcement is None:
        return
    audience, news = audience_of(session, announcement), news_of(session, announcement)
    for start in range(0, len(audience), _AT_ONCE):
        announcing.tell(
            session,
            announcement=announcement,
            audience=audience[start : start + _AT_ONCE],
            news=news,
            key=secret_key(),
            at=at,
        )
        session.commit()
    announcing.close(session, announcement=announcement, at=at)


@registry.handles(announcing.ABANDONMENT_JOB)
def announce_abandonment(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write to those who follow a round on a draft that nobody decides on any more."""
    revision = session.get(Revision, payload["revision_id"])
    if revision is None:
        return
    audience = audience_of_rounds(session, rounds_on(revision))
    for start in range(0, len(audience), _AT_ONCE):
        for subscription in audience[start : start + _AT_ONCE]:
            _tell_abandonment(session, revision, subscription, at)
        session.commit()


def _tell_abandonment(
    session: Session, revision: Revision, subscription: Subscription, at: datetime
) -> None:
    engagement = subscription.engagement
    tell_subscriber(
        session,
        subscription=subscription,
        key=secret_key(),
        news=f"abandonment:{revision.id}",
        template="revisions/abandoned",
        payload={
            "title": engagement.title,
            "slug": engagement.slug,
            "reason": revision.abandoned_because,
            "until": local_date(engagement.closes_at) if engagement.closes_at > at else "",
        },
        at=at,
    )
