"""Engagements: when, for whom, about which elements, under which rules."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.accounts.models import Municipality
from participation.foundation.orm import Base, one_of
from participation.strategy.models import Element

GRACE = timedelta(minutes=15)


class EngagementKind(enum.Enum):
    """The formats. Each is a room of its own."""

    SURVEY = "survey"
    IDEA_CALL = "idea_call"
    COMMENT_ROUND = "comment_round"


class Audience(enum.Enum):
    """Who may take part: everybody, whoever has a mailbox, an account, or a letter with a code."""

    OPEN = "open"
    MAIL = "mail"
    ACCOUNT = "account"
    CODE = "code"


class ModerationMode(enum.Enum):
    """Whether contributions are read before or after they appear."""

    BEFORE = "before"
    AFTER = "after"


class ResultsMode(enum.Enum):
    """When results show: at closing only, or totals while it runs too."""

    AT_CLOSING = "at_closing"
    INTERIM = "interim"


class OrganisationKind(enum.Enum):
    """What kind of body an organisation is."""

    CHAMBER = "chamber"
    ASSOCIATION = "association"
    NEIGHBOUR = "neighbour"
    COUNTY = "county"
    AUTHORITY = "authority"
    SCIENCE = "science"
    BUSINESS = "business"
    OTHER = "other"


class EngagementState(enum.Enum):
    """Where an engagement stands at a moment; follows from its dates."""

    DRAFT = "draft"
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    ARCHIVED = "archived"


class Engagement(Base):
    """A survey, an idea call or a comment round. The kinds add what is theirs in their rooms.

    `participants` counts the participation marks, so that no page has to.
    """

    __tablename__ = "engagement"
    __table_args__: Any = (
        sa.UniqueConstraint("municipality_id", "slug"),
        sa.CheckConstraint("opens_at < closes_at", name="opening_time"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("slug <> ''", name="slug"),
        sa.CheckConstraint("participants >= 0", name="participants"),
        sa.CheckConstraint("remind_days > 0", name="remind_days"),
        sa.CheckConstraint("evaluated_at IS NULL OR published_at IS NOT NULL", name="evaluated"),
        sa.CheckConstraint("archived_at IS NULL OR published_at IS NOT NULL", name="archived"),
        sa.Index("ix_engagement_times", "municipality_id", "closes_at"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    kind: Mapped[EngagementKind] = mapped_column(one_of(EngagementKind, "kind"))
    slug: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    scope_open: Mapped[str] = mapped_column(default="")
    scope_closed: Mapped[str] = mapped_column(default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    # When its final results were released, and when it was put away.
    evaluated_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    # How many days before its end its subscribers are reminded, and when that was done.
    remind_days: Mapped[int | None]
    reminded_at: Mapped[datetime | None]
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"))
    moderation_mode: Mapped[ModerationMode] = mapped_column(
        one_of(ModerationMode, "moderation_mode")
    )
    results_mode: Mapped[ResultsMode] = mapped_column(
        one_of(ResultsMode, "results_mode"), default=ResultsMode.AT_CLOSING
    )
    participants: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    municipality: Mapped[Municipality] = relationship()
    elements: Mapped[list[Element]] = relationship(
        secondary="engagement_element", order_by="(Element.kind, Element.number)"
    )

    def state_at(self, moment: datetime) -> EngagementState:
        """Return where it stands; an engagement that is not published is a draft."""
        if self.published_at is None:
            return EngagementState.DRAFT
        if moment < self.opens_at:
            return EngagementState.PLANNED
        if moment < self.closes_at:
            return EngagementState.OPEN
        if self.archived_at is not None and moment >= self.archived_at:
            return EngagementState.ARCHIVED
        return EngagementState.EVALUATED if self.evaluated_at else EngagementState.CLOSED


class EngagementText(Base):
    """The words of an engagement in another language than German, easy language among them.

    `made_from` is a hash of the German words that they were made from.
    """

    __tablename__ = "engagement_text"
    __table_args__ = (
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("language <> 'de'", name="language"),
    )

    engagement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    scope_open: Mapped[str] = mapped_column(default="")
    scope_closed: Mapped[str] = mapped_column(default="")
    made_from: Mapped[str] = mapped_column(default="")


class Extension(Base):
    """That the closing time was put off, and why."""

    __tablename__ = "engagement_extension"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.CheckConstraint("closed_before < closes_now", name="later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    closed_before: Mapped[datetime]
    closes_now: Mapped[datetime]
    reason: Mapped[str]
    extended_at: Mapped[datetime]


class LetterBatch(Base):
    """Letters with invitation codes that were made together. Nobody's address is kept.

    The codes follow from what stands on a letter and from the key of its list, which the town
    keeps; `list_hash` tells a reminder's key from a slip of the pen and opens nothing.
    `submission` is the random key of the form: sent twice, it is one batch.
    """

    __tablename__ = "letter_batch"
    __table_args__ = (
        sa.CheckConstraint("letters > 0", name="letters"),
        sa.CheckConstraint("list_hash <> ''", name="list_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), index=True
    )
    letters: Mapped[int]
    group: Mapped[str] = mapped_column(default="")
    is_reminder: Mapped[bool] = mapped_column(default=False)
    list_hash: Mapped[str]
    submission: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    # When its codes were made worthless, because the letters were lost or never sent.
    withdrawn_at: Mapped[datetime | None]


class InvitationCode(Base):
    """A code that was sent by letter, as a keyed hash.

    It is spent when the participation mark that follows from it exists; that row stands apart
    and is shuffled with all others, so that no column joins a code to what was answered.
    """

    __tablename__ = "invitation_code"
    __table_args__ = (
        sa.PrimaryKeyConstraint("engagement_id", "code_hash"),
        sa.Index("ix_invitation_code_batch_id", "batch_id"),
        {"sqlite_with_rowid": False},
    )

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id", ondelete="CASCADE"))
    code_hash: Mapped[str]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("letter_batch.id", ondelete="CASCADE"))


class Organisation(Base):
    """A body that speaks under its own name: a chamber, an association, a neighbour town."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "name"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "kind"))


