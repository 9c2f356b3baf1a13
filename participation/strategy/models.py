"""The strategy: what stays (elements) and what a version says about it (their wording)."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.accounts.models import Municipality
from participation.foundation.orm import Base, one_of
from participation.strategy.freezing import GUARDED_TABLES, guard


class VersionStatus(enum.Enum):
    """draft → in consultation (frozen) → adopted → superseded."""

    DRAFT = "draft"
    IN_CONSULTATION = "in_consultation"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


class ElementKind(enum.Enum):
    """What an element of a strategy is."""

    VISION = "vision"
    ACTION_FIELD = "action_field"
    GOAL = "goal"
    MEASURE = "measure"


class Priority(enum.Enum):
    """How soon a measure begins: at once, within two years, within four."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FundingSource(enum.Enum):
    """Where the money of a measure comes from."""

    OWN = "own"
    THIRD_PARTY = "third_party"
    GRANT = "grant"
    IN_KIND = "in_kind"


class ProgressState(enum.Enum):
    """How a measure stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    AT_RISK = "at_risk"
    DONE = "done"
    STOPPED = "stopped"


class IndicatorKind(enum.Enum):
    """Counted, or judged."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"


class Direction(enum.Enum):
    """Which way an indicator should move."""

    UP = "up"
    DOWN = "down"


