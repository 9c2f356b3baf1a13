"""News for everybody who wanted to hear of it: written with what it follows from, sent later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.models import Subscription
from participation.engagements.telling import tell_subscriber
from participation.jobs.operations import enqueue
from participation.revisions.models import Announcement, OfficialAnswer, Revision
from participation.strategy.models import StrategyVersion

JOB_KIND = "announce"
ABANDONMENT_JOB = "announce_abandonment"


def announce(
    session: Session,
    *,
    at: datetime,
    answer: OfficialAnswer | None = None,
    version: StrategyVersion | None = None,
) -> Announcement:
    """Write down the news of an answer or of a new version, and the job that tells it."""
    about = answer or version
    if about is None:
        raise ValueError("an announcement is about an answer or a version")
    announcement = Announcement(
        strategy_id=about.strategy_id, answer=answer, version=version, announced_at=at
    )
    session.add(announcement)
    session.flush()
    enqueue(
        session,
        kind=JOB_KIND,
        key=f"{JOB_KIND}:{announcement.id}",
        due_at=at,
        payload={"announcement_id": announcement.id},
    )
    return announcement


def announce_abandonment(session: Session, *, revision: Revision, at: datetime) -> None:
    """Write down the job that tells it; the revision itself says the rest."""
    enqueue(
        session,
        kind=ABANDONMENT_JOB,
        key=f"{ABANDONMENT_JOB}:{revision.id}",
        due_at=at,
        payload={"revision_id": revision.id},
    )


def tell(
    session: Session,
    *,
    announcement: Announcement,
    audience: Iterable[Subscription],
    news: dict[str, Any],
    key: bytes,
    at: datetime,
) -> None:
    """Write one mail to each of them; the same news reaches an address once."""
    template = "revisions/answer" if announcement.answer_id else "revisions/version"
    for subscription in audience:
        tell_subscriber(
            session,
            subscription=subscription,
            key=key,
            news=f"announcement:{announcement.id}",
            template=template,
            payload=news | {"own": not subscription.about_all},
            at=at,
        )


def close(session: Session, *, announcement: Announcement, at: datetime) -> None:
    """Note that everybody was told."""
    session.execute(
        sa.update(Announcement)
        .where(Announcement.id == announcement.id, Announcement.fanned_out_at.is_(None))
        .values(fanned_out_at=at)
    )
