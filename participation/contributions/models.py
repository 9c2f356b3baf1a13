"""Contributions: what citizens write, its state, and the receipt that finds it again."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.accounts.models import Account
from participation.engagements.models import Engagement, Subscription
from participation.foundation.errors import Conflict
from participation.foundation.orm import Base, one_of
from participation.strategy.models import Element


class ContributionKind(enum.Enum):
    """What somebody wrote."""

    IDEA = "idea"
    COMMENT = "comment"
    SURVEY_REMARK = "survey_remark"
    STATEMENT = "statement"


class ContributionStatus(enum.Enum):
    """pending → published or rejected; published → hidden → published; withdrawn for good."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Channel(enum.Enum):
    """How a contribution or response reached the municipality.

    Slips of a survey come on paper or on somebody's behalf; of what is written the way is known.
    """

    ONLINE = "online"
    PAPER = "paper"
    ON_BEHALF = "on_behalf"
    IMPORTED = "imported"
    LETTER = "letter"
    PHONE = "phone"
    WORKSHOP = "workshop"
    COUNTER = "counter"


_STEPS = {
    ContributionStatus.PENDING: {ContributionStatus.PUBLISHED, ContributionStatus.REJECTED},
    ContributionStatus.PUBLISHED: {ContributionStatus.HIDDEN},
    ContributionStatus.HIDDEN: {ContributionStatus.PUBLISHED},
    ContributionStatus.REJECTED: {ContributionStatus.PUBLISHED},
    ContributionStatus.WITHDRAWN: set(),
}


class Contribution(Base):
    """Anything a citizen writes. Ideas, comments and remarks add what is theirs.

    `received_at` is exact for ideas and comments; for a survey remark it is the beginning of
    the day, because a finer time would join it to a response. `edited_at` is when its author
    last wanted other words. `source` and `source_url` name
    where an imported contribution came from, `source_id` is what it was called there. `origin`
    says in words where staff got it from: a workshop and its day. `organisation_name` is the
    name under which an organisation speaks; it is empty for people, and only they are counted
    as people. `participant_group_id` is the invited group as one of which somebody wrote an
    idea or a comment; nobody is shown it, it is only counted by.
    """

    __tablename__ = "contribution"
    __table_args__: Any = (
        sa.ForeignKeyConstraint(
            ["engagement_id", "participant_group_id"],
            ["participant_group.engagement_id", "participant_group.id"],
            name="group",
        ),
        sa.CheckConstraint(
            "kind <> 'survey_remark' OR participant_group_id IS NULL", name="group_of_remark"
        ),
        sa.CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published"),
        sa.CheckConstraint("status <> 'withdrawn' OR text = ''", name="withdrawn"),
        sa.CheckConstraint("kind <> 'survey_remark' OR author_id IS NULL", name="anonymous"),
        sa.Index("ix_contribution_engagement", "engagement_id", "status", "kind"),
        sa.Index("ix_contribution_queue", "status", "received_at"),
        sa.Index(
            "uq_contribution_source",
            "engagement_id",
            "source",
            unique=True,
            sqlite_where=sa.text("source <> ''"),
            postgresql_where=sa.text("source <> ''"),
        ),
        # A row number would keep the order of arrival, by which the remarks of a response
        # could be found; ideas and comments have numbers of their own.
        {"sqlite_with_rowid": False},
    )
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"))
    kind: Mapped[ContributionKind] = mapped_column(one_of(ContributionKind, "kind"))
    status: Mapped[ContributionStatus] = mapped_column(
        one_of(ContributionStatus, "status"), default=ContributionStatus.PENDING
    )
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"), default=Channel.ONLINE)
    text: Mapped[str]
    language: Mapped[str] = mapped_column(default="de")
    author_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    received_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")
    organisation_name: Mapped[str] = mapped_column(default="")
    participant_group_id: Mapped[int | None]

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[Account | None] = relationship()
    elements: Mapped[list[Element]] = relationship(
        secondary="contribution_element", order_by="(Element.kind, Element.number)"
    )

    def move_to(self, status: ContributionStatus, *, at: datetime) -> None:
        """Change the status, the only way it changes; `moderation` leaves the row behind.

        Raises Conflict if the step does not exist.
        """
        if status not in _STEPS[self.status]:
            raise Conflict(f"a contribution cannot go from {self.status.value} to {status.value}")
        self.status = status
        self.published_at = at if status is ContributionStatus.PUBLISHED else None

    def take_back_to(self, status: ContributionStatus, *, published_at: datetime | None) -> None:
        """Return to the status before a decision that is undone."""
        if self.status is ContributionStatus.WITHDRAWN:
            raise Conflict("a withdrawn contribution stays withdrawn")
        self.status = status
        self.published_at = published_at

    def withdraw(self) -> None:
        """Remove the text for good. Kinds with more text override this and call it."""
        self.status = ContributionStatus.WITHDRAWN
        self.published_at = None
        self.text = ""
        self.origin = ""
        self.author_id = None
        self.participant_group_id = None


class ContributionElement(Base):
    """An element that a contribution is about."""

    __tablename__ = "contribution_element"
    __table_args__ = ({"sqlite_with_rowid": False},)

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(
            "contribution.id", ondelete="CASCADE", deferrable=True, initially="IMMEDIATE"
        ),
        primary_key=True,
    )
    element_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element.id"), primary_key=True, index=True
    )


class Receipt(Base):
    """Finds a contribution by the keyed hash of its code; the code itself is stored nowhere."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(
            "contribution.id", ondelete="CASCADE", deferrable=True, initially="IMMEDIATE"
        ),
        unique=True,
    )

    contribution: Mapped[Contribution] = relationship()


class Follow(Base):
    """A subscription that hears of the fate of one contribution."""

    __tablename__ = "follow"

    subscription_id: Mapped[int] = mapped_column(
        sa.ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True
    )
    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(
            "contribution.id", ondelete="CASCADE", deferrable=True, initially="IMMEDIATE"
        ),
        index=True,
    )

    subscription: Mapped[Subscription] = relationship()
