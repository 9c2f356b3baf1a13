"""Put mail into the outbox, and take it back before it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.jobs import operations as jobs
from participation.notifications.models import OutboxMessage

JOB_KIND = "send_mail"
_REMEMBERED = timedelta(days=30)


def post(
    session: Session,
    *,
    municipality_id: int | None,
    key: str,
    address: str,
    template: str,
    payload: dict[str, Any],
    at: datetime,
    not_before: datetime | None = None,
) -> OutboxMessage | None:
    """Write a mail and the job that sends it; None if this news was written before.

    `template` names `templates/mail/<template>.txt`. The payload never holds an answer to a
    survey, nor a receipt's code.
    """
    known = session.scalar(sa.select(OutboxMessage.id).where(OutboxMessage.key == key))
    if known is not None:
        return None
    message = OutboxMessage(
        municipality_id=municipality_id,
        key=key,
        address=address,
        template=template,
        payload=payload,
        written_at=at,
    )
    try:
        with session.begin_nested():
            session.add(message)
    except sa.exc.IntegrityError:
        # Somebody else wrote the same news between the question and the answer.
        return None
    jobs.enqueue(
        session,
        kind=JOB_KIND,
        key=_job_key(key),
        due_at=not_before or at,
        payload={"message_id": message.id},
    )
    return message


def retract(session: Session, *, key: str) -> None:
    """Take back a mail that has not been sent."""
    jobs.cancel(session, key=_job_key(key))
    session.execute(
        sa.delete(OutboxMessage).where(OutboxMessage.key == key, OutboxMessage.sent_at.is_(None))
    )


def stop_news(session: Session, *, address: str, at: datetime) -> None:
    """Send an address that takes no mail nothing of what still waits for it.

    What somebody asked for a moment ago, like a link to sign in, is tried all the same.
    """
    waiting = session.scalars(
        sa.select(OutboxMessage).where(
            sa.func.lower(OutboxMessage.address) == address.lower(),
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.refused_at.is_(None),
        )
    )
    for message in waiting:
        if "mailbox_token" in message.payload:
            message.refused_at, message.address, message.payload = at, "", {}


def forget_addresses(session: Session, *, at: datetime) -> None:
    """Forget whom a mail went to, and what it said, a month after it was sent."""
    session.execute(
        sa.update(OutboxMessage)
        .where(
            sa.func.coalesce(OutboxMessage.sent_at, OutboxMessage.refused_at) < at - _REMEMBERED,
            OutboxMessage.address != "",
        )
        .values(address="", payload={})
    )


def _job_key(key: str) -> str:
    return f"{JOB_KIND}:{key}"
