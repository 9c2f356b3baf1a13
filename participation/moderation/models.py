"""Decisions about contributions."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.accounts.models import Account
from participation.contributions.models import Contribution, ContributionStatus
from participation.foundation.orm import Base, one_of
from participation.ideas.models import IdeaWording

UNDO_TIME = timedelta(seconds=10)


class Action(enum.Enum):
    """What a moderator does with a contribution."""

    PUBLISH = "publish"
    REJECT = "reject"
    HIDE = "hide"
    RESTORE = "restore"


class Ground(enum.Enum):
    """Why a contribution is not shown, from the published rules."""

    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off_topic"
    DUPLICATE = "duplicate"
    UNLAWFUL = "unlawful"
    OTHER = "other"
    IMPORTED = "imported"


class ModerationDecision(Base):
    """One decision, kept also when it is undone or followed by another.

    `status_before` and `published_before` are what an undo returns to. An imported
    contribution was decided elsewhere: its ground is *imported* and nobody here decided it.
    """

    __tablename__ = "moderation_decision"
    __table_args__ = (
        sa.CheckConstraint(
            "action IN ('publish', 'restore') OR ground IS NOT NULL", name="ground_given"
        ),
        sa.CheckConstraint("ground IS NULL OR ground <> 'other' OR note <> ''", name="other_note"),
        sa.Index("ix_moderation_decision_contribution", "contribution_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE", deferrable=True, initially="IMMEDIATE")
    )
    action: Mapped[Action] = mapped_column(one_of(Action, "action"))
    ground: Mapped[Ground | None] = mapped_column(one_of(Ground, "ground"))
    note: Mapped[str] = mapped_column(default="")
    status_before: Mapped[ContributionStatus] = mapped_column(
        one_of(ContributionStatus, "status_before")
    )
    published_before: Mapped[datetime | None]
    # The new wording of an idea that was decided about; the idea itself stays as it was.
    wording_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("idea_wording.id", ondelete="SET NULL")
    )
    decided_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL")
    )
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    contribution: Mapped[Contribution] = relationship()
    wording: Mapped[IdeaWording | None] = relationship()
    decided_by: Mapped[Account | None] = relationship()


class Report(Base):
    """That a reader finds something wrong with a published contribution; only moderation sees it.

    `reporter` is a keyed hash, so that somebody counts once at each contribution. A report is
    kept until the decision that settles it can no longer be undone.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.PrimaryKeyConstraint("contribution_id", "reporter"),
        sa.CheckConstraint("reporter <> ''", name="reporter"),
        sa.CheckConstraint("ground <> 'imported'", name="ours"),
        sa.CheckConstraint("ground <> 'other' OR note <> ''", name="other_note"),
        {"sqlite_with_rowid": False},
    )

    contribution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE", deferrable=True, initially="IMMEDIATE")
    )
    reporter: Mapped[str]
    ground: Mapped[Ground] = mapped_column(one_of(Ground, "ground"))
    note: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("moderation_decision.id", ondelete="CASCADE"), index=True
    )
