"""Official answers, and the open work on the next version of the strategy."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.accounts.models import Account
from participation.comments.models import Comment
from participation.foundation.orm import Base, one_of
from participation.insights.models import Finding
from participation.revisions.freezing import GUARDED_TABLES, guard
from participation.strategy.models import Element, Strategy, StrategyVersion


class Disposition(enum.Enum):
    """What the municipality does with a finding."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    ALREADY_COVERED = "already_covered"
    DEFERRED = "deferred"
    NOT_ADOPTED = "not_adopted"


class AnswerState(enum.Enum):
    """How far an answer has come; a signed one waits for the adoption that it belongs to."""

    DRAFT = "draft"
    SIGNED_BY_LEAD = "signed_by_lead"
    SIGNED = "signed"
    PUBLISHED = "published"


class RevisionStatus(enum.Enum):
    """Only one revision of a strategy is open."""

    OPEN = "open"
    ADOPTED = "adopted"
    ABANDONED = "abandoned"


class ChangeOperation(enum.Enum):
    """What happens to an element."""

    ADD = "add"
    AMEND = "amend"
    RETIRE = "retire"


class StatedReason(enum.Enum):
    """A reason for a change other than a finding."""

    COUNCIL = "council"
    LAW = "law"
    BUDGET = "budget"
    EVALUATION = "evaluation"


class OfficialAnswer(Base):
    """What the municipality answers to one or more findings, and why.

    The lead signs first, a second person after; then it is published and never changes,
    unless it waits for the adoption that it belongs to (`with_adoption`).
    """

    __tablename__ = "official_answer"
    __table_args__ = (
        sa.CheckConstraint("reasons <> ''", name="reasons"),
        sa.CheckConstraint("second_id IS NULL OR second_id <> signed_by_id", name="two_people"),
        sa.CheckConstraint(
            "(second_signed_at IS NULL) OR (signed_at IS NOT NULL)", name="order_of_signing"
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR second_signed_at IS NOT NULL", name="published"
        ),
        sa.Index("ix_official_answer_strategy", "strategy_id", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"))
    disposition: Mapped[Disposition] = mapped_column(one_of(Disposition, "disposition"))
    reasons: Mapped[str]
    with_adoption: Mapped[bool] = mapped_column(default=False)
    drafted_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL")
    )
    drafted_at: Mapped[datetime]
    signed_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL")
    )
    signed_at: Mapped[datetime | None]
    second_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    second_signed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    strategy: Mapped[Strategy] = relationship()
    findings: Mapped[list[Finding]] = relationship(
        secondary="answered_finding", order_by="Finding.number"
    )
    drafted_by: Mapped[Account | None] = relationship(foreign_keys=[drafted_by_id])
    signed_by: Mapped[Account | None] = relationship(foreign_keys=[signed_by_id])
    second: Mapped[Account | None] = relationship(foreign_keys=[second_id])

    @property
    def state(self) -> AnswerState:
        """How far the answer has come."""
        if self.published_at is not None:
            return AnswerState.PUBLISHED
        if self.second_signed_at is not None:
            return AnswerState.SIGNED
        return AnswerState.DRAFT if self.signed_at is None else AnswerState.SIGNED_BY_LEAD


class AnsweredFinding(Base):
    """A finding that an answer serves; a finding has one answer."""

    __tablename__ = "answered_finding"

    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("finding.id"), primary_key=True)
    answer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("official_answer.id", ondelete="CASCADE"), index=True
    )


