"""Set up municipalities, invite people, sign them in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts import credentials, policy, queries
from participation.accounts.models import (
    Account,
    DutyText,
    Invitation,
    Membership,
    Municipality,
    MunicipalityKind,
    MunicipalityText,
    Role,
)
from participation.accounts.passwords import Passwords
from participation.foundation.errors import Conflict, Forbidden, NotFound, Refused
from participation.foundation.richtext import render_markdown
from participation.foundation.tokens import keyed_hash, new_token
from participation.journal.operations import record
from participation.notifications.operations import post, retract

INVITATION_LIFETIME = timedelta(days=14)

# First segments of paths that belong to the platform; a municipality cannot be called so.
RESERVED_SLUGS = frozenset(
    {
        *("anhoerungen", "api", "barrierefreiheit", "beleg", "beteiligung", "daten", "datenschutz"),
        *("einbetten", "farbe.css", "stellungnahme"),
        *("gesundheit", "impressum", "konto", "leichte-sprache", "logo", "moderation", "regeln"),
        *("sprache", "static", "strategie", "ueberblick", "verwaltung", "was-daraus-wurde"),
        "werkstatt",
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
            "the short name needs small letters, digits and hyphens, and must not be a word that "
            "the site uses itself",
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


def describe_municipality(
    session: Session,
    *,
    municipality: Municipality,
    name: str,
    kind: MunicipalityKind,
    postal_line: str,
    contact_email: str,
    embed_origins: Sequence[str],
    actor: Account,
    at: datetime,
) -> None:
    """Say what the municipality is called, how to reach it, and which sites may show our cards.

    Raises Refused for what is no origin of https.
    """
    if len(embed_origins) > policy.MOST_ORIGINS or any(
        policy.origin_of(origin) != origin for origin in embed_origins
    ):
        raise Refused("these are no origins", field="embed_origins")
    municipality.name = name.strip()
    municipality.kind = kind
    municipality.postal_line = postal_line.strip()
    municipality.contact_email = contact_email.strip()
    municipality.embed_origins = "\n".join(embed_origins)
    _record_look(session, "municipality.described", municipality, actor, at)


def paint_municipality(
    session: Session, *, municipality: Municipality, colour: str, actor: Account, at: datetime
) -> None:
    """Set the accent colour. Raises Refused if white text on it would be hard to read."""
    if not policy.COLOUR.fullmatch(colour):
        raise Refused("Eine Farbe hat die Form #3a6a3c.", field="colour")
    if policy.contrast_with_white(colour) < policy.LEAST_CONTRAST:
        raise Refused("Der Kontrast dieser Farbe zu Weiß reicht nicht.", field="colour")
    municipality.accent_colour = colour.lower()
    _record_look(session, "municipality.painted", municipality, actor, at)


def put_logo(
    session: Session,
    *,
    municipality: Municipality,
    logo: bytes | None,
    logo_type: str | None,
    actor: Account,
    at: datetime,
) -> None:
    """Set the logo, re-encoded before, or take it away."""
    municipality.logo = logo
    municipality.logo_type = logo_type
    _record_look(session, "municipality.logo", municipality, actor, at)


def _record_look(
    session: Session, action: str, municipality: Municipality, actor: Account, at: datetime
) -> None:
    session.flush()
    record(
        session,
        at=at,
        action=action,
        subject=f"municipality:{municipality.id}",
        municipality_id=municipality.id,
        actor_id=actor.id,
    )


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
    if completed and (not source.strip() or policy.gaps(source)):
        raise Refused("Der Text hat noch Lücken: […].", field="source")
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
    """Create an account. Raises Refused if the password is too short or the address is taken.

    For commands and demo content; a view hashes before its transaction begins.
    """
    password_hash = credentials.hash_password(passwords, password)
    return credentials.open_account(
        session, email=email, display_name=display_name, password_hash=password_hash, at=at
    )


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
        # Two administrators must not remove each other at the same moment.
        session.refresh(municipality, with_for_update=True)
        others = [
            member
            for member, their in queries.members(session, municipality.id)
            if their is role and member.id != account.id
        ]
        if not others:
            raise Conflict(
                "Eine Person muss die Plattform verwalten können. Geben Sie diese Rolle zuerst "
                "jemand anderem."
            )
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
    """Invite somebody to a role by mail and return the token that the mail carries.

    An open invitation of the same address to the same role is withdrawn: the new one takes its
    place. Raises Refused for what is no mail address.
    """
    if not policy.is_address(email.strip()):
        raise Refused(f"this is not a mail address: {email!r}", field="email")
    for earlier in queries.open_invitations(session, municipality.id, at):
        if (earlier.email, earlier.role) == (email.strip().lower(), role):
            withdraw_invitation(session, invitation=earlier, actor=actor, at=at)
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


def withdraw_invitation(
    session: Session, *, invitation: Invitation, actor: Account | None, at: datetime
) -> None:
    """Take back an invitation that nobody has accepted; its link leads nowhere then."""
    if invitation.accepted_at is not None:
        raise Conflict("Diese Einladung wurde schon angenommen.")
    retract(session, key=f"invitation:{invitation.id}")
    session.delete(invitation)
    session.flush()
    record(
        session,
        at=at,
        action="role.invitation_withdrawn",
        subject=f"invitation:{invitation.id}",
        municipality_id=invitation.municipality_id,
        actor_id=actor.id if actor else None,
        facts={"role": invitation.role.value},
    )


def accept_invitation(
    session: Session, *, invitation: Invitation, account: Account, at: datetime
) -> None:
    """Take up the role that an invitation offers. It holds for the address that it was sent to."""
    if account.email != invitation.email:
        raise Forbidden("this invitation is for somebody else")
    if invitation.accepted_at is not None:
        raise Conflict("Diese Einladung wurde schon angenommen.")
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
