"""Lists of the ideas of a call: in an order, by what they are about, how far they came, a search.

Every list is paged by key. The orders that an index does not know as a whole come in parts: what
was discussed and then the rest; in the drawn order from where somebody begins to the end and then
from the beginning. Each part stops at the end of the page, so a list costs the same whatever the
number of ideas.
"""

from __future__ import annotations

import enum
import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from participation.comments.models import Comment
from participation.contributions.models import Contribution, ContributionElement
from participation.contributions.queries import published
from participation.foundation.errors import Refused
from participation.foundation.geometry import Point
from participation.foundation.number_rows import joined_in_order
from participation.ideas.groups import some_equal
from participation.ideas.models import LAST_LOT, Idea
from participation.ideas.search import SoughtStem, contains
from participation.insights.equals import with_their_equals
from participation.insights.models import Evidence
from participation.portal.queries.ideas import IdeaState
from participation.portal.queries.listed_ideas import (
    COLUMNS,
    ListedIdea,
    as_listed,
    read_listed,
    with_place,
)
from participation.portal.queries.placed_ideas import (
    NearKey,
    SoughtPlace,
    is_drawn,
    lies_at,
    nearest,
)
from participation.revisions.models import (
    AnsweredFinding,
    Change,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)

PAGE = 20
# A number of hits above this one is not counted to the end.
MOST_COUNTED = 200
# Read with each page of ideas.
_WHOLE = (selectinload(Idea.elements), joinedload(Idea.place))
_KEY = re.compile(r"(\d{1,10})-(\d{1,10})", re.ASCII)
_NEAR_KEY = re.compile(r"(\d{1,18})-(\d{1,10})-(\d{1,9})", re.ASCII)


