"""Idea calls, ideas with images, in groups of equal ones, supports, and the stems of words."""

from __future__ import annotations

import enum
import random
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.contributions.models import Contribution, ContributionKind
from participation.engagements.models import Engagement, EngagementKind
from participation.foundation.geometry import Geometry, Point, Shape
from participation.foundation.orm import Base, one_of
from participation.foundation.tiles import number_of

LAST_LOT = 2**31 - 1


def _draw() -> int:
    return random.SystemRandom().randint(0, LAST_LOT)


class PlaceRule(enum.Enum):
    """Whether a call asks where its ideas are."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class PlaceKind(enum.Enum):
    """Where an idea is: drawn on a map, said in words, or everywhere in the municipality."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    ADDRESS = "address"
    EVERYWHERE = "everywhere"


class IdeaCall(Engagement):
    """An engagement that asks for ideas. `last_number` counts them for people.

    `compared_number` is how far equal ones were looked for.
    """

    __tablename__ = "idea_call"
    __mapper_args__ = {"polymorphic_identity": EngagementKind.IDEA_CALL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(
        sa.ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(default="")
    # Questions that help to write, one to a line; what is written stays one text.
    guide: Mapped[str] = mapped_column(default="")
    last_number: Mapped[int] = mapped_column(default=0)
    asks_place: Mapped[PlaceRule] = mapped_column(
        one_of(PlaceRule, "asks_place"), default=PlaceRule.OPTIONAL
    )
    compared_number: Mapped[int] = mapped_column(default=0)


class IdeaGroup(Base):
    """Ideas of a call that say the same. Each keeps its page, its text and its supports.

    The first of them that is shown stands for the group in lists.
    """

    __tablename__ = "idea_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_call_id: Mapped[int] = mapped_column(
        sa.ForeignKey("idea_call.id", ondelete="CASCADE"), index=True
    )
    grouped_at: Mapped[datetime]


class Idea(Contribution):
    """An idea: a title, a text, and a number within its call.

    `lot` is drawn when it is stored: its place in the order that favours nobody. `is_listed`
    unless another idea of its group stands for it in lists. `people` is how many support it, or
    any idea of the group that it stands for, each counted once; the others hold their own number.
    `elements_corrected_at` is when staff said anew what it is about, until its author does.
    """

    __tablename__ = "idea"
    __table_args__ = (
        sa.UniqueConstraint("idea_call_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("supports >= 0", name="supports"),
        sa.CheckConstraint("people >= 0", name="people"),
        sa.CheckConstraint("is_listed OR group_id IS NOT NULL", name="listed"),
        sa.CheckConstraint(
            "people = supports OR (is_listed AND group_id IS NOT NULL)", name="counted_once"
        ),
        sa.Index("ix_idea_supported", "idea_call_id", "people", "number"),
        # Most ideas are in no group; counted in, they would make a planner expect large groups.
        sa.Index(
            "ix_idea_group_id",
            "group_id",
            "number",
            sqlite_where=sa.text("group_id IS NOT NULL"),
            postgresql_where=sa.text("group_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_idea_stands_for_group",
            "group_id",
            unique=True,
            sqlite_where=sa.text("is_listed AND group_id IS NOT NULL"),
            postgresql_where=sa.text("is_listed AND group_id IS NOT NULL"),
        ),
        sa.Index("ix_idea_drawn", "idea_call_id", "lot", "number"),
    )
    __mapper_args__ = {"polymorphic_identity": ContributionKind.IDEA}  # noqa: RUF012

    id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    idea_call_id: Mapped[int] = mapped_column(sa.ForeignKey("idea_call.id"))
    number: Mapped[int]
    title: Mapped[str]
    supports: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("idea_group.id"))
    is_listed: Mapped[bool] = mapped_column(default=True)
    lot: Mapped[int] = mapped_column(default=_draw)
    elements_corrected_at: Mapped[datetime | None]

    stems: Mapped[list[IdeaStem]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    images: Mapped[list[IdeaImage]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="IdeaImage.position"
    )
    place: Mapped[IdeaPlace | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    answers: Mapped[list[FieldAnswer]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    wordings: Mapped[list[IdeaWording]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    def withdraw(self) -> None:
        """Remove words, images and place for good, and the stems that would tell of them."""
        super().withdraw()
        self.title = ""
        self.stems.clear()
        self.images.clear()
        self.wordings.clear()
        self.answers.clear()
        self.place = None


_IS_DRAWN = "kind IN ('point', 'line', 'area')"


class IdeaPlace(Base):
    """Where an idea is. What is drawn has a centre, by which lists and maps find it.

    `points` are pairs of north and east in millionths of a degree; `tile` is the number of the
    centre in `foundation.tiles`.
    """

    __tablename__ = "idea_place"
    __table_args__ = (
        sa.CheckConstraint(f"({_IS_DRAWN}) = (tile IS NOT NULL)", name="drawn"),
        sa.CheckConstraint(f"({_IS_DRAWN}) = (north IS NOT NULL)", name="north_drawn"),
        sa.CheckConstraint(f"({_IS_DRAWN}) = (east IS NOT NULL)", name="east_drawn"),
        sa.CheckConstraint("kind <> 'address' OR address <> ''", name="address"),
        sa.CheckConstraint("north BETWEEN -90000000 AND 90000000", name="north"),
        sa.CheckConstraint("east BETWEEN -180000000 AND 180000000", name="east"),
        sa.Index("ix_idea_place_tile", "idea_call_id", "tile", "north", "east"),
        sa.Index("ix_idea_place_kind", "idea_call_id", "kind"),
        {"sqlite_with_rowid": False},
    )

    idea_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    idea_call_id: Mapped[int] = mapped_column(sa.ForeignKey("idea_call.id", ondelete="CASCADE"))
    kind: Mapped[PlaceKind] = mapped_column(one_of(PlaceKind, "kind"))
    address: Mapped[str] = mapped_column(default="")
    points: Mapped[list[list[int]]] = mapped_column(sa.JSON, default=list)
    # Wide, because distances are reckoned from them.
    north: Mapped[int | None] = mapped_column(sa.BigInteger)
    east: Mapped[int | None] = mapped_column(sa.BigInteger)
    tile: Mapped[int | None] = mapped_column(sa.BigInteger)

    @property
    def geometry(self) -> Geometry | None:
        """What is drawn; None for a place in words."""
        if not self.points:
            return None
        points = tuple(Point(north, east) for north, east in self.points)
        return Geometry(Shape(self.kind.value), points)

    @property
    def centre(self) -> Point | None:
        """The point that stands for it on a map of many."""
        return None if self.north is None or self.east is None else Point(self.north, self.east)

    def draw(self, geometry: Geometry) -> None:
        """Take over what was drawn."""
        centre = geometry.centre
        self.kind = PlaceKind(geometry.shape.value)
        self.points = [[point.north, point.east] for point in geometry.points]
        self.north, self.east, self.tile = centre.north, centre.east, number_of(centre)


class IdeaStem(Base):
    """A word stem that an idea contains."""

    __tablename__ = "idea_stem"
    __table_args__ = (
        sa.PrimaryKeyConstraint("idea_call_id", "stem", "idea_id"),
        {"sqlite_with_rowid": False},
    )

    idea_call_id: Mapped[int] = mapped_column(sa.ForeignKey("idea_call.id", ondelete="CASCADE"))
    # Sorted by the bytes of its letters, whatever the language of the database, so that what
    # begins alike stands together.
    stem: Mapped[str] = mapped_column(sa.Text().with_variant(sa.Text(collation="C"), "postgresql"))
    idea_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("idea.id", ondelete="CASCADE"), index=True
    )


class IdeaImage(Base):
    """A picture of an idea, written anew and without metadata, and a small one for lists.

    `shows` says in words what is on it. Moderation can take one out of sight: `removed_for` is
    the ground, from the published rules. One without a position is part of a change that waits,
    or was replaced a moment ago; readers never see it.
    """

    __tablename__ = "idea_image"
    __table_args__ = (
        sa.UniqueConstraint("idea_id", "position"),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name="position"),
        sa.CheckConstraint("shows <> ''", name="shows"),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_for = '')", name="removed"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    idea_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("idea.id", ondelete="CASCADE"))
    position: Mapped[int | None]
    shows: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    small: Mapped[bytes] = mapped_column(deferred=True)
    small_width: Mapped[int]
    small_height: Mapped[int]
    removed_at: Mapped[datetime | None]
    removed_for: Mapped[str] = mapped_column(default="")

    @property
    def is_shown(self) -> bool:
        """Whether moderation lets it stand; it is public where its idea is, too."""
        return self.removed_at is None


class WordingState(enum.Enum):
    """What a wording of an idea is that is not the one shown.

    `EARLIER` was shown to people who relied on it and stays readable; `REPLACED` was shown to
    nobody who did, and is erased once a decision cannot be undone any more.
    """

    WAITING = "waiting"
    REFUSED = "refused"
    EARLIER = "earlier"
    REPLACED = "replaced"


class IdeaWording(Base):
    """A title and text that an idea had, or is to have once moderation lets it through.

    `parts` is what else it is to hold, or held until a decision cannot be undone any more: only
    what differs, as `ideas.parts` reads it. `also` names what readers saw change besides.
    `replaced_at` is when it gave way to another one, or was refused.
    """

    __tablename__ = "idea_wording"
    __table_args__ = (
        sa.CheckConstraint("(state = 'waiting') = (replaced_at IS NULL)", name="replaced"),
        sa.Index(
            "uq_idea_wording_waiting",
            "idea_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_idea_wording_idea_id_state", "idea_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("idea.id", ondelete="CASCADE"))
    state: Mapped[WordingState] = mapped_column(one_of(WordingState, "state"))
    title: Mapped[str]
    text: Mapped[str]
    parts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    also: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class FieldKind(enum.Enum):
    """How a field of a call is answered."""

    SHORT = "short"
    LONG = "long"
    CHOICE = "choice"


class CallField(Base):
    """Something that one call asks besides title and text.

    One that was answered and is asked no more stays for its answers.
    """

    __tablename__ = "call_field"
    __table_args__ = (sa.CheckConstraint("label <> ''", name="label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_call_id: Mapped[int] = mapped_column(
        sa.ForeignKey("idea_call.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[FieldKind] = mapped_column(one_of(FieldKind, "kind"))
    label: Mapped[str]
    help: Mapped[str] = mapped_column(default="")
    choices: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    is_public: Mapped[bool] = mapped_column(default=False)
    is_asked: Mapped[bool] = mapped_column(default=True)

    @property
    def name(self) -> str:
        """What it is called in a form."""
        return f"field_{self.id}"


class FieldAnswer(Base):
    """What came with an idea for a field of its call."""

    __tablename__ = "field_answer"
    __table_args__ = (
        sa.PrimaryKeyConstraint("idea_id", "field_id"),
        sa.CheckConstraint("text <> ''", name="text"),
        {"sqlite_with_rowid": False},
    )

    idea_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("idea.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(
        sa.ForeignKey("call_field.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str]


class Support(Base):
    """That somebody supports an idea; `supporter` is a keyed hash, unique per idea."""

    __tablename__ = "support"
    __table_args__ = (
        sa.PrimaryKeyConstraint("idea_id", "supporter"),
        {"sqlite_with_rowid": False},
    )

    idea_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("idea.id", ondelete="CASCADE"))
    supporter: Mapped[str]


class SuggestedPair(Base):
    """Two ideas that seem to say the same; staff groups them, or says that they do not."""

    __tablename__ = "suggested_pair"
    __table_args__ = (
        sa.PrimaryKeyConstraint("one_id", "other_id"),
        sa.CheckConstraint("one_id <> other_id", name="two"),
        {"sqlite_with_rowid": False},
    )

    idea_call_id: Mapped[int] = mapped_column(
        sa.ForeignKey("idea_call.id", ondelete="CASCADE"), index=True
    )
    one_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("idea.id", ondelete="CASCADE"))
    other_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("idea.id", ondelete="CASCADE"), index=True
    )
    dismissed_at: Mapped[datetime | None]
