"""Enter an idea for somebody who wrote, called, came by or took part in a workshop."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.models import Channel, ContributionStatus
from participation.contributions.operations import find_received
from participation.engagements.models import Engagement
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.foundation.errors import Conflict, Refused
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import Submitted, submit_idea
from participation.intake import policy, queries
from participation.journal.operations import record
from participation.moderation.models import Action
from participation.moderation.operations import decide
from participation.strategy.models import Element

_NOON = time(12)


class SameIdea(Refused):
    """An idea that says what the call has already; `ideas` are those."""

    def __init__(self, ideas: Sequence[Idea]) -> None:
        super().__init__("the call has this idea", field="again")
        self.ideas = ideas


@dataclass(frozen=True)
class Entry:
    """What staff typed: the idea, the way it came and from where, and who wants to hear of it.

    An address stands here only with its owner's consent, which is noted in the journal.
    """

    title: str
    text: str
    channel: Channel
    received_on: date
    origin: str = ""
    elements: Sequence[Element] = ()
    address: str = ""


def enter_idea(
    session: Session,
    *,
    call: IdeaCall,
    entry: Entry,
    publish: bool,
    is_another: bool,
    submission: str,
    key: bytes,
    actor: Account,
    at: datetime,
) -> Submitted:
    """Store an idea that came on another way, with its receipt.

    With `publish` it is decided at once, else it waits in the queue. Raises SameIdea if the call
    has it already, unless `is_another` says that somebody else said the same; Conflict while
    nothing is taken; Refused with the field.
    """
    stored = find_received(
        session, kind=Idea, engagement_id=call.id, key=key, submission=submission
    )
    if stored is not None:
        return Submitted(*stored, is_new=False)
    check_takes_entries(call, at=at)
    check_way(entry.channel, entry.origin, entry.received_on, at=at)
    if not is_another:
        same = queries.same_ideas(session, call, title=entry.title, text=entry.text)
        if same:
            raise SameIdea(same)
    submitted = submit_idea(
        session,
        call=call,
        title=entry.title,
        text=entry.text,
        elements=entry.elements,
        author=None,
        submission=submission,
        key=key,
        at=at,
        channel=entry.channel,
        origin=entry.origin,
        received_at=moment_of_day(entry.received_on, at=at),
        # A mark that belongs to nobody: whoever wrote is counted and not known. Of a workshop
        # nobody knows who wrote which card, so nobody is counted.
        mark=None if entry.channel is Channel.WORKSHOP else secrets.token_hex(32),
        address=entry.address,
    )
    if not submitted.is_new:
        return submitted
    idea = submitted.idea
    record(
        session,
        at=at,
        action="contribution.entered",
        subject=f"contribution:{idea.id}",
        municipality_id=call.municipality_id,
        actor_id=actor.id,
        facts={
            "channel": entry.channel.value,
            "published": publish,
            "consent": bool(entry.address.strip()),
        },
    )
    if publish and idea.status is ContributionStatus.PENDING:
        decide(session, contribution=idea, action=Action.PUBLISH, actor=actor, at=at)
    return submitted


def check_takes_entries(engagement: Engagement, *, at: datetime) -> None:
    """Raise Conflict while nothing may be entered."""
    if not policy.takes_entries(engagement, at=at):
        raise Conflict(
            "Eingeben können Sie etwas, solange die Beteiligung läuft, und danach, bis das "
            "Endergebnis veröffentlicht ist."
        )


def check_way(channel: Channel, origin: str, received_on: date, *, at: datetime) -> None:
    """Raise Refused for a way, an origin or a day that cannot be."""
    if channel not in policy.CHANNELS:
        raise Refused("Wählen Sie, auf welchem Weg die Idee kam.", field="channel")
    if len(origin) > policy.LONGEST_ORIGIN:
        raise Refused("Die Herkunft darf höchstens 120 Zeichen haben.", field="origin")
    if not policy.is_likely_day(received_on, at=at):
        raise Refused(
            "Geben Sie einen Tag an, der nicht in der Zukunft und nicht über ein Jahr "
            "zurück liegt.",
            field="received_on",
        )


def moment_of_day(day: date, *, at: datetime) -> datetime:
    """Return when something came in: now, or at noon of an earlier day."""
    if day >= local_date(at):
        return at
    return datetime.combine(day, _NOON, tzinfo=LOCAL_ZONE).astimezone(UTC)
