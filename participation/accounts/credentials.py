"""Accounts and what opens them: passwords, links sent by mail, the second factor."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts import policy, queries
from participation.accounts.models import Account, PasswordReset, SignUp
from participation.accounts.passwords import LONGEST, SHORTEST, Passwords
from participation.accounts.sessions import end_all_sessions
from participation.foundation.errors import Conflict, Refused
from participation.foundation.tokens import keyed_hash, new_token
from participation.jobs.operations import enqueue
from participation.notifications.operations import post

RESET_LIFETIME = timedelta(hours=2)
SIGN_UP_LIFETIME = timedelta(days=2)
LINK_JOB = "send_account_link"
# Nobody's mailbox is flooded by forms that anybody can send.
_MOST_OPEN_LINKS = 3


def hash_password(passwords: Passwords, password: str) -> str:
    """Return the hash of a new password. Raises Refused if it is too short, long or common.

    It takes a third of a second, so it is done before a transaction begins.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            "Ein Passwort hat %(shortest)s bis %(longest)s Zeichen.",
            field="password",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if policy.is_easily_guessed(password):
        raise Refused(
            "Dieses Passwort wird zu oft benutzt. Wählen Sie ein anderes.", field="password"
        )
    return passwords.hash(password)


def open_account(
    session: Session,
    *,
    email: str,
    display_name: str,
    password_hash: str,
    at: datetime,
) -> Account:
    """Make an account. Raises Refused if the address is taken."""
    if queries.find_account(session, email) is not None:
        raise Refused("Zu dieser Adresse gibt es schon ein Konto.", field="email")
    account = Account(
        email=email.strip().lower(),
        display_name=display_name.strip(),
        password_hash=password_hash,
        created_at=at,
    )
    session.add(account)
    session.flush()
    return account


def change_password(
    session: Session,
    *,
    account: Account,
    password_hash: str,
    municipality_id: int | None,
    at: datetime,
    keep_token_hash: str | None = None,
) -> None:
    """Set a new password, sign the account out everywhere else and tell its owner by mail.

    Links that were asked for before open nothing any more.
    """
    account.password_hash = password_hash
    session.execute(
        sa.update(PasswordReset)
        .where(PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None))
        .values(used_at=at)
    )
    end_all_sessions(session, account=account, except_token_hash=keep_token_hash)
    session.flush()
    post(
        session,
        municipality_id=municipality_id,
        key=f"password_changed:{account.id}:{at.timestamp()}",
        address=account.email,
        template="accounts/password_changed",
        payload={"name": account.display_name},
        at=at,
    )


def ask_for_link(
    session: Session,
    *,
    purpose: str,
    email: str,
    municipality_id: int | None,
    next_path: str | None,
    at: datetime,
) -> None:
    """Have a link sent: `purpose` is "reset" or "sign_up".

    The worker finds out whether there is an account. Whoever asks learns it neither from the
    answer nor from how long it takes.
    """
    enqueue(
        session,
        kind=LINK_JOB,
        key=f"{LINK_JOB}:{new_token()}",
        due_at=at,
        payload={
            "purpose": purpose,
            "email": email.strip().lower(),
            "municipality_id": municipality_id,
            "next_path": next_path,
        },
    )


def offer_reset(
    session: Session, *, account: Account, municipality_id: int | None, key: bytes, at: datetime
) -> None:
    """Send a mail that lets somebody set a new password once."""
    still_open = sa.select(sa.func.count()).where(
        PasswordReset.account_id == account.id,
        PasswordReset.expires_at > at,
        PasswordReset.used_at.is_(None),
    )
    if account.suspended_at is not None or (session.scalar(still_open) or 0) >= _MOST_OPEN_LINKS:
        return
    token = new_token()
    reset = PasswordReset(
        account_id=account.id,
        token_hash=keyed_hash(key, "reset", token),
        expires_at=at + RESET_LIFETIME,
    )
    session.add(reset)
    session.flush()
    post(
        session,
        municipality_id=municipality_id,
        key=f"reset:{reset.id}",
        address=account.email,
        template="accounts/reset",
        payload={
            "token": token,
            "name": account.display_name,
            "hours": RESET_LIFETIME // timedelta(hours=1),
        },
        at=at,
    )


def reset_password(
    session: Session,
    *,
    reset: PasswordReset,
    password_hash: str,
    municipality_id: int | None,
    at: datetime,
) -> Account:
    """Set a new password, once, and sign the account out everywhere."""
    if reset.used_at is not None or reset.expires_at <= at:
        raise Conflict("Dieser Link wurde schon benutzt oder ist zu alt.")
    account = session.get_one(Account, reset.account_id)
    reset.used_at = at
    change_password(
        session,
        account=account,
        password_hash=password_hash,
        municipality_id=municipality_id,
        at=at,
    )
    return account


def offer_sign_up(
    session: Session,
    *,
    email: str,
    municipality_id: int | None,
    next_path: str | None,
    key: bytes,
    at: datetime,
) -> None:
    """Send a mail that lets an address have an account, or says that it has one."""
    account = queries.find_account(session, email)
    if account is not None:
        post(
            session,
            municipality_id=municipality_id,
            key=f"sign_up_again:{account.id}:{at:%Y-%m-%d}",
            address=account.email,
            template="accounts/sign_up_again",
            payload={"name": account.display_name},
            at=at,
        )
        return
    still_open = sa.select(sa.func.count()).where(SignUp.email == email, SignUp.expires_at > at)
    if (session.scalar(still_open) or 0) >= _MOST_OPEN_LINKS:
        return
    token = new_token()
    sign_up = SignUp(
        email=email,
        token_hash=keyed_hash(key, "sign_up", token),
        expires_at=at + SIGN_UP_LIFETIME,
    )
    session.add(sign_up)
    session.flush()
    post(
        session,
        municipality_id=municipality_id,
        key=f"sign_up:{sign_up.id}:{sign_up.token_hash[:16]}",
        address=email,
        template="accounts/sign_up",
        payload={"token": token, "next_path": next_path, "days": SIGN_UP_LIFETIME.days},
        at=at,
    )


def complete_sign_up(
    session: Session, *, sign_up: SignUp, display_name: str, password_hash: str, at: datetime
) -> Account:
    """Make the account for which its address has asked, once."""
    if sign_up.expires_at <= at:
        raise Conflict("Dieser Link wurde schon benutzt oder ist zu alt.")
    account = open_account(
        session,
        email=sign_up.email,
        display_name=display_name,
        password_hash=password_hash,
        at=at,
    )
    session.execute(sa.delete(SignUp).where(SignUp.email == sign_up.email))
    return account
