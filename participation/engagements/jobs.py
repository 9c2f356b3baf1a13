"""Mail that asks for confirmation, and forgetting addresses that nobody confirmed."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from participation.engagements import life, operations, telling, ways_in
from participation.engagements.models import Engagement, Extension
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.notifications.bounces import BOUNCE_JOB
from participation.notifications.models import OutboxMessage
from participation.notifications.operations import stop_news
from participation.web.filters import local_time
from participation.web.secrets import secret_key

DIGEST_JOB = "send_digests"
_MORNING = time(7)


@registry.handles(operations.CONFIRMATION_JOB)
def write_confirmation(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write the mail. The key that its token needs is known here and not to the operation."""
    operations.write_confirmation(
        session, subscription_id=payload["subscription_id"], key=secret_key(), at=at
    )


@registry.handles(operations.FORGETTING_JOB)
def forget_unconfirmed(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Delete the addresses that nobody confirmed in time."""
    operations.forget_unconfirmed(session, at=at)
    ways_in.forget_ways_in(session, at=at)


@registry.handles(BOUNCE_JOB)
def end_unreachable(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write no more to an address that takes no mail, and forget it."""
    message = session.get(OutboxMessage, payload["message_id"])
    if message is None:
        return
    operations.end_unreachable(session, address=message.address, at=at)
    stop_news(session, address=message.address, at=at)
    message.address, message.payload = "", {}


@registry.handles(life.EXTENSION_JOB)
def tell_extension(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write to the subscribers of an engagement that it stays open longer."""
    extension = session.get(Extension, payload["extension_id"])
    if extension is None:
        return
    engagement = session.get_one(Engagement, extension.engagement_id)
    told = telling.tell_subscribers(
        session,
        engagement=engagement,
        key=secret_key(),
        news=f"extension:{extension.id}",
        template="engagements/extended",
        payload={"until": local_time(extension.closes_now), "reason": extension.reason},
        at=at,
    )
    for _some in told:
        session.commit()


@registry.handles(life.REMINDER_JOB)
def remind_of_closing(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write to all who follow an engagement or a part of it that it ends soon, while it does."""
    engagement = session.get(Engagement, payload["engagement_id"])
    if engagement is None or engagement.reminded_at is not None or engagement.closes_at <= at:
        return
    told = telling.tell_subscribers(
        session,
        engagement=engagement,
        key=secret_key(),
        news=f"reminder:{engagement.id}",
        template="engagements/reminder",
        payload={"until": local_time(engagement.closes_at)},
        at=at,
        followers_too=True,
    )
    for _some in told:
        session.commit()
    life.note_reminded(session, engagement=engagement, at=at)


@registry.plans
def plan_reminders(session: Session, at: datetime) -> None:
    """Look for engagements that end soon."""
    life.plan_reminders(session, at=at)


@registry.handles(DIGEST_JOB)
def send_digests(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Write one mail to each address that something happened for. A second run goes on."""
    while telling.gather(session, day=payload["day"], key=secret_key(), at=at):
        session.commit()


@registry.plans
def plan_digests(session: Session, at: datetime) -> None:
    """Gather once a day, in the morning."""
    day = local_date(at)
    enqueue(
        session,
        kind=DIGEST_JOB,
        key=f"{DIGEST_JOB}:{day}",
        due_at=datetime.combine(day, _MORNING, tzinfo=LOCAL_ZONE).astimezone(UTC),
        payload={"day": day.isoformat()},
    )


@registry.plans
def plan_forgetting(session: Session, at: datetime) -> None:
    """Forget once a day."""
    enqueue(
        session,
        kind=operations.FORGETTING_JOB,
        key=f"{operations.FORGETTING_JOB}:{local_date(at)}",
        due_at=at,
        payload={},
    )
