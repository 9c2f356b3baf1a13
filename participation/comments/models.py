"""Comment rounds, their passages, comments and the votes on them."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.contributions.models import Contribution, ContributionKind
from participation.engagements.models import (
    Engagement,
    EngagementKind,
    OrganisationInvitation,
)
from participation.foundation.orm import Base, one_of
from participation.strategy.models import Element, StrategyVersion

DEEPEST_LEVEL = 2


class Stance(enum.Enum):
    """How a comment stands to what it is about."""

    APPROVE = "approve"
    CONCERN = "concern"
    QUESTION = "question"
    REWORDING = "rewording"


class VoteChoice(enum.Enum):
    """What somebody says about another one's comment."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105 - a vote, no password.


class CommentRound(Engagement):
    """An engagement that puts a text up for comment, passage by passage.

    `version_id` names the version that the passages were taken from; a pasted text has none.
    With `voting`, people may also say what they think of each other's comments.
    """

    __tablename__ = "comment_round"
    __mapper_args__ = {"polymorphic_identity": EngagementKind.COMMENT_ROUND}  # noqa: RUF012

    id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("strategy_version.id"), index=True)
    voting: Mapped[bool] = mapped_column(default=False)
    # The highest number of a comment that was deleted: numbers are not given again.
    last_removed: Mapped[int] = mapped_column(default=0)

    version: Mapped[StrategyVersion | None] = relationship(lazy="joined")
    passages: Mapped[list[Passage]] = relationship(
        order_by="Passage.position", cascade="all, delete-orphan", passive_deletes=True
    )
    phase: Mapped[HearingPhase | None] = relationship(lazy="joined", uselist=False, viewonly=True)


class Passage(Base):
    """A piece of the text of a round: a frozen copy, so that comments keep what they meant.

    `code` is what people cite within the round; `element_id` the element it was taken from or
    is about.
    """

    __tablename__ = "passage"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "code"),
        sa.UniqueConstraint("round_id", "position"),
        # What a comment refers to, so that it cannot name the passage of another round.
        sa.UniqueConstraint("round_id", "id"),
        sa.CheckConstraint("position > 0", name="position"),
        sa.CheckConstraint("code <> ''", name="code"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_round.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str]
    heading: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    element_id: Mapped[int | None] = mapped_column(sa.ForeignKey("element.id"), index=True)

    element: Mapped[Element | None] = relationship()


class Hearing(Base):
    """Several comment rounds on successive drafts, under one heading."""

    __tablename__ = "hearing"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "slug"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    slug: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")

    phases: Mapped[list[HearingPhase]] = relationship(
        order_by="HearingPhase.position", back_populates="hearing", passive_deletes=True
    )


class HearingPhase(Base):
    """A round of a hearing. `note` says what is different from the phase before it, and why."""

    __tablename__ = "hearing_phase"
    __table_args__ = (
        sa.UniqueConstraint("hearing_id", "position"),
        sa.CheckConstraint("position > 0", name="position"),
    )

    round_id: Mapped[int] = mapped_column(
        sa.ForeignKey("comment_round.id", ondelete="CASCADE"), primary_key=True
    )
    hearing_id: Mapped[int] = mapped_column(sa.ForeignKey("hearing.id", ondelete="CASCADE"))
    position: Mapped[int]
    note: Mapped[str] = mapped_column(default="")

    hearing: Mapped[Hearing] = relationship(back_populates="phases", lazy="joined")
    comment_round: Mapped[CommentRound] = relationship()


