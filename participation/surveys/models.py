"""Surveys: what is asked, in versions, pages and languages. `answers` holds what was ticked."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.engagements.models import Engagement, EngagementKind
from participation.foundation.orm import Base, one_of
from participation.strategy.models import Element

FIRST_LANGUAGE = "de"


class QuestionKind(enum.Enum):
    """How a question is answered; `surveys.questionnaire` knows which are ticked.

    A matrix itself is not answered: each of its rows is a question of its own, of kind single.
    """

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    MATRIX = "matrix"
    RANKING = "ranking"
    POINTS = "points"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    SHORT_TEXT = "short_text"
    TEXT = "text"


class ChoiceRole(enum.Enum):
    """What a choice stands for: an answer, something else in one's own words, or no answer."""

    ANSWER = "answer"
    OTHER = "other"
    NO_ANSWER = "no_answer"


class ConditionMode(enum.Enum):
    """Whether all terms of a condition must hold, or one of them."""

    ALL = "all"
    ANY = "any"


class Operator(enum.Enum):
    """How a term compares an earlier answer: with a choice, or with a number."""

    TICKED = "ticked"
    NOT_TICKED = "not_ticked"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Survey(Engagement):
    """An engagement that asks questions."""

    __tablename__ = "survey"
    __mapper_args__ = {"polymorphic_identity": EngagementKind.SURVEY}  # noqa: RUF012

    id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    # Until when staff enter slips that came on paper; the final release waits for it.
    slips_until: Mapped[datetime | None]

    versions: Mapped[list[SurveyVersion]] = relationship(
        order_by="SurveyVersion.number", cascade="all, delete-orphan", passive_deletes=True
    )


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
    """One question. A scale has a choice for each of its points, with the point as its code.

    `series` is the same for a question and its copies: what is asked again can be compared.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "code"),
        sa.CheckConstraint("code <> ''", name="code"),
        sa.CheckConstraint("series <> ''", name="series"),
        sa.CheckConstraint("page >= 1", name="page"),
        sa.CheckConstraint(
            "(min_choices IS NULL AND max_choices IS NULL) OR kind IN ('multiple', 'ranking')",
            name="limits",
        ),
        sa.CheckConstraint(
            "min_choices >= 1 AND (max_choices IS NULL OR max_choices >= min_choices)",
            name="limits_order",
        ),
        sa.CheckConstraint("max_choices >= 1", name="max_choices"),
        sa.CheckConstraint("(points > 0) = (kind = 'points')", name="points"),
        sa.CheckConstraint("kind = 'number' OR (lowest IS NULL AND highest IS NULL)", name="range"),
        sa.CheckConstraint("lowest <= highest", name="range_order"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 2", name="decimals"),
        sa.CheckConstraint("parent_id IS NULL OR kind = 'single'", name="row"),
        sa.Index("ix_question_parent_id", "parent_id"),
        sa.Index("ix_question_series", "series"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"))
    code: Mapped[str]
    series: Mapped[str]
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind, "kind"))
    page: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    required: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    # Whether its choices, or the rows of a matrix, stand in another order for everybody.
    shuffled: Mapped[bool] = mapped_column(default=False)
    min_choices: Mapped[int | None]
    max_choices: Mapped[int | None]
    # How many points are distributed, over all choices.
    points: Mapped[int] = mapped_column(default=0)
    lowest: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    highest: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    decimals: Mapped[int] = mapped_column(default=0)
    condition_mode: Mapped[ConditionMode] = mapped_column(
        one_of(ConditionMode, "condition_mode"), default=ConditionMode.ALL
    )

    texts: Mapped[list[QuestionText]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    choices: Mapped[list[Choice]] = relationship(
        order_by="(Choice.position, Choice.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    terms: Mapped[list[Term]] = relationship(
        order_by="Term.position",
        foreign_keys="Term.question_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    picture: Mapped[QuestionPicture | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    elements: Mapped[list[Element]] = relationship(
        secondary="question_element", order_by="(Element.kind, Element.number)"
    )

    def text_in(self, language: str) -> QuestionText:
        """Return its wording in a language, in German where it has no other."""
        by_language = {text.language: text for text in self.texts}
        return by_language.get(language) or by_language[FIRST_LANGUAGE]


class QuestionText(Base):
    """A question's wording in one language.

    `low` and `high` name the ends of a scale, `unit` what a number counts, `picture` what its
    picture shows. `made_from` is a hash of the German wording that a translation was made from;
    another one now means that the translation has to be looked at.
    """

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
    unit: Mapped[str] = mapped_column(default="")
    picture: Mapped[str] = mapped_column(default="")
    made_from: Mapped[str] = mapped_column(default="")


class QuestionPicture(Base):
    """The picture of a question, re-encoded and without metadata."""

    __tablename__ = "question_picture"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(deferred=True)
    width: Mapped[int]
    height: Mapped[int]


class Choice(Base):
    """Something that can be ticked, ranked or given points; about an element if it names one."""

    __tablename__ = "choice"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "code"),
        # What an answer refers to: a choice together with its own question.
        sa.UniqueConstraint("question_id", "id"),
        sa.CheckConstraint("code <> ''", name="code"),
        sa.Index("ix_choice_element_id", "element_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"))
    code: Mapped[str]
    position: Mapped[int]
    role: Mapped[ChoiceRole] = mapped_column(one_of(ChoiceRole, "role"), default=ChoiceRole.ANSWER)
    element_id: Mapped[int | None] = mapped_column(sa.ForeignKey("element.id"))

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
    made_from: Mapped[str] = mapped_column(default="")


class Term(Base):
    """One term of the condition under which a question is asked, about an earlier question."""

    __tablename__ = "question_term"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "position"),
        sa.ForeignKeyConstraint(
            ["earlier_id", "choice_id"], ["choice.question_id", "choice.id"], name="choice"
        ),
        sa.CheckConstraint(
            "(operator IN ('ticked', 'not_ticked') AND choice_id IS NOT NULL AND number IS NULL)"
            " OR (operator IN ('at_least', 'at_most') AND choice_id IS NULL"
            " AND number IS NOT NULL)",
            name="compared_with",
        ),
        sa.CheckConstraint("earlier_id <> question_id", name="earlier"),
        sa.Index("ix_question_term_earlier_id", "earlier_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"))
    position: Mapped[int]
    earlier_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    operator: Mapped[Operator] = mapped_column(one_of(Operator, "operator"))
    choice_id: Mapped[int | None]
    number: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))


class PageText(Base):
    """What stands above a page's questions, in one language."""

    __tablename__ = "survey_page_text"

    version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("survey_version.id", ondelete="CASCADE"), primary_key=True
    )
    page: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    introduction: Mapped[str] = mapped_column(default="")
    made_from: Mapped[str] = mapped_column(default="")


class WordingCorrection(Base):
    """A slip of the pen put right after people had answered: what stood there, and since when."""

    __tablename__ = "wording_correction"
    __table_args__ = (sa.CheckConstraint("before <> after", name="change"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    corrected_at: Mapped[datetime]


class QuestionElement(Base):
    """An element that a question is about."""

    __tablename__ = "question_element"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    element_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element.id"), primary_key=True, index=True
    )


class SurveyTotals(Base):
    """What staff see while a survey runs: counted once, and again only when n has grown by 5.

    Totals that moved with every response would tell what the last one answered.
    """

    __tablename__ = "survey_totals"
    __table_args__ = (sa.CheckConstraint("counted > 0", name="counted"),)

    version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("survey_version.id", ondelete="CASCADE"), primary_key=True
    )
    counted: Mapped[int]
    tables: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    renewed_on: Mapped[date]
