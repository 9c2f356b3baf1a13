"""Statements of organisations: save them for later, hand them in, take them apart into pieces."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.accounts.models import Account
from participation.comments.models import (
    Comment,
    CommentRound,
    Passage,
    Stance,
    Statement,
    StatementDocument,
    StatementDraft,
)
from participation.comments.numbering import next_number
from participation.comments.statement_content import (
    Said,
    StatementContent,
    checked_content,
    checked_piece,
)
from participation.contributions.models import Channel, ContributionStatus
from participation.contributions.operations import find_received, receive
from participation.contributions.queries import published
from participation.engagements.models import OrganisationInvitation
from participation.engagements.policy import Obstacle, obstacle
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.journal.operations import record

MOST_PIECES = 400


@dataclass(frozen=True)
class HandedIn:
    """A statement that we have, and the code of its receipt."""

    statement: Statement
    code: str
    is_new: bool


class StatementClosed(Conflict):
    """The round takes no statements now; `obstacle` says why."""

    def __init__(self, why: Obstacle) -> None:
        super().__init__("this round takes no statements now")
        self.obstacle = why


def statement_obstacle(
    comment_round: CommentRound, *, at: datetime, form_opened_at: datetime | None = None
) -> Obstacle | None:
    """Return what keeps an invited organisation from handing in: only the time does."""
    why = obstacle(comment_round, at=at, account=None, form_opened_at=form_opened_at)
    doors = {Obstacle.ACCOUNT_NEEDED, Obstacle.MAIL_NEEDED, Obstacle.CODE_NEEDED}
    return None if why in doors else why


def hand_in(
    session: Session,
    *,
    comment_round: CommentRound,
    invitation: OrganisationInvitation,
    content: StatementContent,
    submission: str,
    key: bytes,
    at: datetime,
    form_opened_at: datetime | None = None,
) -> HandedIn:
    """Store a statement with its pieces and its receipt; moderation reads it before anybody.

    The same submission again gives the stored one. Raises StatementClosed, and Refused with the
    field that is wrong.
    """
    stored = find_received(
        session, kind=Statement, engagement_id=comment_round.id, key=key, submission=submission
    )
    if stored is not None:
        return HandedIn(*stored, is_new=False)
    why = statement_obstacle(comment_round, at=at, form_opened_at=form_opened_at)
    if why is not None:
        raise StatementClosed(why)
    passages = _passages(session, comment_round.id)
    content = checked_content(content, passages)
    # Two windows that send at once get one number each, and one of them the stored statement.
    first = next_number(session, comment_round.id)
    if find_statement_of(session, invitation.id) is not None:
        raise Conflict("Ihre Stellungnahme haben wir schon.")
    statement = Statement(
        engagement_id=comment_round.id,
        round_id=comment_round.id,
        number=_next_statement(session, comment_round.id),
        status=ContributionStatus.PENDING,
        organisation_name=invitation.organisation.name,
        invitation_id=invitation.id,
        text=content.text,
        signer_name=content.signer_name,
        signer_role=content.signer_role,
    )
    found, code = receive(session, statement, key=key, submission=submission, at=at)
    if found is not statement:
        return HandedIn(found, code, is_new=False)
    if content.document is not None:
        upload = content.document
        statement.document = StatementDocument(
            content=upload.content,
            size=len(upload.content),
            pages=upload.pages,
            is_public=content.is_public,
        )
    for place, said in enumerate(content.pieces):
        session.add(_piece(statement, passages[said.passage], said, first + place, at))
    draft = session.get(StatementDraft, invitation.id)
    if draft is not None:
        session.delete(draft)
    session.flush()
    return HandedIn(statement, code, is_new=True)


def add_piece(
    session: Session,
    *,
    statement: Statement,
    said: Said,
    page: int | None,
    actor: Account,
    at: datetime,
) -> Comment:
    """Take a piece of a statement's original as a comment on a passage. Raises Refused."""
    if statement.status is ContributionStatus.WITHDRAWN:
        raise Conflict("Diese Stellungnahme wurde zurückgezogen.")
    document = statement.document
    if page is not None and (document is None or not 1 <= page <= document.pages):
        raise Refused("Diese Seite hat das Original nicht.", field="page")
    passages = _passages(session, statement.round_id)
    checked = checked_piece(said, passages, prefix=False)
    if len(statement.pieces) >= MOST_PIECES:
        raise Refused("Mehr als 400 Teile hat keine Stellungnahme.", field="text")
    piece = _piece(
        statement,
        passages[checked.passage],
        checked,
        next_number(session, statement.round_id),
        at,
    )
    piece.original_page = page
    piece.channel = Channel.ON_BEHALF
    session.add(piece)
    session.flush()
    session.expire(statement, ["pieces"])
    _note(session, statement, "statement.piece_added", actor, at)
    return piece


