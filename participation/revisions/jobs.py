"""Tell everybody who wanted to hear of an answer or of a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.jobs.registry import registry
from participation.revisions import announcing
from participation.revisions.audience import audience_of
from participation.revisions.models import Announcement
from participation.revisions.news import news_of
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