class Strategy(Base):
    """One per municipality: its title, who is responsible, how often it is measured."""

    __tablename__ = "strategy"
    __table_args__ = (
        sa.CheckConstraint("measuring_interval > 0", name="measuring_interval"),
        sa.CheckConstraint("review_interval BETWEEN 24 AND 36", name="review_interval"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"), unique=True)
    title: Mapped[str]
    term: Mapped[str] = mapped_column(default="Digitalstrategie")
    owner: Mapped[str] = mapped_column(default="")
    deputy: Mapped[str] = mapped_column(default="")
    measuring_interval: Mapped[int] = mapped_column(default=12)
    review_interval: Mapped[int] = mapped_column(default=30)
    created_at: Mapped[datetime]

    municipality: Mapped[Municipality] = relationship()


class Element(Base):
    """What a vision, field, goal or measure is over all versions. Its code is never reused."""

    __tablename__ = "element"
    __table_args__ = (
        sa.UniqueConstraint("strategy_id", "code"),
        sa.UniqueConstraint("strategy_id", "kind", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"))
    kind: Mapped[ElementKind] = mapped_column(one_of(ElementKind, "kind"))
    number: Mapped[int]
    code: Mapped[str]
    created_at: Mapped[datetime]

    strategy: Mapped[Strategy] = relationship()


class StrategyVersion(Base):
    """The plan at one time. An adopted one never changes.

    `number` is the version that it is or is meant to become; several versions in consultation
    may aim at the same number, told apart by `consultation`.
    """

    __tablename__ = "strategy_version"
    __table_args__ = (
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint(
            "(status IN ('adopted', 'superseded')) = (adopted_at IS NOT NULL)", name="adopted"
        ),
        sa.CheckConstraint(
            "adopted_at IS NULL OR (resolution_body <> '' AND resolution_number <> ''"
            " AND resolution_on IS NOT NULL)",
            name="resolution",
        ),
        # A version that goes out for comment is filled as a draft with its consultation number.
        sa.CheckConstraint(
            "(consultation = 0 AND status <> 'in_consultation')"
            " OR (consultation > 0 AND status IN ('draft', 'in_consultation'))",
            name="consultation",
        ),
        sa.Index(
            "uq_strategy_version_number",
            "strategy_id",
            "number",
            unique=True,
            sqlite_where=sa.text("consultation = 0"),
            postgresql_where=sa.text("consultation = 0"),
        ),
        sa.Index(
            "uq_strategy_version_consultation",
            "strategy_id",
            "number",
            "consultation",
            unique=True,
        ),
        sa.Index(
            "uq_strategy_version_adopted",
            "strategy_id",
            unique=True,
            sqlite_where=sa.text("status = 'adopted'"),
            postgresql_where=sa.text("status = 'adopted'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"))
    number: Mapped[int]
    consultation: Mapped[int] = mapped_column(default=0)
    status: Mapped[VersionStatus] = mapped_column(
        one_of(VersionStatus, "status"), default=VersionStatus.DRAFT
    )
    created_at: Mapped[datetime]
    adopted_at: Mapped[datetime | None]
    resolution_body: Mapped[str] = mapped_column(default="")
    resolution_on: Mapped[date | None]
    resolution_number: Mapped[str] = mapped_column(default="")

    strategy: Mapped[Strategy] = relationship()
    wordings: Mapped[list[ElementWording]] = relationship(
        order_by="ElementWording.position", cascade="all, delete-orphan", passive_deletes=True
    )


class ElementWording(Base):
    """What one version says about one element. Fields that a kind does not have stay empty.

    `field_id` is the action field that a goal or measure stands in; none means that it
    belongs to the strategy as a whole.
    """

    __tablename__ = "element_wording"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "element_id"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="period"
        ),
        sa.Index("ix_element_wording_element_id", "element_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("strategy_version.id", ondelete="CASCADE")
    )
    element_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"))
    # Counts the edits, so that of two people who edit at once the second one is told.
    row_version: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    field_id: Mapped[int | None] = mapped_column(sa.ForeignKey("element.id"))
    expected_effect: Mapped[str] = mapped_column(default="")
    lead: Mapped[str] = mapped_column(default="")
    participants: Mapped[str] = mapped_column(default="")
    priority: Mapped[Priority | None] = mapped_column(one_of(Priority, "priority"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    data_protection: Mapped[str] = mapped_column(default="")
    external_home: Mapped[str] = mapped_column(default="")

    element: Mapped[Element] = relationship(foreign_keys=[element_id])
    field: Mapped[Element | None] = relationship(foreign_keys=[field_id])
    criteria: Mapped[list[SuccessCriterion]] = relationship(
        order_by="SuccessCriterion.position", cascade="all, delete-orphan", passive_deletes=True
    )
    financing: Mapped[list[FinancingLine]] = relationship(
        order_by="FinancingLine.position", cascade="all, delete-orphan", passive_deletes=True
    )
    goals: Mapped[list[Element]] = relationship(secondary="measure_goal", order_by="Element.number")


class SuccessCriterion(Base):
    """By what a goal is measured: what, which target, by when."""

    __tablename__ = "success_criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    wording_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element_wording.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    what: Mapped[str]
    target: Mapped[str]
    due_on: Mapped[date]


class FinancingLine(Base):
    """Money for a measure in one year from one source, in whole euros."""

    __tablename__ = "financing_line"
    __table_args__ = (
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wording_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element_wording.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    year: Mapped[int]
    source: Mapped[FundingSource] = mapped_column(one_of(FundingSource, "source"))
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class MeasureGoal(Base):
    """A goal that a measure serves, as worded in one version."""

    __tablename__ = "measure_goal"

    wording_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element_wording.id", ondelete="CASCADE"), primary_key=True
    )
    goal_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"), primary_key=True, index=True)


class Milestone(Base):
    """A step of a measure, planned and reached."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    element_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"), index=True)
    title: Mapped[str]
    planned_on: Mapped[date]
    reached_on: Mapped[date | None]


class ProgressReport(Base):
    """How a measure stood on a day, and why. The latest one counts."""

    __tablename__ = "progress_report"
    __table_args__ = (
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        sa.CheckConstraint("state <> 'done' OR percent = 100", name="done"),
        sa.Index("ix_progress_report_latest", "element_id", "reported_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    element_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"))
    state: Mapped[ProgressState] = mapped_column(one_of(ProgressState, "state"))
    percent: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    reported_on: Mapped[date]


class Indicator(Base):
    """What is measured, on a measure or on an action field; it runs through all versions."""

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    element_id: Mapped[int] = mapped_column(sa.ForeignKey("element.id"), index=True)
    name: Mapped[str]
    kind: Mapped[IndicatorKind] = mapped_column(one_of(IndicatorKind, "kind"))
    unit: Mapped[str]
    direction: Mapped[Direction] = mapped_column(one_of(Direction, "direction"))
    baseline: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    target: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    target_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    interval: Mapped[int] = mapped_column(default=12)

    measurements: Mapped[list[Measurement]] = relationship(
        order_by="Measurement.measured_on", cascade="all, delete-orphan", passive_deletes=True
    )


class Measurement(Base):
    """A value of an indicator on a day.

    What a survey measured has `n`, the margin of error of its mean, and the wording that people
    read; `is_break` if they read another one the time before.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        sa.UniqueConstraint("indicator_id", "measured_on"),
        sa.CheckConstraint("n > 0", name="n"),
        sa.CheckConstraint("margin >= 0", name="margin"),
        sa.CheckConstraint("(n IS NULL) = (margin IS NULL)", name="by_survey"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id", ondelete="CASCADE"))
    measured_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    note: Mapped[str] = mapped_column(default="")
    n: Mapped[int | None]
    margin: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    wording: Mapped[str] = mapped_column(default="")
    is_break: Mapped[bool] = mapped_column(default=False)


for _table in GUARDED_TABLES:
    guard(Base.metadata.tables[_table])