class OrganisationInvitation(Base):
    """That an organisation is asked for its statement on one engagement.

    The link holds a code; only its keyed hash is kept. A new link makes the one before
    worthless. `address` is where the last link was mailed to; nobody but staff sees it.
    """

    __tablename__ = "organisation_invitation"
    __table_args__ = (
        sa.UniqueConstraint("engagement_id", "organisation_id"),
        sa.CheckConstraint("code_hash <> ''", name="code_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class ParticipantGroup(Base):
    """A group that an engagement invited, so that its results can be told apart: a youth council.

    Whoever comes by its link takes part as one of it. The link follows from `link_key` and the
    server's key; another `link_key` makes the links before worthless. `is_used` says that
    something came in from it once: then it can be closed, but not removed.
    """

    __tablename__ = "participant_group"
    __table_args__ = (
        sa.UniqueConstraint("engagement_id", "name"),
        # What came in refers to: a group together with its own engagement.
        sa.UniqueConstraint("engagement_id", "id"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("link_key <> ''", name="link_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id", ondelete="CASCADE"))
    name: Mapped[str]
    link_key: Mapped[str]
    is_used: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class EngagementElement(Base):
    """An element that an engagement is about."""

    __tablename__ = "engagement_element"

    engagement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    element_id: Mapped[int] = mapped_column(
        sa.ForeignKey("element.id"), primary_key=True, index=True
    )


class ParticipationMark(Base):
    """That a browser or account took part. Cannot be joined to what it said.

    `mark` is a keyed hash over the engagement, a purpose and the account or browser.
    """

    __tablename__ = "participation_mark"
    __table_args__ = (
        sa.PrimaryKeyConstraint("engagement_id", "mark"),
        {"sqlite_with_rowid": False},
    )

    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id", ondelete="CASCADE"))
    mark: Mapped[str]


class Pace(enum.Enum):
    """How often an address wants mail: once a day with all that happened, or at once."""

    DAILY = "daily"
    AT_ONCE = "at_once"


class Subscription(Base):
    """A mail address that wants to hear of an engagement; it counts once confirmed.

    `about_all` tells whether it hears of the engagement as a whole or only of the
    contribution that it follows. The token in its mails opens both doors, confirming and
    leaving; it follows from the server's key and the id, and is stored nowhere. Leaving
    erases the address.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        sa.CheckConstraint("(ended_at IS NULL) = (address <> '')", name="ended"),
        sa.Index("ix_subscription_engagement_id", "engagement_id"),
        sa.Index("ix_subscription_address", "address", "created_at"),
        sa.Index(
            "uq_subscription_address",
            "engagement_id",
            "address",
            unique=True,
            sqlite_where=sa.text("about_all AND ended_at IS NULL"),
            postgresql_where=sa.text("about_all AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(sa.ForeignKey("engagement.id", ondelete="CASCADE"))
    address: Mapped[str]
    about_all: Mapped[bool] = mapped_column(default=True)
    pace: Mapped[Pace] = mapped_column(one_of(Pace, "pace"), default=Pace.DAILY)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    engagement: Mapped[Engagement] = relationship()


class Notice(Base):
    """What a mail of the day is to tell an address. `key` keeps it from being told twice."""

    __tablename__ = "notice"
    __table_args__ = (sa.Index("ix_notice_waiting", "told_at", "subscription_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(
        sa.ForeignKey("subscription.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(unique=True)
    template: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    written_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    subscription: Mapped[Subscription] = relationship()