class Revision(Base):
    """The work on the next version, from the version it starts at to the one it became."""

    __tablename__ = "revision"
    __table_args__ = (
        sa.CheckConstraint(
            "(status = 'adopted') = (resulting_version_id IS NOT NULL)", name="result"
        ),
        sa.CheckConstraint(
            "(status = 'abandoned') = (abandoned_because IS NOT NULL)", name="because"
        ),
        sa.Index(
            "uq_revision_open",
            "strategy_id",
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"))
    status: Mapped[RevisionStatus] = mapped_column(
        one_of(RevisionStatus, "status"), default=RevisionStatus.OPEN
    )
    base_version_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy_version.id"))
    resulting_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("strategy_version.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # What those who took part in a consultation are told.
    abandoned_because: Mapped[str | None]

    strategy: Mapped[Strategy] = relationship()
    base_version: Mapped[StrategyVersion] = relationship(foreign_keys=[base_version_id])
    resulting_version: Mapped[StrategyVersion | None] = relationship(
        foreign_keys=[resulting_version_id]
    )
    changes: Mapped[list[Change]] = relationship(
        order_by="Change.id", cascade="all, delete-orphan", passive_deletes=True
    )


class Change(Base):
    """What the next version says differently about one element.

    An element that is added gets its code when the change is proposed, so that people can
    already cite it; if the change is dropped, the code stays unused.
    """

    __tablename__ = "change"
    __table_args__ = (sa.UniqueConstraint("revision_id", "element_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id", ondelete="CASCADE"))
    element_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"), index=True)
    operation: Mapped[ChangeOperation] = mapped_column(one_of(ChangeOperation, "operation"))
    proposed_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL")
    )
    proposed_at: Mapped[datetime]

    element: Mapped[Element] = relationship()
    proposed_by: Mapped[Account | None] = relationship()
    fields: Mapped[list[ChangedField]] = relationship(
        order_by="ChangedField.position", cascade="all, delete-orphan", passive_deletes=True
    )
    reasons: Mapped[list[ChangeReason]] = relationship(
        order_by="ChangeReason.id", cascade="all, delete-orphan", passive_deletes=True
    )
    wordings: Mapped[list[Comment]] = relationship(
        secondary="taken_wording", order_by="Comment.number", passive_deletes=True
    )


class ChangedField(Base):
    """One field of an element before and after, in the plain values of `strategy.content`."""

    __tablename__ = "changed_field"

    change_id: Mapped[int] = mapped_column(
        sa.ForeignKey("change.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    before: Mapped[Any] = mapped_column(sa.JSON(none_as_null=False))
    after: Mapped[Any] = mapped_column(sa.JSON(none_as_null=False))


class ChangeReason(Base):
    """Because of what an element changes: a finding, or another stated reason with its text.

    `places` names the fields and sentences that it is about, as `revisions.reasons` writes
    them; without any it is about everything that changes.
    """

    __tablename__ = "change_reason"
    __table_args__ = (
        sa.CheckConstraint("(finding_id IS NULL) <> (stated IS NULL)", name="one_of_two"),
        sa.CheckConstraint("stated IS NULL OR text <> ''", name="text"),
        sa.Index(
            "uq_change_reason_finding",
            "change_id",
            "finding_id",
            unique=True,
            sqlite_where=sa.text("finding_id IS NOT NULL"),
            postgresql_where=sa.text("finding_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(
        sa.ForeignKey("change.id", ondelete="CASCADE"), index=True
    )
    finding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    stated: Mapped[StatedReason | None] = mapped_column(one_of(StatedReason, "stated"))
    text: Mapped[str] = mapped_column(default="")
    places: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)

    finding: Mapped[Finding | None] = relationship()


class TakenWording(Base):
    """That a change says what a comment proposed. The comment is named beside the change."""

    __tablename__ = "taken_wording"

    change_id: Mapped[int] = mapped_column(
        sa.ForeignKey("change.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("comment.id"), primary_key=True, index=True
    )


class Announcement(Base):
    """News for an audience, written with what it follows from; a job fans it out by mail."""

    __tablename__ = "announcement"
    __table_args__ = (
        sa.CheckConstraint("(answer_id IS NULL) <> (version_id IS NULL)", name="one_of_two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"), index=True)
    answer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("official_answer.id"))
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("strategy_version.id"))
    announced_at: Mapped[datetime]
    fanned_out_at: Mapped[datetime | None]

    strategy: Mapped[Strategy] = relationship()
    answer: Mapped[OfficialAnswer | None] = relationship()
    version: Mapped[StrategyVersion | None] = relationship()


for _table in GUARDED_TABLES:
    guard(Base.metadata.tables[_table])