def take_back_piece(
    session: Session, *, statement: Statement, number: int, actor: Account, at: datetime
) -> None:
    """Remove a piece that staff took from the original. What the organisation wrote stays."""
    piece = session.scalars(
        sa.select(Comment).where(Comment.statement_id == statement.id, Comment.number == number)
    ).first()
    if piece is None or piece.status is ContributionStatus.WITHDRAWN:
        raise NotFound("there is no such piece")
    if piece.channel is not Channel.ON_BEHALF:
        raise Conflict("Das hat die Organisation selbst geschrieben. Es bleibt stehen.")
    piece.withdraw()
    session.flush()
    _note(session, statement, "statement.piece_removed", actor, at)


def find_statement_of(session: Session, invitation_id: int) -> Statement | None:
    """Return the statement that was handed in by an invitation."""
    return session.scalars(
        sa.select(Statement).where(Statement.invitation_id == invitation_id)
    ).first()


def get_statement(session: Session, round_id: int, number: int) -> Statement:
    """Return a statement on a round in whatever state, for staff. Raises NotFound."""
    found = session.scalars(
        sa.select(Statement).where(Statement.round_id == round_id, Statement.number == number)
    ).first()
    if found is None:
        raise NotFound("there is no such statement")
    return found


def statements_of(session: Session, round_id: int) -> Sequence[Statement]:
    """Return all statements on a round, for staff, in the order of their numbers."""
    return session.scalars(
        sa.select(Statement).where(Statement.round_id == round_id).order_by(Statement.number)
    ).all()


def published_statements(session: Session, round_id: int) -> Sequence[Statement]:
    """Return the statements on a round that everybody may read."""
    return session.scalars(
        sa.select(Statement)
        .where(Statement.round_id == round_id, published())
        .options(joinedload(Statement.invitation), joinedload(Statement.document))
        .order_by(Statement.number)
    ).all()


def get_published_statement(session: Session, round_id: int, number: int) -> Statement:
    """Return a published statement. Raises NotFound for all others alike."""
    found = session.scalars(
        sa.select(Statement).where(
            Statement.round_id == round_id, Statement.number == number, published()
        )
    ).first()
    if found is None:
        raise NotFound("there is no such statement")
    return found


def published_pieces(
    session: Session, round_id: int, statement_id: uuid.UUID | None = None
) -> Sequence[Comment]:
    """Return the public pieces of the statements on a round, or of one, by passage."""
    wanted = [Comment.discussion_id == round_id, Comment.statement_id.is_not(None), published()]
    if statement_id is not None:
        wanted.append(Comment.statement_id == statement_id)
    return session.scalars(
        sa.select(Comment)
        .join(Passage, Passage.id == Comment.passage_id)
        .where(*wanted)
        .options(joinedload(Comment.passage))
        .order_by(Passage.position, Comment.number)
        .limit(MOST_PIECES * 10)
    ).all()


def _passages(session: Session, round_id: int) -> dict[str, Passage]:
    rows = session.scalars(
        sa.select(Passage).where(Passage.round_id == round_id).options(joinedload(Passage.element))
    )
    return {passage.code: passage for passage in rows}


def _next_statement(session: Session, round_id: int) -> int:
    last = session.scalar(
        sa.select(sa.func.max(Statement.number)).where(Statement.round_id == round_id)
    )
    return (last or 0) + 1


def _piece(
    statement: Statement, passage: Passage, said: Said, number: int, at: datetime
) -> Comment:
    return Comment(
        engagement_id=statement.round_id,
        discussion_id=statement.round_id,
        # It is as public as its statement, which moderation decides about as a whole.
        status=ContributionStatus.PUBLISHED,
        published_at=at,
        received_at=at,
        organisation_name=statement.organisation_name,
        statement_id=statement.id,
        passage_id=passage.id,
        number=number,
        stance=Stance(said.stance),
        text=said.text,
        rewording=said.rewording,
        elements=[passage.element] if passage.element else list(statement.engagement.elements),
    )


def _note(
    session: Session, statement: Statement, action: str, actor: Account, at: datetime
) -> None:
    engagement = statement.engagement
    record(
        session,
        at=at,
        action=action,
        subject=f"contribution:{statement.id}",
        municipality_id=engagement.municipality_id,
        actor_id=actor.id,
        facts={},
    )
