"""Signed-in browsers: begin, end, and keep out who is suspended."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, AccountSession
from participation.foundation.tokens import keyed_hash, new_token
from participation.journal.operations import record

SESSION_LIFETIME = timedelta(hours=12)


def begin_session(session: Session, *, account: Account, key: bytes, at: datetime) -> str:
    """Sign a browser in and return the token that its cookie carries."""
    token = new_token()
    session.execute(sa.delete(AccountSession).where(AccountSession.expires_at <= at))
    session.add(
        AccountSession(
            token_hash=session_hash(key, token),
            account_id=account.id,
            began_at=at,
            expires_at=at + SESSION_LIFETIME,
        )
    )
    session.flush()
    return token


def session_hash(key: bytes, token: str) -> str:
    """Return what is stored of a session's token."""
    return keyed_hash(key, "session", token)


def end_session(session: Session, *, token_hash: str) -> None:
    """Sign one browser out."""
    session.execute(sa.delete(AccountSession).where(AccountSession.token_hash == token_hash))


def end_all_sessions(
    session: Session, *, account: Account, except_token_hash: str | None = None
) -> None:
    """Sign an account out everywhere, or everywhere else."""
    ended = sa.delete(AccountSession).where(AccountSession.account_id == account.id)
    if except_token_hash is not None:
        ended = ended.where(AccountSession.token_hash != except_token_hash)
    session.execute(ended)


def suspend(session: Session, *, account: Account, actor: Account | None, at: datetime) -> None:
    """Keep somebody from signing in, and sign them out everywhere."""
    if account.suspended_at is not None:
        return
    account.suspended_at = at
    end_all_sessions(session, account=account)
    _record_account(session, "account.suspended", account, actor, at)


def readmit(session: Session, *, account: Account, actor: Account | None, at: datetime) -> None:
    """Let somebody sign in again who was suspended."""
    if account.suspended_at is None:
        return
    account.suspended_at = None
    _record_account(session, "account.readmitted", account, actor, at)


def _record_account(
    session: Session, action: str, account: Account, actor: Account | None, at: datetime
) -> None:
    session.flush()
    record(
        session,
        at=at,
        action=action,
        subject=f"account:{account.id}",
        actor_id=actor.id if actor else None,
    )
