"""Put a text up for comment, take comments in, and count what people think of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.comments import policy, queries
from participation.comments.importing import import_votes, record_imported
from participation.comments.models import Comment, CommentRound, Passage, Stance
from participation.comments.numbering import next_number
from participation.comments.passages import PassageDraft, check_passages
from participation.comments.voting import cast_vote
from participation.comments.words import Anchor, checked_words
from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionStatus,
)
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
from participation.foundation.errors import Refused
from participation.strategy.models import Element, StrategyVersion, VersionStatus

__all__ = [
    "Anchor",
    "Submitted",
    "cast_vote",
    "import_votes",
    "open_round",
    "record_imported",
    "submit_comment",
]


@dataclass(frozen=True)
class Submitted:
    """A comment that we have, and the code of its receipt; `is_new` unless it was sent before."""

    comment: Comment
    code: str
    is_new: bool


def open_round(
    session: Session,
    *,
    municipality: Municipality,
    plan: EngagementPlan,
    passages: Sequence[PassageDraft],
    version: StrategyVersion | None = None,
    voting: bool = False,
    actor: Account | None,
    at: datetime,
) -> CommentRound:
    """Draft a comment round on a frozen copy of the passages; publishing makes it public.

    It is about the elements of its plan and of its passages. Raises Refused if there is no
    passage, or one is too long, or the version is another town's or may still change.
    """
    check_passages(passages)
    _check_version(version, municipality)
    of_passages = [draft.element for draft in passages if draft.element is not None]
    elements = tuple(dict.fromkeys([*plan.elements, *of_passages]))
    opened = CommentRound(version=version, voting=voting)
    opened.passages = [
        Passage(
            position=position,
            code=str(position),
            heading=draft.heading.strip(),
            text=draft.text.strip(),
            element=draft.element,
        )
        for position, draft in enumerate(passages, start=1)
    ]
    begin_engagement(
        session,
        engagement=opened,
        municipality=municipality,
        plan=dataclasses.replace(plan, elements=elements),
        actor=actor,
        at=at,
    )
    return opened


def submit_comment(
    session: Session,
    *,
    round: CommentRound | None,  # noqa: A002 - the word of the field.
    anchor: Anchor,
    stance: Stance | None,
    text: str,
    rewording: str = "",
    quote: str = "",
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
    group: ParticipantGroup | None = None,
) -> Submitted:
    """Store a comment and its receipt. The same submission again gives the stored one.

    `anchor` is a passage of the round, a contribution that is answered, or None for the round
    as a whole. A comment on an idea belongs to no round: `round` is None and the idea's call
    counts it. What staff enters for somebody may be entered after closing, came when
    `received_at` says, and waits to be published whatever the round's rule. Raises
    CannotTakePart, and Refused with the field that is wrong.
    """
    discussion = _discussion_of(round, anchor)
    stored = find_received(
        session, kind=Comment, engagement_id=discussion.id, key=key, submission=submission
    )
    if stored is not None:
        return Submitted(*stored, is_new=False)
    if channel is Channel.ONLINE:
        check_may_take_part(
            discussion, at=at, account=author, form_opened_at=form_opened_at, guest=guest
        )
    _check_anchor(session, discussion, anchor)
    comment = _new_comment(discussion, anchor)
    answered = anchor if isinstance(anchor, Contribution) else None
    said = checked_words(
        anchor,
        stance=stance,
        text=text,
        rewording=rewording,
        quote=quote,
        longest=policy.longest_text(round, answered),
    )
    comment.stance, comment.text = said.stance, said.text
    comment.rewording, comment.quote = said.rewording, said.quote
    comment.number = next_number(session, discussion.id)
    comment.channel = channel
    comment.origin = origin.strip()
    comment.language = language
    comment.author_id = author.id if author else None
    note_use(session, group)
    comment.participant_group_id = group.id if group else None
    is_shown_at_once = (
        discussion.moderation_mode is ModerationMode.AFTER
        and channel is Channel.ONLINE
        and not policy.is_checked_first(round, answered)
    )
    if is_shown_at_once:
        comment.move_to(ContributionStatus.PUBLISHED, at=at)
    found, code = receive(session, comment, key=key, submission=submission, at=received_at or at)
    if found is not comment:
        return Submitted(found, code, is_new=False)
    if mark is not None:
        note_participation(session, discussion, mark=mark)
    if address.strip():
        follow(session, contribution=comment, address=address, at=at)
    return Submitted(comment, code, is_new=True)


def _discussion_of(comment_round: CommentRound | None, anchor: Anchor) -> Engagement:
    if comment_round is not None:
        return comment_round
    if isinstance(anchor, Contribution):
        return anchor.engagement
    raise Refused("Bitte wählen Sie, wozu Sie schreiben.", field="anchor")


def _check_anchor(session: Session, discussion: Engagement, anchor: Anchor) -> None:
    if isinstance(anchor, Passage) and anchor.round_id != discussion.id:
        raise Refused("Dieser Abschnitt gehört zu einem anderen Text.", field="passage")
    if not isinstance(anchor, Contribution):
        return
    if anchor.engagement_id != discussion.id:
        raise Refused("Dieser Beitrag gehört zu einer anderen Beteiligung.", field="parent")
    if not policy.may_be_answered(anchor):
        raise Refused("Auf diesen Beitrag kann man nicht antworten.", field="parent")
    if not queries.is_published(session, anchor.id):
        raise Refused("Dieser Beitrag ist nicht mehr öffentlich.", field="parent")


def _new_comment(discussion: Engagement, anchor: Anchor) -> Comment:
    parent = anchor if isinstance(anchor, Contribution) else None
    passage = anchor if isinstance(anchor, Passage) else None
    return Comment(
        engagement_id=discussion.id,
        discussion_id=discussion.id,
        status=ContributionStatus.PENDING,
        passage_id=passage.id if passage else None,
        round_id=discussion.id if anchor is None else None,
        parent_id=parent.id if parent else None,
        level=policy.level_below(parent) if parent else 1,
        elements=_elements_of(discussion, anchor),
    )


def _elements_of(discussion: Engagement, anchor: Anchor) -> list[Element]:
    """A comment is about what its passage or the answered contribution is about."""
    if isinstance(anchor, Contribution):
        return list(anchor.elements)
    if anchor is not None and anchor.element is not None:
        return [anchor.element]
    return list(discussion.elements)


def _check_version(version: StrategyVersion | None, municipality: Municipality) -> None:
    if version is None:
        return
    if version.strategy.municipality_id != municipality.id:
        raise Refused("Diese Fassung gehört einer anderen Kommune.", field="version")
    if version.status is VersionStatus.DRAFT:
        raise Refused("Ein Entwurf ändert sich noch. Legen Sie ihn zuerst aus.", field="version")
