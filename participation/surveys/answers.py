"""What was answered in surveys.

Nothing here tells who answered. A response has a random id, its channel and its day; an
answer is one tick, one number, one day or one square of a map. SQLite keeps these tables
without row numbers, so that no order of arrival is stored; on PostgreSQL `surveys.shuffling`
rewrites them.
"""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.contributions.models import Channel, Contribution, ContributionKind
from participation.foundation.orm import Base, one_of
from participation.surveys.models import Question


class SurveyResponse(Base):
    """One sheet of answers: which version, by which channel, on which day. Nothing else.

    `participant_group_id` is the invited group as one of which somebody answered. The final
    release counts by it, and then it is erased.
    """

    __tablename__ = "survey_response"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["survey_id", "participant_group_id"],
            ["participant_group.engagement_id", "participant_group.id"],
            name="group",
        ),
        sa.Index("ix_survey_response_survey", "survey_id", "day"),
        sa.Index("ix_survey_response_version_id", "version_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    day: Mapped[date]
    participant_group_id: Mapped[int | None]
    receipt_hash: Mapped[str] = mapped_column(unique=True)


class Answer(Base):
    """One tick: a choice of a question, in a response.

    `amount` is the rank of a choice that was ranked, or the points that it was given.
    """

    __tablename__ = "answer"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.PrimaryKeyConstraint("response_id", "question_id", "choice_id"),
        sa.ForeignKeyConstraint(
            ["question_id", "choice_id"], ["choice.question_id", "choice.id"], name="choice"
        ),
        # Covers the counting of a question without touching the rows.
        sa.Index("ix_answer_choice", "question_id", "choice_id"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("survey_response.id", ondelete="CASCADE")
    )
    question_id: Mapped[int]
    choice_id: Mapped[int]
    amount: Mapped[int | None]


class NumberAnswer(Base):
    """A number that was given."""

    __tablename__ = "number_answer"
    __table_args__ = (
        sa.PrimaryKeyConstraint("response_id", "question_id"),
        sa.Index("ix_number_answer_question_id", "question_id", "value"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("survey_response.id", ondelete="CASCADE")
    )
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    value: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))


class DateAnswer(Base):
    """A day that was given."""

    __tablename__ = "date_answer"
    __table_args__ = (
        sa.PrimaryKeyConstraint("response_id", "question_id"),
        sa.Index("ix_date_answer_question_id", "question_id", "value"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("survey_response.id", ondelete="CASCADE")
    )
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    value: Mapped[date]


class PlaceAnswer(Base):
    """The square of a grid in which a place lies that was pointed at; never the exact spot.

    An address that was typed instead is a remark. `north` and `east` are hundredths of a
    degree, about a kilometre.
    """

    __tablename__ = "place_answer"
    __table_args__ = (
        sa.PrimaryKeyConstraint("response_id", "question_id"),
        sa.CheckConstraint("north BETWEEN -9000 AND 9000", name="north"),
        sa.CheckConstraint("east BETWEEN -18000 AND 18000", name="east"),
        sa.Index("ix_place_answer_question_id", "question_id", "north", "east"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("survey_response.id", ondelete="CASCADE")
    )
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    north: Mapped[int]
    east: Mapped[int]


class SavedSheet(Base):
    """A sheet that somebody will come back to, sealed with a key that only their link holds.

    `name` is a hash of what the link holds, so that the table opens nothing.
    """

    __tablename__ = "saved_sheet"
    __table_args__ = (
        sa.Index("ix_saved_sheet_expires_on", "expires_on"),
        {"sqlite_with_rowid": False},
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id", ondelete="CASCADE"))
    sealed: Mapped[bytes]
    expires_on: Mapped[date]


class SurveyRemark(Contribution):
    """What somebody wrote in answer to a question. No row joins it to a response."""

    __tablename__ = "survey_remark"
    __table_args__ = (
        sa.Index("ix_survey_remark_question_id", "question_id"),
        {"sqlite_with_rowid": False},
    )
    __mapper_args__ = {"polymorphic_identity": ContributionKind.SURVEY_REMARK}  # noqa: RUF012

    id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))

    question: Mapped[Question] = relationship()
