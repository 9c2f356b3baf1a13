"""Groups that an engagement invites: their names, their links, and who came by one."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements.models import Engagement, ParticipantGroup
from participation.engagements.noting import note_on
from participation.engagements.policy import is_over
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.tokens import code_from, read_code

LONGEST_NAME = 60
MOST_GROUPS = 12


class GroupGone(Refused):
    """The group as one of which somebody sends takes nothing in any more."""


def invite_group(
    session: Session, *, engagement: Engagement, name: str, actor: Account | None, at: datetime
) -> ParticipantGroup:
    """Invite a group under a name of its own. Raises Refused for a name that does not do."""
    _check_time(engagement, at)
    # Two at once would both think that there is room for one more.
    session.execute(
        sa.select(Engagement.id).where(Engagement.id == engagement.id).with_for_update()
    )
    before = groups_of(session, engagement.id)
    if len(before) >= MOST_GROUPS:
        raise Refused("Mehr als 12 Gruppen lassen sich nicht einladen.", field="name")
    group = ParticipantGroup(
        engagement_id=engagement.id,
        name=_checked_name(name, [one.name for one in before]),
        link_key=secrets.token_hex(16),
        invited_at=at,
    )
    session.add(group)
    session.flush()
    note_on(session, "group.invited", engagement, actor=actor, at=at, group=group.id)
    return group


def rename_group(
    session: Session,
    *,
    engagement: Engagement,
    group: ParticipantGroup,
    name: str,
    actor: Account | None,
    at: datetime,
) -> None:
    """Give a group another name; what was released keeps the one before."""
    _check_time(engagement, at)
    others = [one.name for one in groups_of(session, engagement.id) if one.id != group.id]
    group.name = _checked_name(name, others)
    session.flush()
    note_on(session, "group.renamed", engagement, actor=actor, at=at, group=group.id)


def renew_group_link(
    session: Session,
    *,
    engagement: Engagement,
    group: ParticipantGroup,
    actor: Account | None,
    at: datetime,
) -> None:
    """Make a new link; the one before is worthless from now on."""
    _check_time(engagement, at)
    group.link_key = secrets.token_hex(16)
    session.flush()
    note_on(session, "group.link_renewed", engagement, actor=actor, at=at, group=group.id)


def close_group(
    session: Session,
    *,
    engagement: Engagement,
    group: ParticipantGroup,
    actor: Account | None,
    at: datetime,
) -> None:
    """Take in nothing more from a group; what came from it counts."""
    _check_time(engagement, at)
    if group.closed_at is not None:
        raise Conflict("Diese Gruppe ist schon geschlossen.")
    group.closed_at = at
    session.flush()
    note_on(session, "group.closed", engagement, actor=actor, at=at, group=group.id)


def reopen_group(
    session: Session,
    *,
    engagement: Engagement,
    group: ParticipantGroup,
    actor: Account | None,
    at: datetime,
) -> None:
    """Let a group that was closed take part again, with the link that it had."""
    _check_time(engagement, at)
    if group.closed_at is None:
        raise Conflict("Diese Gruppe ist nicht geschlossen.")
    group.closed_at = None
    session.flush()
    note_on(session, "group.reopened", engagement, actor=actor, at=at, group=group.id)


def remove_group(
    session: Session,
    *,
    engagement: Engagement,
    group: ParticipantGroup,
    actor: Account | None,
    at: datetime,
) -> None:
    """Remove a group from which nothing has come. Raises Conflict for all others."""
    _check_time(engagement, at)
    note_on(session, "group.removed", engagement, actor=actor, at=at, group=group.id)
    removed = session.execute(
        sa.delete(ParticipantGroup).where(
            ParticipantGroup.id == group.id, ParticipantGroup.is_used.is_(False)
        )
    )
    if not removed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(
            "Aus dieser Gruppe ist schon etwas eingegangen. Sie lässt sich nur noch schließen."
        )
    session.expire_all()


def groups_of(session: Session, engagement_id: int) -> Sequence[ParticipantGroup]:
    """Return the groups that an engagement invited, by name."""
    return session.scalars(
        sa.select(ParticipantGroup)
        .where(ParticipantGroup.engagement_id == engagement_id)
        .order_by(ParticipantGroup.name, ParticipantGroup.id)
    ).all()


def get_group(session: Session, engagement_id: int, group_id: int) -> ParticipantGroup:
    """Return a group of an engagement. Raises NotFound."""
    found = session.scalars(
        sa.select(ParticipantGroup).where(
            ParticipantGroup.id == group_id, ParticipantGroup.engagement_id == engagement_id
        )
    ).first()
    if found is None:
        raise NotFound("there is no such group")
    return found


def code_of_group(key: bytes, group: ParticipantGroup) -> str:
    """Return the code of a group's link."""
    return code_from(key, "participant group", str(group.engagement_id), group.link_key)


def group_with_code(
    session: Session, *, engagement_id: int, key: bytes, typed: str
) -> ParticipantGroup | None:
    """Return the group whose link somebody has; None for one that is closed, and for all others.

    A link that was replaced, made up or is another engagement's leads nowhere.
    """
    code = read_code(typed) if len(typed) <= 100 else None
    if code is None:
        return None
    for group in groups_of(session, engagement_id):
        if hmac.compare_digest(code_of_group(key, group), code):
            return group if group.closed_at is None else None
    return None


def check_is_there(group: ParticipantGroup | None) -> ParticipantGroup:
    """Return the group that something is sent for. Raises GroupGone if there is none any more."""
    if group is None:
        raise GroupGone(
            "Die Gruppe, für die Sie teilnehmen wollten, nimmt nichts mehr an. Gespeichert ist"
            " noch nichts. Wenn Sie noch einmal absenden, nehmen Sie ohne Gruppe teil."
        )
    return group


def note_use(session: Session, group: ParticipantGroup | None) -> None:
    """Note that something comes in from a group; it is written the first time only.

    Raises GroupGone if the group was removed meanwhile.
    """
    if group is None or group.is_used:
        return
    noted = session.execute(
        sa.update(ParticipantGroup)
        .where(ParticipantGroup.id == group.id)
        .values(is_used=True)
        .execution_options(synchronize_session=False)
    )
    check_is_there(group if noted.rowcount else None)  # type: ignore[attr-defined]


def _checked_name(name: str, others: Sequence[str]) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("Bitte geben Sie an, wie die Gruppe heißt.", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused("Bitte kürzen Sie den Namen auf 60 Zeichen.", field="name")
    if name.casefold() in {other.casefold() for other in others}:
        raise Refused("Eine Gruppe mit diesem Namen gibt es hier schon.", field="name")
    return name


def _check_time(engagement: Engagement, at: datetime) -> None:
    if is_over(engagement, at=at):
        raise Conflict("Diese Beteiligung ist beendet. An ihren Gruppen ändert sich nichts mehr.")