class Comment(Contribution):
    """A comment, anchored to exactly one of a passage, a round as a whole, a contribution.

    `discussion_id` is the engagement in which it is counted: always the one that it was
    contributed to, a round or the idea call of an idea. It stands here too because `number`
    is unique in it and a passage must belong to it. A comment on a comment is of level 2;
    deeper ones there are none. An answer and an imported comment may have no stance.
    `quote` are words of the passage as they stand there.
    `statement_id` is the statement of an organisation that it is a piece of, and
    `original_page` the page of its PDF that the piece was taken from.
    A seed is a statement with which the municipality begins the voting: only voted on, never
    counted as a comment.
    """

    __tablename__ = "comment"
    __table_args__ = (
        sa.UniqueConstraint("discussion_id", "number"),
        sa.ForeignKeyConstraint(
            ["discussion_id", "passage_id"],
            ["passage.round_id", "passage.id"],
            name="fk_comment_passage_of_round",
        ),
        sa.CheckConstraint(
            "(CASE WHEN passage_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN round_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_anchor",
        ),
        sa.CheckConstraint("round_id IS NULL OR round_id = discussion_id", name="own_round"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="own_parent"),
        sa.CheckConstraint(
            f"level = 1 OR (level = {DEEPEST_LEVEL} AND parent_id IS NOT NULL)", name="level"
        ),
        sa.CheckConstraint(
            "stance IS NULL OR stance <> 'rewording' OR passage_id IS NOT NULL",
            name="reworded_passage",
        ),
        sa.CheckConstraint(
            "rewording = '' OR (stance IS NOT NULL AND stance = 'rewording')",
            name="rewording",
        ),
        sa.CheckConstraint("quote = '' OR passage_id IS NOT NULL", name="quoted_passage"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("votes_cast >= 0", name="votes_cast"),
        sa.CheckConstraint("NOT is_seed OR (round_id IS NOT NULL AND stance IS NULL)", name="seed"),
        # A piece belongs to a statement on the same round.
        sa.ForeignKeyConstraint(
            ["discussion_id", "statement_id"],
            ["statement.round_id", "statement.id"],
            name="fk_comment_statement_on_round",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "statement_id IS NULL OR (passage_id IS NOT NULL AND level = 1)", name="piece"
        ),
        sa.CheckConstraint(
            "original_page IS NULL OR (statement_id IS NOT NULL AND original_page > 0)",
            name="original_page",
        ),
        sa.Index("ix_comment_statement_id", "statement_id", "number"),
        sa.Index("ix_comment_passage_id", "passage_id", "number"),
        sa.Index("ix_comment_round_id", "round_id", "number"),
        sa.Index("ix_comment_parent_id", "parent_id", "number"),
    )
    id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": ContributionKind.COMMENT,
        # Said in words, because `parent_id` leads to a contribution as well.
        "inherit_condition": id == Contribution.id,  # noqa: A003
    }

    discussion_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"))
    number: Mapped[int]
    level: Mapped[int] = mapped_column(default=1)
    passage_id: Mapped[int | None]
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment_round.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE")
    )
    stance: Mapped[Stance | None] = mapped_column(one_of(Stance, "stance"))
    rewording: Mapped[str] = mapped_column(default="")
    quote: Mapped[str] = mapped_column(default="")
    votes_cast: Mapped[int] = mapped_column(default=0)
    is_seed: Mapped[bool] = mapped_column(default=False)
    statement_id: Mapped[uuid.UUID | None]
    original_page: Mapped[int | None]

    passage: Mapped[Passage | None] = relationship(
        primaryjoin=lambda: Passage.id == sa.orm.foreign(Comment.passage_id),
        viewonly=True,
    )
    parent: Mapped[Contribution | None] = relationship(
        foreign_keys=[parent_id], remote_side=Contribution.id
    )

    def withdraw(self) -> None:
        """Remove the text, the proposed wording and what was quoted for good."""
        super().withdraw()
        self.rewording = ""
        self.quote = ""


class Statement(Contribution):
    """What an organisation says on a round, under its name: a covering text and its pieces.

    The pieces are comments on passages, written by the organisation or taken by staff from the
    PDF that came along; nobody sees them while the statement itself is not published. Who
    signed is for staff only.
    """

    __tablename__ = "statement"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        # What a piece refers to, so that it cannot be of a statement on another round.
        sa.UniqueConstraint("round_id", "id"),
        sa.CheckConstraint("number > 0", name="number"),
    )
    __mapper_args__ = {"polymorphic_identity": ContributionKind.STATEMENT}  # noqa: RUF012

    id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_round.id"))
    number: Mapped[int]
    invitation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation_invitation.id"), unique=True
    )
    signer_name: Mapped[str] = mapped_column(default="")
    signer_role: Mapped[str] = mapped_column(default="")

    invitation: Mapped[OrganisationInvitation] = relationship()
    pieces: Mapped[list[Comment]] = relationship(
        primaryjoin=lambda: Statement.id == sa.orm.foreign(Comment.statement_id),
        order_by=lambda: Comment.number,
        viewonly=True,
    )
    document: Mapped[StatementDocument | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    def withdraw(self) -> None:
        """Remove the text, who signed it, the original and all pieces for good."""
        super().withdraw()
        self.signer_name = ""
        self.signer_role = ""
        self.document = None
        for piece in self.pieces:
            piece.withdraw()


class StatementDocument(Base):
    """The PDF of a statement, as it came. Only ever handed out as a file to save.

    `is_public` says whether the organisation agreed that everybody may have it.
    """

    __tablename__ = "statement_document"
    __table_args__ = (
        sa.CheckConstraint("pages > 0", name="pages"),
        sa.CheckConstraint("size > 0", name="size"),
    )

    statement_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(deferred=True)
    size: Mapped[int]
    pages: Mapped[int]
    is_public: Mapped[bool] = mapped_column(default=False)


class StatementDraft(Base):
    """What an organisation saved to go on later, sealed with a key that only its link holds."""

    __tablename__ = "statement_draft"

    invitation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation_invitation.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes]
    saved_at: Mapped[datetime]


class Vote(Base):
    """What somebody thinks of a comment; `voter` is a keyed hash, one vote for each comment."""

    __tablename__ = "vote"
    __table_args__ = (
        sa.PrimaryKeyConstraint("comment_id", "voter"),
        sa.CheckConstraint("voter <> ''", name="voter"),
        sa.Index("ix_vote_voter", "voter"),
        {"sqlite_with_rowid": False},
    )

    comment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("comment.id", ondelete="CASCADE"))
    voter: Mapped[str]
    choice: Mapped[VoteChoice] = mapped_column(one_of(VoteChoice, "choice"))
    important: Mapped[bool] = mapped_column(default=False)