class IdeaOrder(enum.Enum):
    """In which order ideas are listed."""

    NEWEST = "newest"
    MOST_SUPPORTED = "most_supported"
    MOST_DISCUSSED = "most_discussed"
    DRAWN = "drawn"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class WantedIdeas:
    """Which ideas of a call are listed, and how.

    `begin` is where the drawn order begins, `near` from where the nearest are counted: those that
    stand on the map.
    """

    call_id: int
    order: IdeaOrder = IdeaOrder.NEWEST
    element_ids: Collection[int] = ()
    state: IdeaState | None = None
    sought: Sequence[SoughtStem] = ()
    begin: int = 0
    place: SoughtPlace | None = None
    near: Point | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some of the ideas are left out."""
        return bool(self.element_ids or self.state or self.sought or self.place or self.near)

    @property
    def finds_nothing(self) -> bool:
        """Whether no idea has one of the words, or is where somebody looks."""
        nowhere = self.place is not None and self.place.count == 0
        return nowhere or any(one.count == 0 for one in self.sought)


@dataclass(frozen=True, slots=True)
class IdeaPage:
    """A page of ideas, and the key at which the next one begins; None at the end."""

    ideas: Sequence[Idea]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class _Key:
    """The last idea of a page: how high it stands in its order, and its number."""

    rank: int
    number: int


def idea_page(
    session: Session, wanted: WantedIdeas, *, after: str | None = None, limit: int = PAGE
) -> IdeaPage:
    """Return published ideas with their elements; `after` is the key of the page before.

    With elements, only ideas about one of them. Raises Refused if the key is none.
    """
    if wanted.finds_nothing:
        # Otherwise a list that is read in its order goes through all ideas.
        return IdeaPage([], None)
    if wanted.near is not None:
        return _nearest_page(session, wanted, wanted.near, after, limit)
    parts = (part.options(*_WHOLE) for part in _parts(wanted, after, Idea))
    found, next_key = _read_parts(session, parts, limit)
    return IdeaPage([row[0] for row in found], next_key)


def listed_ideas(
    session: Session, wanted: WantedIdeas, *, at_once: int
) -> Iterator[list[ListedIdea]]:
    """Yield the ideas of a whole list in its order, so many at once, for a table."""
    after: str | None = None
    while True:
        ideas, after = _listed_page(session, wanted, after, at_once)
        yield ideas
        if after is None:
            return


def _listed_page(
    session: Session, wanted: WantedIdeas, after: str | None, limit: int
) -> tuple[list[ListedIdea], str | None]:
    if wanted.finds_nothing:
        return [], None
    if wanted.near is not None:
        page = _nearest_page(session, wanted, wanted.near, after, limit)
        return [as_listed(idea) for idea in page.ideas], page.next_key
    parts = (with_place(part) for part in _parts(wanted, after, *COLUMNS))
    found, next_key = _read_parts(session, parts, limit)
    return [read_listed(row) for row in found], next_key


def _read_parts(
    session: Session, parts: Iterable[sa.Select[Any]], limit: int
) -> tuple[list[Any], str | None]:
    """Return the rows of a page, and the key at which the next one begins."""
    found: list[Any] = []
    for part in parts:
        found += session.execute(part.limit(limit + 1 - len(found)))
        if len(found) > limit:
            last = found[limit - 1]
            return found[:limit], f"{last.rank}-{last.at_number}"
    return found, None


def count_listed(session: Session, wanted: WantedIdeas) -> int:
    """Return how many ideas a list holds, at most `MOST_COUNTED` + 1."""
    if wanted.finds_nothing:
        return 0
    # The engagement is named twice: without it SQLite may go through all contributions of all
    # engagements, a hundred times as many.
    is_of_call = Idea.engagement_id == wanted.call_id
    rows = sa.select(sa.literal(1)).select_from(Idea).where(is_of_call, *conditions_of(wanted))
    few = rows.limit(MOST_COUNTED + 1).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(few)) or 0


def draw_beginning(session: Session, call_id: int, chance: float) -> int:
    """Return the lot at which a drawn list begins, for a chance from 0 to 1.

    Each idea is as likely to be the first one as any other, whatever their lots are.
    """
    highest = session.scalar(
        sa.select(sa.func.max(Idea.number)).where(Idea.idea_call_id == call_id)
    )
    first = sa.select(Idea.lot).where(
        Idea.idea_call_id == call_id, Idea.number > int(chance * (highest or 0)), published()
    )
    return session.scalar(first.order_by(Idea.number).limit(1)) or 0


def _parts(wanted: WantedIdeas, after: str | None, *what: Any) -> Iterator[sa.Select[Any]]:
    """Yield the queries whose rows, one after the other, are the list behind a key."""
    key = None if after is None else _read_key(after)
    if wanted.order is IdeaOrder.MOST_DISCUSSED:
        return _discussed(wanted, key, what)
    if wanted.order is IdeaOrder.DRAWN:
        return _drawn(wanted, key, what)
    if wanted.order is IdeaOrder.MOST_SUPPORTED:
        return iter([_falling(wanted, Idea.people, key, what)])
    return iter([_newest(wanted, key, what)])


def _ranked(wanted: WantedIdeas, what: Sequence[Any], rank: Any) -> sa.Select[Any]:
    place = (rank.label("rank"), Idea.number.label("at_number"))
    return sa.select(*what, *place).where(*conditions_of(wanted))


def _newest(wanted: WantedIdeas, key: _Key | None, what: Sequence[Any]) -> sa.Select[Any]:
    rows = _ranked(wanted, what, sa.literal(0)).order_by(Idea.number.desc())
    return rows if key is None else rows.where(Idea.number < key.number)


def _falling(
    wanted: WantedIdeas, rank: Any, key: _Key | None, what: Sequence[Any]
) -> sa.Select[Any]:
    rows = _ranked(wanted, what, rank)
    if key is not None:
        last = sa.tuple_(sa.literal(key.rank), sa.literal(key.number))
        rows = rows.where(sa.tuple_(rank, Idea.number) < last)
    return rows.order_by(rank.desc(), Idea.number.desc())


def _discussed(
    wanted: WantedIdeas, key: _Key | None, what: Sequence[Any]
) -> Iterator[sa.Select[Any]]:
    """Yield the ideas with comments, most first, and then the newest of the others."""
    comments = _comments_on(wanted.call_id)
    if key is None or key.rank > 0:
        found = _falling(wanted, comments.c.number, key, what)
        yield found.join(comments, comments.c.idea_id == Idea.id)
        key = None
    yield _newest(wanted, key, what).where(Idea.id.not_in(sa.select(comments.c.idea_id)))


def _comments_on(call_id: int) -> sa.Subquery:
    """How many comments there are on each idea, or on all ideas of the group it stands for."""
    comment, contribution = Comment.__table__, Contribution.__table__
    # The comments of a call are few beside all contributions.
    tables = joined_in_order(comment, (contribution, contribution.c.id == comment.c.id))
    on_each = (
        sa.select(comment.c.parent_id.label("idea_id"), sa.func.count().label("number"))
        .select_from(tables)
        .where(comment.c.discussion_id == call_id, comment.c.level == 1, published())
        .group_by(comment.c.parent_id)
        .subquery()
    )
    member, standing = aliased(Idea.__table__), aliased(Idea.__table__)
    idea_id = sa.func.coalesce(standing.c.id, member.c.id).label("idea_id")
    return (
        sa.select(idea_id, sa.func.sum(on_each.c.number).label("number"))
        .select_from(on_each)
        .join(member, member.c.id == on_each.c.idea_id)
        .outerjoin(
            standing, sa.and_(standing.c.group_id == member.c.group_id, standing.c.is_listed)
        )
        .group_by(idea_id)
        .subquery()
    )


def _drawn(wanted: WantedIdeas, key: _Key | None, what: Sequence[Any]) -> Iterator[sa.Select[Any]]:
    """Yield the ideas from where the list begins to the last lot, then those before."""
    if key is None or key.rank >= wanted.begin:
        yield _rising(wanted, key, what).where(Idea.lot >= wanted.begin)
        key = None
    yield _rising(wanted, key, what).where(Idea.lot < wanted.begin)


def _rising(wanted: WantedIdeas, key: _Key | None, what: Sequence[Any]) -> sa.Select[Any]:
    rows = _ranked(wanted, what, Idea.lot).order_by(Idea.lot, Idea.number)
    if key is None:
        return rows
    last = sa.tuple_(sa.literal(key.rank), sa.literal(key.number))
    return rows.where(sa.tuple_(Idea.lot, Idea.number) > last)


def _nearest_page(
    session: Session, wanted: WantedIdeas, point: Point, after: str | None, limit: int
) -> IdeaPage:
    key = None if after is None else _read_near_key(after)
    rows = nearest(
        session,
        wanted.call_id,
        list(filters_of(wanted)),
        point,
        after=key,
        limit=limit + 1,
        options=_WHOLE,
    )
    ideas = [idea for _far, idea in rows[:limit]]
    if len(rows) <= limit:
        return IdeaPage(ideas, None)
    far, last = rows[limit - 1]
    step = isqrt(far) - isqrt(rows[0][0])
    return IdeaPage(ideas, f"{far}-{last.number}-{step}")


def conditions_of(wanted: WantedIdeas) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what is true of each idea of a list."""
    yield Idea.idea_call_id == wanted.call_id
    yield from filters_of(wanted)
    if wanted.near is not None:
        yield is_drawn()


