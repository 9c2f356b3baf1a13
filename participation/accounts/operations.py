"""Set up municipalities, invite people, sign them in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts import queries
from participation.accounts.models import (
    Account,
    AccountSession,
    DutyText,
    Invitation,
    Membership,
    Municipality,
    MunicipalityKind,
    MunicipalityText,
    PasswordReset,
    Role,
)
from participation.accounts.passwords import LONGEST, SHORTEST, Passwords
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.richtext import render_markdown
from participation.foundation.tokens import keyed_hash, new_token
from participation.journal.operations import record
from participation.notifications.operations import post

SESSION_LIFETIME = timedelta(hours=12)
INVITATION_LIFETIME = timedelta(days=14)
RESET_LIFETIME = timedelta(hours=2)

# First segments of paths that belong to the platform; a municipality cannot be called so.
RESERVED_SLUGS = frozenset(
    {
        *("api", "barrierefreiheit", "beleg", "beteiligung", "daten", "datenschutz", "farbe.css"),
        *("gesundheit", "impressum", "konto", "leichte-sprache", "logo", "moderation", "regeln"),
        *("static", "strategie", "ueberblick", "verwaltung", "was-daraus-wurde", "werkstatt"),
    }
)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def create_municipality(
    session: Session,
    *,
    slug: str,
    name: str,
    kind: MunicipalityKind,
    texts: Mapping[DutyText, str],
    at: datetime,
    is_demo: bool = False,
) -> Municipality:
    """Create a municipality with its duty texts as drafts to be completed."""
    if not _SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        raise Refused(
            "the short name needs small letters, digits and hyphens, and must not be a word "
            "that the site uses itself",
            field="slug",
        )
    if session.scalar(sa.select(Municipality.id).where(Municipality.slug == slug)) is not None:
        raise Refused("there is already a municipality with this short name", field="slug")
    municipality = Municipality(slug=slug, name=name, kind=kind, created_at=at, is_demo=is_demo)
    session.add(municipality)
    session.flush()
    for text_kind, source in texts.items():
        put_duty_text(
            session,
            municipality=municipality,
            kind=text_kind,
            source=source,
            completed=False,
            actor=None,
            at=at,
        )
    record(
        session,
        at=at,
        action="municipality.created",
        subject=f"municipality:{municipality.id}",
        municipality_id=municipality.id,
    )
    return municipality


def put_duty_text(
    session: Session,
    *,
    municipality: Municipality,
    kind: DutyText,
    source: str,
    completed: bool,
    actor: Account | None,
    at: datetime,
) -> MunicipalityText:
    """Write a duty text (Markdown). It is complete when the author says so and no gap is left.

    Raises Refused for a gap, which the default texts mark as `[…]`.
    """
    if completed and (not source.strip() or re.search(r"\[[^\]\n]*…[^\]\n]*\]", source)):
        raise Refused("the text still has gaps, marked as […]", field="source")
    text = session.get(MunicipalityText, (municipality.id, kind))
    if text is None:
        text = MunicipalityText(municipality_id=municipality.id, kind=kind)
        session.add(text)
    text.source = source
    text.html = render_markdown(source)
    text.completed = completed
    text.changed_at = at
    session.flush()
    record(
        session,
        at=at,
        action="municipality.text",
        subject=f"municipality:{municipality.id}",
        municipality_id=municipality.id,
        actor_id=actor.id if actor else None,
        facts={"text": kind.value, "completed": completed},
    )
    return text


def create_account(
    session: Session,
    *,
    email: str,
    display_name: str,
    password: str,
    passwords: Passwords,
    at: datetime,
) -> Account:
    """Create an account. Raises Refused if the password is too short or the address is taken."""
    check_password(password)
    if queries.find_account(session, email) is not None:
        raise Refused("there is already an account with this address", field="email")
    account = Account(
        email=email.strip().lower(),
        display_name=display_name.strip(),
        password_hash=passwords.hash(password),
        created_at=at,
    )
    session.add(account)
    session.flush()
    return account


def check_password(password: str) -> None:
    """Raise Refused if a password is too short or too long to be one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters", field="password")


