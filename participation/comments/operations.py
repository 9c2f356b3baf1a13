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
from participation.comments.quotes import marked
from participation.comments.voting import cast_vote
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
    "Submitted",
    "cast_vote",
    "import_votes",
    "open_round",
    "record_imported",
    "submit_comment",
]

Anchor = Passage | Contribution | None


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
    group: ParticipantGroup | None = None,
) -> Submitted:
    """Store a comment and its receipt. The same submission again gives the stored one.

    `anchor` is a passage of the round, a contribution that is answered, or None for the round
    as a whole. A comment on an idea belongs to no round: `round` is None and the idea's call
    counts it. Raises CannotTakePart, and Refused with the field that is wrong.
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
    comment.stance = _checked_stance(anchor, stance)
    answered = anchor if isinstance(anchor, Contribution) else None
    comment.text = _checked_text(text, policy.longest_text(round, answered))
    comment.rewording = _checked_rewording(anchor, stance, rewording)
    comment.quote = _checked_quote(anchor, quote)
    comment.number = next_number(session, discussion.id)
    comment.channel = channel
    comment.language = language
    comment.author_id = author.id if author else None
    note_use(session, group)
    comment.participant_group_id = group.id if group else None
    if discussion.moderation_mode is ModerationMode.AFTER and not policy.is_checked_first(
        round, answered
    ):
        comment.move_to(ContributionStatus.PUBLISHED, at=at)
    found, code = receive(session, comment, key=key, submission=submission, at=at)
    if found is not comment:
        return Submitted(found, code, is_new=False)
    if mark is not None:
        note_participation(session, discussion, mark=mark)
    if address.strip():
        follow(session, contribution=comment, address=address, at=at)
    return Submitted(comment, code, is_new=True)


def _checked_text(text: str, longest: int) -> str:
    """Return a comment's text without white space around it. Raises Refused."""
    text = text.strip()
    if not text:
        raise Refused("Bitte schreiben Sie Ihren Kommentar.", field="text")
    if len(text) > longest:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="text",
            limit=longest,
        )
    return text


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


def _checked_stance(anchor: Anchor, stance: Stance | None) -> Stance | None:
    if stance is None and not isinstance(anchor, Contribution):
        raise Refused("Bitte wählen Sie, wie Sie dazu stehen.", field="stance")
    if stance is Stance.REWORDING and not isinstance(anchor, Passage):
        raise Refused("Einen anderen Wortlaut gibt es nur für einen Abschnitt.", field="stance")
    return stance


def _checked_rewording(anchor: Anchor, stance: Stance | None, rewording: str) -> str:
    if stance is not Stance.REWORDING or not isinstance(anchor, Passage):
        return ""
    wording = rewording.replace("\r\n", "\n").strip()
    if not wording or wording == anchor.text:
        raise Refused("Bitte schreiben Sie, wie der Abschnitt heißen soll.", field="rewording")
    if len(wording) > policy.LONGEST_REWORDING:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="rewording",
            limit=policy.LONGEST_REWORDING,
        )
    return wording


def _checked_quote(anchor: Anchor, quote: str) -> str:
    """Return the quoted words as they stand in the passage. Raises Refused if they do not."""
    if not isinstance(anchor, Passage) or not quote.strip():
        return ""
    if len(quote) > policy.LONGEST_QUOTE:
        raise Refused(
            "Bitte zitieren Sie weniger: höchstens %(limit)s Zeichen.",
            field="quote",
            limit=policy.LONGEST_QUOTE,
        )
    found = marked(anchor.text, quote)
    if found is None:
        raise Refused(
            "So steht das nicht im Abschnitt. Übernehmen Sie die Worte bitte genau.", field="quote"
        )
    return found.quoted


def _check_version(version: StrategyVersion | None, municipality: Municipality) -> None:
    if version is None:
        return
    if version.strategy.municipality_id != municipality.id:
        raise Refused("Diese Fassung gehört einer anderen Kommune.", field="version")
    if version.status is VersionStatus.DRAFT:
        raise Refused("Ein Entwurf ändert sich noch. Legen Sie ihn zuerst aus.", field="version")
