"""Enter an idea or a comment for somebody who wrote, called, came by or was in a workshop."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.comments import operations as comments
from participation.comments.models import Comment, CommentRound, Passage, Stance
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.contributions.operations import find_received
from participation.engagements.models import Engagement
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.foundation.errors import Conflict, Refused
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import Submitted, submit_idea
from participation.ideas.placing import ChosenPlace
from participation.intake import policy, queries
from participation.journal.operations import record
from participation.moderation.models import Action
from participation.moderation.operations import decide
from participation.strategy.models import Element

_NOON = time(12)


class SameEntry(Refused):
    """Something that says what the engagement has already; `same` are those."""

    def __init__(self, same: Sequence[Idea] | Sequence[Comment]) -> None:
        super().__init__("the engagement has this", field="again")
        self.same = same


@dataclass(frozen=True)
class Way:
    """On which way something came, from where and when, and who wants to hear of it.

    An address stands here only with its owner's consent, which is noted in the journal.
    """

    channel: Channel
    received_on: date
    origin: str = ""
    address: str = ""

    @property
    def mark(self) -> str | None:
        """A mark that belongs to nobody: whoever wrote is counted and not known.

        Of a workshop nobody knows who wrote which card, so nobody is counted.
        """
        return None if self.channel is Channel.WORKSHOP else secrets.token_hex(32)


@dataclass(frozen=True)
class IdeaWords:
    """An idea as staff typed it."""

    title: str
    text: str
    elements: Sequence[Element] = ()
    place: str = ""


@dataclass(frozen=True)
class CommentWords:
    """A comment as staff typed it; without a passage it is about the text as a whole."""

    passage: Passage | None
    stance: Stance | None
    text: str
    quote: str = ""
    rewording: str = ""


def enter_idea(
    session: Session,
    *,
    call: IdeaCall,
    words: IdeaWords,
    way: Way,
    publish: bool,
    is_another: bool,
    submission: str,
    key: bytes,
    actor: Account,
    at: datetime,
) -> Submitted:
    """Store an idea that came on another way, with its receipt.

    With `publish` it is decided at once, else it waits in the queue. Raises SameEntry if the
    call has it already, unless `is_another` says that somebody else said the same; Conflict
    while nothing is taken; Refused with the field.
    """
    stored = find_received(
        session, kind=Idea, engagement_id=call.id, key=key, submission=submission
    )
    if stored is not None:
        return Submitted(*stored, is_new=False)
    _check(call, way, at=at)
    if not is_another:
        same = queries.same_ideas(session, call, title=words.title, text=words.text)
        if same:
            raise SameEntry(same)
    submitted = submit_idea(
        session,
        call=call,
        title=words.title,
        text=words.text,
        elements=words.elements,
        author=None,
        submission=submission,
        key=key,
        at=at,
        channel=way.channel,
        origin=way.origin,
        received_at=moment_of_day(way.received_on, at=at),
        mark=way.mark,
        address=way.address,
        place=ChosenPlace(address=words.place),
    )
    if submitted.is_new:
        _settle(session, submitted.idea, way, publish=publish, actor=actor, at=at)
    return submitted


def enter_comment(
    session: Session,
    *,
    comment_round: CommentRound,
    words: CommentWords,
    way: Way,
    publish: bool,
    is_another: bool,
    submission: str,
    key: bytes,
    actor: Account,
    at: datetime,
) -> comments.Submitted:
    """Store a comment that came on another way, with its receipt, as `enter_idea` an idea."""
    stored = find_received(
        session, kind=Comment, engagement_id=comment_round.id, key=key, submission=submission
    )
    if stored is not None:
        return comments.Submitted(*stored, is_new=False)
    _check(comment_round, way, at=at)
    if not is_another:
        same = queries.same_comments(session, comment_round, passage=words.passage, text=words.text)
        if same:
            raise SameEntry(same)
    submitted = comments.submit_comment(
        session,
        round=comment_round,
        anchor=words.passage,
        stance=words.stance,
        text=words.text,
        rewording=words.rewording,
        quote=words.quote,
        author=None,
        submission=submission,
        key=key,
        at=at,
        channel=way.channel,
        origin=way.origin,
        received_at=moment_of_day(way.received_on, at=at),
        mark=way.mark,
        address=way.address,
    )
    if submitted.is_new:
        _settle(session, submitted.comment, way, publish=publish, actor=actor, at=at)
    return submitted


def _check(engagement: Engagement, way: Way, *, at: datetime) -> None:
    check_takes_entries(engagement, at=at)
    check_way(way.channel, way.origin, way.received_on, at=at)


def _settle(
    session: Session,
    contribution: Contribution,
    way: Way,
    *,
    publish: bool,
    actor: Account,
    at: datetime,
) -> None:
    """Note who entered something and how it came, and publish it if its reader did."""
    record(
        session,
        at=at,
        action="contribution.entered",
        subject=f"contribution:{contribution.id}",
        municipality_id=contribution.engagement.municipality_id,
        actor_id=actor.id,
        facts={
            "channel": way.channel.value,
            "published": publish,
            "consent": bool(way.address.strip()),
        },
    )
    if publish and contribution.status is ContributionStatus.PENDING:
        decide(session, contribution=contribution, action=Action.PUBLISH, actor=actor, at=at)


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
        raise Refused("Wählen Sie, auf welchem Weg es kam.", field="channel")
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
