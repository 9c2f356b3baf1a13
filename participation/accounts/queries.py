"""What is read about municipalities, accounts and roles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import (
    REQUIRED_TEXTS,
    Account,
    AccountSession,
    DutyText,
    Invitation,
    Membership,
    Municipality,
    MunicipalityText,
    PasswordReset,
    Role,
    SignUp,
)
from participation.foundation.errors import NotFound

_MOST_SESSIONS = 20


def municipalities(session: Session) -> Sequence[Municipality]:
    """Return all of them, the oldest first."""
    return session.scalars(sa.select(Municipality).order_by(Municipality.id)).all()


def get_municipality(session: Session, slug: str) -> Municipality:
    """Return the municipality. Raises NotFound."""
    found = session.scalars(sa.select(Municipality).where(Municipality.slug == slug)).first()
    if found is None:
        raise NotFound("there is no such municipality")
    return found


def find_account(session: Session, email: str) -> Account | None:
    """Return the account of a mail address, however it is written."""
    return session.scalars(sa.select(Account).where(Account.email == email.strip().lower())).first()


def roles_of(session: Session, account_id: int, municipality_id: int) -> frozenset[Role]:
    """Return what roles an account has in a municipality."""
    return frozenset(
        session.scalars(
            sa.select(Membership.role).where(
                Membership.account_id == account_id,
                Membership.municipality_id == municipality_id,
            )
        )
    )


def members(session: Session, municipality_id: int) -> Sequence[tuple[Account, Role]]:
    """Return everybody who has a role, by name, one row per role."""
    rows = session.execute(
        sa.select(Account, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.municipality_id == municipality_id)
        .order_by(Account.display_name, Account.id, Membership.role)
    )
    return [(account, role) for account, role in rows]


def find_session(session: Session, token_hash: str, at: datetime) -> AccountSession | None:
    """Return a signed-in browser that is still good, with its account."""
    return session.scalars(
        sa.select(AccountSession)
        .join(Account)
        .where(
            AccountSession.token_hash == token_hash,
            AccountSession.expires_at > at,
            Account.suspended_at.is_(None),
        )
        .options(sa.orm.contains_eager(AccountSession.account))
    ).first()


def find_invitation(session: Session, token_hash: str, at: datetime) -> Invitation | None:
    """Return an invitation that can still be taken up."""
    return session.scalars(
        sa.select(Invitation).where(
            Invitation.token_hash == token_hash,
            Invitation.expires_at > at,
            Invitation.accepted_at.is_(None),
        )
    ).first()


def open_invitations(session: Session, municipality_id: int, at: datetime) -> Sequence[Invitation]:
    """Return the invitations that nobody has taken up yet, the newest first."""
    return session.scalars(
        sa.select(Invitation)
        .where(
            Invitation.municipality_id == municipality_id,
            Invitation.expires_at > at,
            Invitation.accepted_at.is_(None),
        )
        .order_by(Invitation.id.desc())
    ).all()


def get_invitation(session: Session, municipality_id: int, invitation_id: int) -> Invitation:
    """Return an invitation of a municipality. Raises NotFound."""
    found = session.get(Invitation, invitation_id)
    if found is None or found.municipality_id != municipality_id:
        raise NotFound("there is no such invitation")
    return found


def names_of(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """Return how some accounts are called."""
    rows = session.execute(
        sa.select(Account.id, Account.display_name).where(Account.id.in_(account_ids))
    )
    return {row.id: row.display_name for row in rows}


def find_reset(session: Session, token_hash: str, at: datetime) -> PasswordReset | None:
    """Return a password reset that can still be used."""
    return session.scalars(
        sa.select(PasswordReset).where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.expires_at > at,
            PasswordReset.used_at.is_(None),
        )
    ).first()


def find_sign_up(session: Session, token_hash: str, at: datetime) -> SignUp | None:
    """Return leave to make an account that can still be used."""
    return session.scalars(
        sa.select(SignUp).where(SignUp.token_hash == token_hash, SignUp.expires_at > at)
    ).first()


def sessions_of(session: Session, account_id: int, at: datetime) -> Sequence[AccountSession]:
    """Return the browsers in which an account is signed in, the newest first."""
    return session.scalars(
        sa.select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.expires_at > at)
        .order_by(AccountSession.began_at.desc(), AccountSession.token_hash)
        .limit(_MOST_SESSIONS)
    ).all()


def places_of(session: Session, account_id: int) -> Sequence[tuple[Municipality, Role]]:
    """Return the municipalities that somebody works for, with each role there."""
    rows = session.execute(
        sa.select(Municipality, Membership.role)
        .join(Membership, Membership.municipality_id == Municipality.id)
        .where(Membership.account_id == account_id)
        .order_by(Municipality.name, Membership.role)
    )
    return [(municipality, role) for municipality, role in rows]


def is_staff_anywhere(session: Session, account_id: int) -> bool:
    """Tell whether somebody works for any municipality."""
    found = sa.select(Membership.account_id).where(Membership.account_id == account_id).limit(1)
    return session.scalar(found) is not None


def find_duty_text(
    session: Session, municipality_id: int, kind: DutyText
) -> MunicipalityText | None:
    """Return one duty text."""
    return session.get(MunicipalityText, (municipality_id, kind))


def missing_duty_texts(session: Session, municipality_id: int) -> list[DutyText]:
    """Return the required texts that nobody has completed yet, in their order."""
    complete = set(
        session.scalars(
            sa.select(MunicipalityText.kind).where(
                MunicipalityText.municipality_id == municipality_id,
                MunicipalityText.completed.is_(True),
            )
        )
    )
    return [kind for kind in REQUIRED_TEXTS if kind not in complete]
