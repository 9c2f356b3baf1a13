"""Organisations that are asked for a statement: invite them, and find who came by a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements import codes
from participation.engagements.models import (
    Engagement,
    Organisation,
    OrganisationInvitation,
    OrganisationKind,
)
from participation.engagements.noting import note_on
from participation.engagements.policy import is_over
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.tokens import keyed_hash

LONGEST_NAME = 160
MOST_INVITATIONS = 500


@dataclass(frozen=True)
class Invited:
    """An invitation and the code of its link, which is shown once and stored nowhere."""

    invitation: OrganisationInvitation
    code: str


def invite_organisation(
    session: Session,
    *,
    engagement: Engagement,
    name: str,
    kind: OrganisationKind,
    address: str,
    key: bytes,
    actor: Account | None,
    at: datetime,
) -> Invited:
    """Ask an organisation for its statement. Raises Refused if it was asked before."""
    _check_time(engagement, at)
    organisation = _organisation(session, engagement.municipality_id, name, kind)
    if len(invitations_of(session, engagement.id)) >= MOST_INVITATIONS:
        raise Refused("Mehr als 500 Organisationen lassen sich nicht einladen.", field="name")
    code = codes.new_list_key()
    invitation = OrganisationInvitation(
        engagement_id=engagement.id,
        organisation=organisation,
        code_hash=_code_hash(key, code),
        address=address.strip(),
        invited_at=at,
    )
    try:
        with session.begin_nested():
            session.add(invitation)
    except sa.exc.IntegrityError:
        raise Refused(
            "Diese Organisation ist schon eingeladen. Unten können Sie ihr einen neuen Link geben.",
            field="name",
        ) from None
    note_on(
        session, "organisation.invited", engagement, actor=actor, at=at, invitation=invitation.id
    )
    return Invited(invitation, code)


def renew_link(
    session: Session,
    *,
    invitation: OrganisationInvitation,
    key: bytes,
    actor: Account | None,
    at: datetime,
) -> Invited:
    """Make a new link; the one before is worthless from now on."""
    _check_time(invitation.engagement, at)
    code = codes.new_list_key()
    invitation.code_hash = _code_hash(key, code)
    invitation.invited_at = at
    invitation.revoked_at = None
    session.flush()
    note_on(
        session,
        "organisation.link_renewed",
        invitation.engagement,
        actor=actor,
        at=at,
        invitation=invitation.id,
    )
    return Invited(invitation, code)


def revoke_invitation(
    session: Session,
    *,
    invitation: OrganisationInvitation,
    actor: Account | None,
    at: datetime,
) -> None:
    """Make a link worthless. What was handed in by it stays."""
    if invitation.revoked_at is not None:
        raise Conflict("Diese Einladung ist schon zurückgezogen.")
    invitation.revoked_at = at
    session.flush()
    note_on(
        session,
        "organisation.revoked",
        invitation.engagement,
        actor=actor,
        at=at,
        invitation=invitation.id,
    )


def invitation_with_code(
    session: Session, *, municipality_id: int, key: bytes, typed: str
) -> tuple[OrganisationInvitation, str]:
    """Return whom a link lets in, and its code. Raises NotFound for all others alike.

    A link that was revoked, replaced, made up or belongs to another town leads nowhere.
    """
    code = codes.read_written(typed)
    hashed = _code_hash(key, code or "")
    found = session.scalars(
        sa.select(OrganisationInvitation)
        .join(Engagement, Engagement.id == OrganisationInvitation.engagement_id)
        .where(
            OrganisationInvitation.code_hash == hashed,
            OrganisationInvitation.revoked_at.is_(None),
            Engagement.municipality_id == municipality_id,
            Engagement.published_at.is_not(None),
        )
    ).first()
    if found is None or code is None:
        raise NotFound("there is no such invitation")
    return found, code


def invitations_of(session: Session, engagement_id: int) -> Sequence[OrganisationInvitation]:
    """Return whom an engagement invited, by name."""
    return session.scalars(
        sa.select(OrganisationInvitation)
        .join(Organisation, Organisation.id == OrganisationInvitation.organisation_id)
        .where(OrganisationInvitation.engagement_id == engagement_id)
        .order_by(Organisation.name, OrganisationInvitation.id)
    ).all()


def get_invitation(
    session: Session, engagement_id: int, invitation_id: int
) -> OrganisationInvitation:
    """Return an invitation to an engagement. Raises NotFound."""
    found = session.scalars(
        sa.select(OrganisationInvitation).where(
            OrganisationInvitation.id == invitation_id,
            OrganisationInvitation.engagement_id == engagement_id,
        )
    ).first()
    if found is None:
        raise NotFound("there is no such invitation")
    return found


def organisations_of(session: Session, municipality_id: int) -> Sequence[str]:
    """Return the names of organisations that a town has invited before."""
    return session.scalars(
        sa.select(Organisation.name)
        .where(Organisation.municipality_id == municipality_id)
        .order_by(Organisation.name)
        .limit(MOST_INVITATIONS)
    ).all()


def _organisation(
    session: Session, municipality_id: int, name: str, kind: OrganisationKind
) -> Organisation:
    name = " ".join(name.split())
    if not name:
        raise Refused("Bitte geben Sie an, wie die Organisation heißt.", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused("Bitte kürzen Sie den Namen auf 160 Zeichen.", field="name")
    found = session.scalars(
        sa.select(Organisation).where(
            Organisation.municipality_id == municipality_id, Organisation.name == name
        )
    ).first()
    if found is None:
        found = Organisation(municipality_id=municipality_id, name=name, kind=kind)
    found.kind = kind
    return found


def _check_time(engagement: Engagement, at: datetime) -> None:
    if engagement.published_at is None:
        raise Conflict("Veröffentlichen Sie die Beteiligung, bevor Sie dazu einladen.")
    if is_over(engagement, at=at):
        raise Conflict("Diese Beteiligung ist beendet. Einladen können Sie dazu nicht mehr.")


def _code_hash(key: bytes, code: str) -> str:
    return keyed_hash(key, "organisation invitation", code)
