"""Send what stands in the outbox."""

from __future__ import annotations

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from participation.foundation.clock import local_date
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.notifications import operations
from participation.notifications.bounces import means_unreachable, note_bounce
from participation.notifications.mails import compose
from participation.notifications.models import OutboxMessage
from participation.notifications.operations import JOB_KIND
from participation.notifications.transport import Transport

_FORGETTING_JOB = "forget_addresses"


@registry.handles(JOB_KIND)
def send_mail(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Send one mail. Run again after a crash it carries the same Message-ID.

    An address that the server refuses for good is not tried again.
    """
    message = session.get(OutboxMessage, payload["message_id"])
    if message is None or message.sent_at is not None or message.refused_at is not None:
        return
    transport: Transport = current_app.extensions["mail_transport"]
    mail = compose(message, at)
    # The database must not stay locked while a mail server takes its time.
    session.commit()
    try:
        transport.send(mail)
    except SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()))
        if not means_unreachable(code, words):
            raise
        note_bounce(session, message=message, at=at)
        return
    message.sent_at = at
    # What opens a door is of no more use here, once it is on its way.
    message.payload = {
        name: value
        for name, value in message.payload.items()
        if not name.endswith("token") and name != "parts"
    }
    if message.payload.get("forget_address"):
        # Asked for by somebody who is known to nobody otherwise.
        message.address, message.payload = "", {}
    session.flush()


@registry.handles(_FORGETTING_JOB)
def forget_addresses(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Forget whom old mails went to; their keys stay, so that no news is sent twice."""
    operations.forget_addresses(session, at=at)


@registry.plans
def plan_forgetting(session: Session, at: datetime) -> None:
    """Forget once a day."""
    key = f"{_FORGETTING_JOB}:{local_date(at)}"
    enqueue(session, kind=_FORGETTING_JOB, key=key, due_at=at, payload={})
