"""Surveys: questions and choices, and what was ticked.

Nothing here tells who answered. A response has a random id, its channel and its day; an
answer is one tick. SQLite keeps these tables without row numbers, so that no order of arrival
is stored; on PostgreSQL `surveys.shuffling` rewrites them.
"""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.contributions.models import Channel, Contribution, ContributionKind
from participation.engagements.models import Engagement, EngagementKind
from participation.foundation.orm import Base, one_of
from participation.strategy.models import Element

FIRST_LANGUAGE = "de"


class QuestionKind(enum.Enum):
    """How a question is answered; `surveys.questionnaire` knows which are ticked."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    TEXT = "text"


class Survey(Engagement):
    """An engagement that asks questions."""

    __tablename__ = "survey"
    __mapper_args__ = {"polymorphic_identity": EngagementKind.SURVEY}  # noqa: RUF012

    id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )

    versions: Mapped[list[SurveyVersion]] = relationship(
        order_by="SurveyVersion.number", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_ready(self) -> bool:
        """Whether it asks something."""
        return bool(self.versions and self.versions[-1].questions)


class SurveyVersion(Base):
    """What a survey asks. The last one is current; a response names the one it answered."""

    __tablename__ = "survey_version"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("last_code >= 0", name="last_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id", ondelete="CASCADE"))
    number: Mapped[int]
    # Codes of questions are given in order and never again, also after one was deleted.
    last_code: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    questions: Mapped[list[Question]] = relationship(
        order_by="(Question.position, Question.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Question(Base):
    """One question. A scale has a choice for each of its points, with the point as its code."""

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "code"),
        sa.CheckConstraint("code <> ''", name="code"),
        sa.CheckConstraint(
            "(min_choices IS NULL AND max_choices IS NULL) OR kind = 'multiple'", name="limits"
        ),
        sa.CheckConstraint(
            "min_choices >= 1 AND (max_choices IS NULL OR max_choices >= min_choices)",
            name="limits_order",
        ),
        sa.CheckConstraint("max_choices >= 1", name="max_choices"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id", ondelete="CASCADE"))
    code: Mapped[str]
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind, "kind"))
    position: Mapped[int]
    required: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    min_choices: Mapped[int | None]
    max_choices: Mapped[int | None]

    texts: Mapped[list[QuestionText]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    choices: Mapped[list[Choice]] = relationship(
        order_by="(Choice.position, Choice.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    elements: Mapped[list[Element]] = relationship(
        secondary="question_element", order_by="Element.code"
    )

    def text_in(self, language: str) -> QuestionText:
        """Return its wording in a language, in German where it has no other."""
        by_language = {text.language: text for text in self.texts}
        return by_language.get(language) or by_language[FIRST_LANGUAGE]


class QuestionText(Base):
    """A question's wording in one language; `low` and `high` name the ends of a scale."""

    __tablename__ = "question_text"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="text"),)

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    help: Mapped[str] = mapped_column(default="")
    low: Mapped[str] = mapped_column(default="")
    high: Mapped[str] = mapped_column(default="")


class Choice(Base):
    """Something that can be ticked."""

    __tablename__ = "choice"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "code"),
        # What an answer refers to: a choice together with its own question.
        sa.UniqueConstraint("question_id", "id"),
        sa.CheckConstraint("code <> ''", name="code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"))
    code: Mapped[str]
    position: Mapped[int]

    texts: Mapped[list[ChoiceText]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    def text_in(self, language: str) -> str:
        """Return its wording in a language, in German where it has no other."""
        by_language = {text.language: text.text for text in self.texts}
        return by_language.get(language) or by_language[FIRST_LANGUAGE]


class ChoiceText(Base):
    """A choice's wording in one language."""

    __tablename__ = "choice_text"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="text"),)

    choice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("choice.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class QuestionElement(Base):
    """An element that a question is about."""

    __tablename__ = "question_element"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    element_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element.id"), primary_key=True, index=True
    )


class SurveyResponse(Base):
    """One sheet of answers: which version, by which channel, on which day. Nothing else."""

    __tablename__ = "survey_response"
    __table_args__ = (
        sa.Index("ix_survey_response_survey", "survey_id", "day"),
        sa.Index("ix_survey_response_version_id", "version_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"))
    day: Mapped[date]
    receipt_hash: Mapped[str] = mapped_column(unique=True)


class Answer(Base):
    """One tick: a choice of a question, in a response."""

    __tablename__ = "answer"
    __table_args__ = (
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


class SurveyTotals(Base):
    """What staff see while a survey runs: counted once, and again only when n has grown by 5.

    Totals that moved with every response would tell what the last one answered.
    """

    __tablename__ = "survey_totals"
    __table_args__ = (sa.CheckConstraint("counted > 0", name="counted"),)

    survey_id: Mapped[int] = mapped_column(
        sa.ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True
    )
    counted: Mapped[int]
    tables: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    renewed_on: Mapped[date]
