"""Import a conversation that was held with Polis as a comment round with votes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from participation.comments.importing import ImportedComment, ImportedVote
from participation.comments.models import Comment, CommentRound
from participation.comments.operations import import_votes, record_imported
from participation.comments.passages import PassageDraft
from participation.comments.policy import LONGEST_HEADING, LONGEST_PASSAGE
from participation.comments.queries import imported_sources
from participation.contributions.models import ContributionStatus
from participation.engagements.marks import participation_mark
from participation.engagements.operations import note_imported_participants
from participation.foundation.errors import Conflict
from participation.maintenance.import_ideas import LONGEST_URL, is_web_address
from participation.maintenance.polis_folder import Conversation
from participation.moderation.operations import note_import
from participation.strategy.models import Element


@dataclass(frozen=True)
class ImportedConversation:
    """How much of a conversation was stored."""

    comments: int
    votes: int
    participants: int


def passages_of(conversation: Conversation, title: str) -> list[PassageDraft]:
    """Return what people were asked about as the one passage of the round."""
    text = conversation.description or conversation.topic or title
    return [PassageDraft(text[:LONGEST_PASSAGE], heading=conversation.topic[:LONGEST_HEADING])]


def import_conversation(
    session: Session,
    *,
    round: CommentRound,  # noqa: A002 - the word of the field.
    conversation: Conversation,
    status: ContributionStatus,
    elements: Sequence[Element],
    key: bytes,
    at: datetime,
    progress: Callable[[int], None] = lambda _number: None,
) -> ImportedConversation:
    """Store a conversation's comments, votes and participants in a round.

    With the status *pending* nothing is published: what its moderators accepted waits for
    ours. Raises Conflict if it was imported into the round before. `progress` is told how many
    comments and votes were stored since it was last told.
    """
    known = imported_sources(session, round.id)
    if any(_source(conversation, comment.number) in known for comment in conversation.comments):
        raise Conflict(f"this conversation was imported into “{round.slug}” before")
    comments = record_imported(
        session,
        round=round,
        comments=_comments(conversation, status, tuple(elements), at),
        at=at,
    )
    note_import(
        session, contributions=comments, municipality_id=round.municipality_id, actor=None, at=at
    )
    progress(len(comments))
    votes = import_votes(session, round=round, rows=_votes(conversation, comments, round, key))
    progress(votes)
    marks = [
        participation_mark(key, round.id, "contribution", _who(conversation, participant))
        for participant in conversation.participants
    ]
    note_imported_participants(session, round, marks=marks)
    return ImportedConversation(len(comments), votes, len(marks))


def _comments(
    conversation: Conversation,
    status: ContributionStatus,
    elements: tuple[Element, ...],
    at: datetime,
) -> Iterator[ImportedComment]:
    address = conversation.address
    is_link = is_web_address(address) and len(address) <= LONGEST_URL
    for comment in conversation.comments:
        was_accepted = comment.status is ContributionStatus.PUBLISHED
        yield ImportedComment(
            text=comment.text,
            received_at=min(comment.written_at or conversation.ended or at, at),
            source=_source(conversation, comment.number),
            source_url=address if is_link else "",
            source_id=str(comment.number),
            status=status if was_accepted else comment.status,
            elements=elements,
            language=comment.language,
        )


def _votes(
    conversation: Conversation,
    comments: Sequence[Comment],
    comment_round: CommentRound,
    key: bytes,
) -> Iterator[ImportedVote]:
    numbers = (comment.number for comment in conversation.comments)
    ids: Mapping[int, UUID] = dict(zip(numbers, (one.id for one in comments), strict=True))
    voters = {
        participant: participation_mark(
            key, comment_round.id, "vote", _who(conversation, participant)
        )
        for participant in conversation.participants
    }
    for (comment, participant), choice in conversation.votes.items():
        yield ids[comment], voters[participant], choice


def _source(conversation: Conversation, number: int) -> str:
    return f"polis:{conversation.name}:{number}"


def _who(conversation: Conversation, participant: int) -> str:
    return f"polis:{conversation.name}:{participant}"
