"""The mail whose link lets the owner of an address in."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.guests import LINK_LIFETIME, Guest, seal
from participation.engagements.models import Engagement
from participation.notifications.models import OutboxMessage
from participation.notifications.operations import post

_TEMPLATE = "engagements/way_in"


def send_way_in(
    session: Session,
    *,
    engagement: Engagement,
    guest: Guest,
    address: str,
    key: bytes,
    at: datetime,
) -> None:
    """Mail the link by which an address lets its owner in.

    The outbox keeps the address until the mail is on its way, and nothing keeps it afterwards.
    """
    post(
        session,
        municipality_id=engagement.municipality_id,
        key=f"way_in:{secrets.token_hex(16)}",
        address=address.strip(),
        template=_TEMPLATE,
        payload={
            "slug": engagement.slug,
            "title": engagement.title,
            "pass_token": seal(key, guest, purpose="link", at=at),
            "days": LINK_LIFETIME.days,
            "forget_address": True,
        },
        at=at,
    )


def forget_ways_in(session: Session, *, at: datetime) -> None:
    """Delete mails with links that have run out, also those that could never be sent."""
    session.execute(
        sa.delete(OutboxMessage).where(
            OutboxMessage.template == _TEMPLATE,
            OutboxMessage.written_at < at - LINK_LIFETIME,
        )
    )
