"""Open an idea call, take ideas in, and let people support them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from participation.accounts.models import Account, Municipality
from participation.contributions.changes import lock
from participation.contributions.models import Channel, ContributionStatus
from participation.contributions.operations import find_received, follow, receive
from participation.engagements.guests import Guest
from participation.engagements.models import Engagement, ModerationMode, ParticipantGroup
from participation.engagements.operations import (
    begin_engagement,
    check_may_take_part,
    note_participation,
)
from participation.engagements.participant_groups import note_use
from participation.engagements.plans import EngagementPlan
from participation.foundation.errors import Conflict, NotFound
from participation.foundation.geometry import Geometry
from participation.foundation.upsert import insert_once
from participation.ideas.call_fields import answers_to
from participation.ideas.counting import count_support
from participation.ideas.images import ReadyImage, images_from
from participation.ideas.models import CallField, Idea, IdeaCall, IdeaStem, PlaceRule, Support
from participation.ideas.parts import check_elements
from participation.ideas.placing import ChosenPlace, place_of
from participation.ideas.stemming import insert_stems, stems_of
from participation.ideas.words import checked_words
from participation.strategy.models import Element


@dataclass(frozen=True)
class Submitted:
    """An idea that we have, and the code of its receipt; `is_new` unless it was sent before."""

    idea: Idea
    code: str
    is_new: bool


@dataclass(frozen=True)
class ImportedIdea:
    """An idea that was collected elsewhere; `source` tells it from all others of its call."""

    title: str
    text: str
    received_at: datetime
    source: str
    source_url: str = ""
    source_id: str = ""
    elements: tuple[Element, ...] = ()
    origin: str = ""
    geometry: Geometry | None = None
    address: str = ""


def open_call(
    session: Session,
    *,
    municipality: Municipality,
    plan: EngagementPlan,
    actor: Account | None,
    at: datetime,
    question: str = "",
    guide: str = "",
    asks_place: PlaceRule = PlaceRule.OPTIONAL,
) -> IdeaCall:
    """Draft a call for ideas; `publish_engagement` makes it public."""
    call = IdeaCall(
        question=question.strip(), guide=guide.strip(), last_number=0, asks_place=asks_place
    )
    begin_engagement(
        session, engagement=call, municipality=municipality, plan=plan, actor=actor, at=at
    )
    return call


def submit_idea(
    session: Session,
    *,
    call: IdeaCall,
    title: str,
    text: str,
    elements: Sequence[Element],
    author: Account | None,
    submission: str,
    key: bytes,
    at: datetime,
    channel: Channel = Channel.ONLINE,
    mark: str | None = None,
    form_opened_at: datetime | None = None,
    address: str = "",
    guest: Guest | None = None,
    language: str = "de",
    origin: str = "",
    received_at: datetime | None = None,
    images: Sequence[ReadyImage] = (),
    place: ChosenPlace | None = None,
    asked: Sequence[CallField] = (),
    answers: Mapping[int, str] | None = None,
    group: ParticipantGroup | None = None,
) -> Submitted:
    """Store an idea and its receipt. The same submission again gives the stored one.

    `asked` are the call's own fields. What staff enters for somebody may be entered after
    closing, came when `received_at` says, and waits to be published whatever the call's rule.
    An address hears of the idea's fate once it is confirmed. Raises CannotTakePart and Refused.
    """
    stored = find_received(
        session, kind=Idea, engagement_id=call.id, key=key, submission=submission
    )
    if stored is not None:
        return Submitted(*stored, is_new=False)
    if channel is Channel.ONLINE:
        check_may_take_part(call, at=at, account=author, form_opened_at=form_opened_at, guest=guest)
    title, text = checked_words(title, text)
    check_elements(call, elements)
    where = place_of(call, place, is_demanded=channel is Channel.ONLINE)
    idea = _new_idea(call, _next_number(session, call), title, text, elements)
    idea.stems = [IdeaStem(idea_call_id=call.id, stem=stem) for stem in stems_of(idea)]
    idea.place = where
    idea.channel = channel
    idea.origin = origin.strip()
    idea.language = language
    idea.author_id = author.id if author else None
    idea.images = images_from(images)
    note_use(session, group)
    idea.participant_group_id = group.id if group else None
    idea.answers = answers_to(asked, answers or {}, are_demanded=channel is Channel.ONLINE)
    if call.moderation_mode is ModerationMode.AFTER and channel is Channel.ONLINE:
        idea.move_to(ContributionStatus.PUBLISHED, at=at)
    found, code = receive(session, idea, key=key, submission=submission, at=received_at or at)
    if found is not idea:
        return Submitted(found, code, is_new=False)
    if mark is not None:
        note_participation(session, call, mark=mark)
    if address.strip():
        follow(session, contribution=idea, address=address, at=at)
    return Submitted(idea, code, is_new=True)


def record_imported(
    session: Session,
    *,
    call: IdeaCall,
    ideas: Iterable[ImportedIdea],
    status: ContributionStatus = ContributionStatus.PUBLISHED,
    channel: Channel = Channel.IMPORTED,
    at: datetime,
) -> list[Idea]:
    """Store ideas that were collected elsewhere, with no receipt and no author.

    `moderation.note_import` says who decided about them.
    """
    stored: list[Idea] = []
    session.refresh(call, ["last_number"], with_for_update=True)
    number = call.last_number
    for imported in ideas:
        number += 1
        idea = _new_idea(call, number, imported.title, imported.text, imported.elements)
        idea.channel = channel
        idea.origin = imported.origin
        idea.received_at = imported.received_at
        place = ChosenPlace(geometry=imported.geometry, address=imported.address)
        idea.place = place_of(call, place, is_demanded=False)
        idea.source = imported.source
        idea.source_url = imported.source_url
        idea.source_id = imported.source_id
        if status is not ContributionStatus.PENDING:
            idea.move_to(status, at=at)
        stored.append(idea)
    call.last_number = number
    session.add_all(stored)
    session.flush()
    insert_stems(session, stored)
    return stored


def support_idea(
    session: Session,
    *,
    idea: Idea,
    supporter: str,
    at: datetime,
    account: Account | None,
    mark: str | None = None,
    guest: Guest | None = None,
) -> bool:
    """Count a support once; return False if it was counted before.

    `supporter` is the participation mark of the purpose "support". Raises NotFound for an idea
    that is not shown, CannotTakePart while its call is not open.
    """
    call = _open_call_of(session, idea, at, account, guest)
    lock(session, idea)
    if idea.status is not ContributionStatus.PUBLISHED:
        raise NotFound("there is no such idea")
    if not insert_once(session, Support, idea_id=idea.id, supporter=supporter):
        return False
    count_support(session, idea, 1, supporter=supporter)
    if mark is not None:
        note_participation(session, call, mark=mark)
    return True


def withdraw_support(
    session: Session,
    *,
    idea: Idea,
    supporter: str,
    at: datetime,
    account: Account | None,
    guest: Guest | None = None,
) -> bool:
    """Take a support back; return False if there was none. Having taken part stays counted."""
    _open_call_of(session, idea, at, account, guest)
    lock(session, idea)
    result = session.execute(
        sa.delete(Support).where(Support.idea_id == idea.id, Support.supporter == supporter)
    )
    if not result.rowcount:  # type: ignore[attr-defined]
        return False
    count_support(session, idea, -1, supporter=supporter)
    return True


def _open_call_of(
    session: Session, idea: Idea, at: datetime, account: Account | None, guest: Guest | None
) -> Engagement:
    if idea.status is not ContributionStatus.PUBLISHED:
        raise NotFound("there is no such idea")
    call = session.get_one(IdeaCall, idea.idea_call_id)
    check_may_take_part(call, at=at, account=account, guest=guest)
    return call


def _next_number(session: Session, call: IdeaCall) -> int:
    # The update locks the row, so that two ideas sent at once get two numbers.
    number = session.scalar(
        sa.update(IdeaCall)
        .where(IdeaCall.id == call.id)
        .values(last_number=IdeaCall.last_number + 1)
        .returning(IdeaCall.last_number)
        .execution_options(synchronize_session=False)
    )
    if number is None:
        raise Conflict("this call has gone")
    set_committed_value(call, "last_number", number)
    return number


def _new_idea(
    call: IdeaCall, number: int, title: str, text: str, elements: Sequence[Element]
) -> Idea:
    return Idea(
        engagement_id=call.id,
        idea_call_id=call.id,
        number=number,
        title=title,
        text=text,
        status=ContributionStatus.PENDING,
        elements=list(elements),
    )