def grant_role(
    session: Session,
    *,
    account: Account,
    municipality: Municipality,
    role: Role,
    actor: Account | None,
    at: datetime,
) -> None:
    """Give a role; giving it again changes nothing."""
    key = (account.id, municipality.id, role)
    if session.get(Membership, key) is not None:
        return
    session.add(
        Membership(account_id=account.id, municipality_id=municipality.id, role=role, granted_at=at)
    )
    _record_role(session, "role.granted", account, municipality, role, actor, at)


def revoke_role(
    session: Session,
    *,
    account: Account,
    municipality: Municipality,
    role: Role,
    actor: Account,
    at: datetime,
) -> None:
    """Take a role away. Raises Conflict if nobody would be left to administer."""
    membership = session.get(Membership, (account.id, municipality.id, role))
    if membership is None:
        raise NotFound("this person does not have this role")
    if role is Role.ADMINISTRATOR:
        others = [
            member
            for member, their in queries.members(session, municipality.id)
            if their is role and member.id != account.id
        ]
        if not others:
            raise Conflict("the last administrator cannot be removed")
    session.delete(membership)
    _record_role(session, "role.revoked", account, municipality, role, actor, at)


def invite(
    session: Session,
    *,
    municipality: Municipality,
    email: str,
    role: Role,
    key: bytes,
    actor: Account | None,
    at: datetime,
) -> str:
    """Invite somebody to a role by mail and return the token that the mail carries."""
    token = new_token()
    invitation = Invitation(
        municipality_id=municipality.id,
        email=email.strip().lower(),
        role=role,
        token_hash=keyed_hash(key, "invitation", token),
        created_at=at,
        expires_at=at + INVITATION_LIFETIME,
    )
    session.add(invitation)
    session.flush()
    post(
        session,
        municipality_id=municipality.id,
        key=f"invitation:{invitation.id}",
        address=invitation.email,
        template="accounts/invitation",
        payload={"token": token, "role": role.value, "days": INVITATION_LIFETIME.days},
        at=at,
    )
    record(
        session,
        at=at,
        action="role.invited",
        subject=f"invitation:{invitation.id}",
        municipality_id=municipality.id,
        actor_id=actor.id if actor else None,
        facts={"role": role.value},
    )
    return token


def accept_invitation(
    session: Session, *, invitation: Invitation, account: Account, at: datetime
) -> None:
    """Take up the role that an invitation offers."""
    if invitation.accepted_at is not None:
        raise Conflict("this invitation was taken up before")
    invitation.accepted_at = at
    municipality = session.get_one(Municipality, invitation.municipality_id)
    grant_role(
        session,
        account=account,
        municipality=municipality,
        role=invitation.role,
        actor=account,
        at=at,
    )


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


def end_all_sessions(session: Session, *, account: Account) -> None:
    """Sign an account out everywhere."""
    session.execute(sa.delete(AccountSession).where(AccountSession.account_id == account.id))


def offer_reset(session: Session, *, account: Account, key: bytes, at: datetime) -> None:
    """Send a mail that lets somebody set a new password once."""
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
        municipality_id=None,
        key=f"reset:{reset.id}",
        address=account.email,
        template="accounts/reset",
        payload={"token": token, "hours": 2},
        at=at,
    )


def reset_password(
    session: Session, *, reset: PasswordReset, password: str, passwords: Passwords, at: datetime
) -> Account:
    """Set a new password, once, and sign the account out everywhere."""
    check_password(password)
    if reset.used_at is not None or reset.expires_at <= at:
        raise Conflict("this link was used before or is too old")
    account = session.get_one(Account, reset.account_id)
    reset.used_at = at
    account.password_hash = passwords.hash(password)
    end_all_sessions(session, account=account)
    return account


def _record_role(
    session: Session,
    action: str,
    account: Account,
    municipality: Municipality,
    role: Role,
    actor: Account | None,
    at: datetime,
) -> None:
    session.flush()
    record(
        session,
        at=at,
        action=action,
        subject=f"account:{account.id}",
        municipality_id=municipality.id,
        actor_id=actor.id if actor else None,
        facts={"role": role.value},
    )