def filters_of(wanted: WantedIdeas) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what is true of each idea of a list, besides its call."""
    yield published()
    # Of a group the first one stands in the list, and it is found by what the others say as well.
    yield Idea.is_listed.is_(True)
    if wanted.place is not None:
        yield lies_at(wanted.call_id, wanted.place)
    if wanted.element_ids:
        equal = aliased(Idea.__table__)
        yield sa.or_(
            _is_about(Idea.id, wanted.element_ids),
            some_equal(equal, _is_about(equal.c.id, wanted.element_ids)),
        )
    if wanted.state is not None:
        yield _has_come_to(wanted.state)
    for sought in wanted.sought:
        yield contains(wanted.call_id, sought)


def _is_about(
    idea_id: sa.ColumnElement[uuid.UUID] | Any, element_ids: Collection[int]
) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        ContributionElement.contribution_id == idea_id,
        ContributionElement.element_id.in_(element_ids),
    )


def _has_come_to(state: IdeaState) -> sa.ColumnElement[bool]:
    cited = with_their_equals(
        sa.select(Evidence.contribution_id).where(Evidence.contribution_id.is_not(None))
    )
    answered = with_their_equals(_answered())
    if state is IdeaState.OPEN:
        return Idea.id.not_in(cited)
    if state is IdeaState.IN_FINDING:
        return sa.and_(Idea.id.in_(cited), Idea.id.not_in(answered))
    return Idea.id.in_(
        answered if state is IdeaState.ANSWERED else with_their_equals(_in_strategy())
    )


def _answered() -> sa.Select[uuid.UUID | None]:
    return (
        sa.select(Evidence.contribution_id)
        .join(AnsweredFinding, AnsweredFinding.finding_id == Evidence.finding_id)
        .join(OfficialAnswer, OfficialAnswer.id == AnsweredFinding.answer_id)
        .where(Evidence.contribution_id.is_not(None), OfficialAnswer.published_at.is_not(None))
    )


def _in_strategy() -> sa.Select[uuid.UUID | None]:
    return (
        sa.select(Evidence.contribution_id)
        .join(ChangeReason, ChangeReason.finding_id == Evidence.finding_id)
        .join(Change, Change.id == ChangeReason.change_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Evidence.contribution_id.is_not(None), Revision.status == RevisionStatus.ADOPTED)
    )


def _read_near_key(text: str) -> NearKey:
    parts = _NEAR_KEY.fullmatch(text)
    if parts is None or int(parts[2]) > LAST_LOT:
        raise Refused("this is not the key of a page")
    return NearKey(*(int(part) for part in parts.groups()))


def _read_key(text: str) -> _Key:
    parts = _KEY.fullmatch(text)
    if parts is None:
        raise Refused("this is not the key of a page")
    rank, number = int(parts[1]), int(parts[2])
    if max(rank, number) > LAST_LOT:
        raise Refused("this is not the key of a page")
    return _Key(rank, number)
