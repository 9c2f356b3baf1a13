"""Aggregates, findings and the evidence that findings rest on."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.accounts.models import Account
from participation.contributions.models import Contribution
from participation.engagements.models import Engagement
from participation.foundation.orm import Base, one_of
from participation.insights.freezing import GUARDED_TABLES, guard
from participation.strategy.models import Element, Strategy


class AggregateKind(enum.Enum):
    """What an aggregate counts."""

    SURVEY_QUESTION = "survey_question"
    IDEAS = "ideas"
    COMMENTS = "comments"
    VOTES = "votes"


# Among the parameters of a result: the version that it is of, if it is one of several.
VERSION_APART = "version_apart"


class Aggregate(Base):
    """A frozen, released result. The database refuses to change or delete it.

    All aggregates of one release share its number within the engagement. `subject` names
    what was counted within the engagement (a question's or passage's code; empty for the
    whole). `result` is the plain form of a dataclass of `insights.results`: numbers, labels
    of our own and ids, never contributed text.
    """

    __tablename__ = "aggregate"
    __table_args__ = (
        sa.UniqueConstraint("engagement_id", "release", "kind", "subject"),
        sa.CheckConstraint("n >= 0", name="n"),
        sa.CheckConstraint("release > 0", name="release"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id"))
    release: Mapped[int]
    final: Mapped[bool]
    kind: Mapped[AggregateKind] = mapped_column(one_of(AggregateKind, "kind"))
    subject: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    title: Mapped[str]
    method: Mapped[str]
    parameters: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    seed: Mapped[int]
    n: Mapped[int]
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    released_at: Mapped[datetime]
    released_by_id: Mapped[int | None]

    engagement: Mapped[Engagement] = relationship()
    elements: Mapped[list[Element]] = relationship(
        secondary="aggregate_element", order_by="(Element.kind, Element.number)"
    )

    @property
    def version_apart(self) -> int | None:
        """The version of a survey that it is of, where others were released beside it."""
        number: int | None = self.parameters.get(VERSION_APART)
        return number


class AggregateElement(Base):
    """An element that an aggregate is about."""

    __tablename__ = "aggregate_element"

    aggregate_id: Mapped[int] = mapped_column(sa.ForeignKey("aggregate.id"), primary_key=True)
    element_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element.id"), primary_key=True, index=True
    )


class Finding(Base):
    """One sentence that the strategy team stands by. Cited as E-12."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.UniqueConstraint("strategy_id", "number"),
        sa.CheckConstraint("sentence <> ''", name="sentence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"))
    number: Mapped[int]
    sentence: Mapped[str]
    recorded_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="SET NULL")
    )
    recorded_at: Mapped[datetime]

    strategy: Mapped[Strategy] = relationship()
    recorded_by: Mapped[Account | None] = relationship()
    elements: Mapped[list[Element]] = relationship(
        secondary="finding_element", order_by="(Element.kind, Element.number)"
    )
    evidence: Mapped[list[Evidence]] = relationship(
        order_by="Evidence.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def code(self) -> str:
        """The code by which people cite it."""
        return f"E-{self.number}"


class FindingElement(Base):
    """An element that a finding is about."""

    __tablename__ = "finding_element"

    finding_id: Mapped[int] = mapped_column(
        sa.ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True
    )
    element_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element.id"), primary_key=True, index=True
    )


class Evidence(Base):
    """What a finding rests on: a contribution or an aggregate, never both."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint(
            "(contribution_id IS NULL) <> (aggregate_id IS NULL)", name="one_of_two"
        ),
        sa.Index(
            "uq_evidence_contribution",
            "finding_id",
            "contribution_id",
            unique=True,
            sqlite_where=sa.text("contribution_id IS NOT NULL"),
            postgresql_where=sa.text("contribution_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_evidence_aggregate",
            "finding_id",
            "aggregate_id",
            unique=True,
            sqlite_where=sa.text("aggregate_id IS NOT NULL"),
            postgresql_where=sa.text("aggregate_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("finding.id", ondelete="CASCADE"))
    contribution_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("contribution.id", deferrable=True, initially="IMMEDIATE"), index=True
    )
    aggregate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("aggregate.id"), index=True)

    contribution: Mapped[Contribution | None] = relationship()
    aggregate: Mapped[Aggregate | None] = relationship()


class IndicatorFeed(Base):
    """The question that feeds a qualitative indicator, by its series.

    Every final release of a survey that asks it records the mean as a measurement.
    """

    __tablename__ = "indicator_feed"
    __table_args__ = (
        sa.CheckConstraint("series <> ''", name="series"),
        sa.Index("ix_indicator_feed_series", "series"),
    )

    indicator_id: Mapped[int] = mapped_column(
        sa.ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True
    )
    series: Mapped[str]


for _table in GUARDED_TABLES:
    guard(Base.metadata.tables[_table])
