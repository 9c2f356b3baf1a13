"""Send the links that somebody asked for, and forget what has run out."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts import credentials, queries
from participation.accounts.models import AccountSession, Invitation, PasswordReset, SignUp
from participation.foundation.clock import local_date
from participation.jobs.operations import enqueue
from participation.jobs.registry import registry
from participation.web.models import RateCount
from participation.web.secrets import secret_key

_FORGETTING_JOB = "forget_expired"


@registry.handles(credentials.LINK_JOB)
def send_account_link(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Send a link to an address, if it is one that such a link is for."""
    municipality_id, email = payload["municipality_id"], payload["email"]
    if payload["purpose"] == "sign_up":
        credentials.offer_sign_up(
            session,
            email=email,
            municipality_id=municipality_id,
            next_path=payload["next_path"],
            key=secret_key(),
            at=at,
        )
        return
    account = queries.find_account(session, email)
    if account is not None:
        credentials.offer_reset(
            session, account=account, municipality_id=municipality_id, key=secret_key(), at=at
        )


@registry.handles(_FORGETTING_JOB)
def forget_expired(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Delete sessions, links and counters that are of no more use."""
    for table in (AccountSession, PasswordReset, SignUp):
        session.execute(sa.delete(table).where(table.expires_at <= at))
    session.execute(sa.delete(Invitation).where(Invitation.expires_at <= at))
    session.execute(sa.delete(RateCount).where(RateCount.expires_at <= time.time()))


@registry.plans
def plan_forgetting(session: Session, at: datetime) -> None:
    """Forget once a day."""
    key = f"{_FORGETTING_JOB}:{local_date(at)}"
    enqueue(session, kind=_FORGETTING_JOB, key=key, due_at=at, payload={})
