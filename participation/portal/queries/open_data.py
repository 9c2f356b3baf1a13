"""What everybody may download, row by row: nothing that does not stand on a public page."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.comments.models import Comment, Statement
from participation.comments.queries import is_seed
from participation.contributions.models import Contribution, ContributionElement, ContributionKind
from participation.contributions.queries import published
from participation.engagements.models import Engagement
from participation.engagements.queries import opened_elements
from participation.foundation import clock
from participation.foundation.cells import Cell
from participation.foundation.geometry import Geometry, Point, Shape
from participation.ideas.models import Idea, IdeaPlace, PlaceKind
from participation.insights.models import Aggregate
from participation.portal.queries.strategy import PUBLIC
from participation.strategy import queries, records
from participation.strategy.content import FIELDS, shown, to_values
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    Indicator,
    ProgressState,
    StrategyVersion,
)

MOST_RELEASES = 100
_AT_ONCE = 500
# The fields of an element that a row holds, in the order of its page.
ELEMENT_FIELDS = FIELDS[ElementKind.MEASURE][:2] + tuple(
    dict.fromkeys((*FIELDS[ElementKind.GOAL][2:], *FIELDS[ElementKind.MEASURE][2:]))
)


@dataclass(frozen=True)
class Placed:
    """Where an idea is, and the middle of what is drawn."""

    kind: PlaceKind
    address: str
    geometry: Geometry | None
    centre: Point | None


@dataclass(frozen=True)
class Contributed:
    """A published contribution as its page shows it; remarks have no number and no page."""

    kind: ContributionKind
    number: int | None
    engagement: str
    slug: str
    received_on: str
    language: str
    title: str
    text: str
    rewording: str
    stance: str
    supports: int | None
    people: int | None
    equal_to: int | None
    elements: str
    place: Placed | None
    organisation: str


@dataclass(frozen=True)
class Released:
    """An engagement with results, and when the newest came out."""

    title: str
    slug: str
    released_at: datetime


def version_in_force(session: Session, municipality_id: int) -> StrategyVersion | None:
    """Return the adopted version of a municipality's strategy; None before there is one."""
    strategy = queries.find_strategy(session, municipality_id)
    return queries.adopted_version(session, strategy.id) if strategy else None


def element_rows(session: Session, version: StrategyVersion) -> Iterator[list[Cell]]:
    """Yield each element of a version: code, kind, what it says, and how it stands."""
    progress = records.latest_progress(session, version.strategy_id)
    for code, (element, content) in queries.contents_of(session, version.id).items():
        values = to_values(content, element.kind)
        said: list[Cell] = [shown(name, values.get(name)) for name in ELEMENT_FIELDS]
        report = progress.get(element.id)
        stands: list[Cell] = [None, None, None]
        if report is not None:
            stands = [report.state.value, report.percent, report.reported_on.isoformat()]
        elif element.kind is ElementKind.MEASURE:
            stands = [ProgressState.NOT_STARTED.value, 0, None]
        yield [code, element.kind.value, version.number, *said, *stands]


def measurement_rows(session: Session, version: StrategyVersion) -> Iterator[list[Cell]]:
    """Yield each measurement of what a version plans; an indicator without one has one row."""
    elements = [element for element, _said in queries.contents_of(session, version.id).values()]
    indicators = records.indicators_of(session, [element.id for element in elements])
    for element in elements:
        for indicator in indicators.get(element.id, ()):
            yield from _series(element, indicator)


def _series(element: Element, indicator: Indicator) -> Iterator[list[Cell]]:
    target_on = indicator.target_on.isoformat() if indicator.target_on else None
    about: list[Cell] = [element.code, indicator.name, indicator.kind.value, indicator.unit]
    about += [indicator.baseline, indicator.target, target_on, indicator.source]
    for one in indicator.measurements:
        yield [*about, one.measured_on.isoformat(), one.value, one.n, one.margin]
    if not indicator.measurements:
        yield [*about, None, None, None, None]


def contributed(
    session: Session, municipality_id: int, at: datetime, *, only_drawn: bool = False
) -> Iterator[Contributed]:
    """Yield the published contributions of what has opened, some hundred at a time.

    They come by engagement and random id: an order of arrival would tell which remarks were
    sent together.
    """
    statement = _contributed(municipality_id, at)
    if only_drawn:
        statement = statement.where(IdeaPlace.tile.is_not(None))
    strategy = queries.find_strategy(session, municipality_id)
    shown_elements = _shown_elements(strategy.id, at) if strategy else sa.select(Element.id)
    after: tuple[int, uuid.UUID] | None = None
    while True:
        wanted = statement if after is None else statement.where(_is_after(after))
        rows = session.execute(wanted.limit(_AT_ONCE)).all()
        codes = _codes_of(session, [row.id for row in rows], shown_elements)
        yield from (_read(row, codes) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].engagement_id, rows[-1].id


def _contributed(municipality_id: int, at: datetime) -> Any:
    idea, comment, standing = Idea.__table__, Comment.__table__, aliased(Idea.__table__)
    statement = Statement.__table__
    return (
        sa.select(
            Contribution.id,
            Contribution.kind,
            Contribution.engagement_id,
            Contribution.text,
            Contribution.language,
            Contribution.received_at,
            Contribution.organisation_name,
            Engagement.title.label("engagement"),
            Engagement.slug,
            sa.func.coalesce(idea.c.number, comment.c.number, statement.c.number).label("number"),
            idea.c.title,
            idea.c.supports,
            idea.c.people,
            standing.c.number.label("equal_to"),
            comment.c.rewording,
            comment.c.stance,
            IdeaPlace.kind.label("place_kind"),
            IdeaPlace.address,
            IdeaPlace.points,
            IdeaPlace.north,
            IdeaPlace.east,
        )
        .join(Engagement, Engagement.id == Contribution.engagement_id)
        .outerjoin(idea, idea.c.id == Contribution.id)
        .outerjoin(
            standing,
            sa.and_(
                standing.c.group_id == idea.c.group_id, standing.c.is_listed, ~idea.c.is_listed
            ),
        )
        .outerjoin(comment, comment.c.id == Contribution.id)
        .outerjoin(IdeaPlace, IdeaPlace.idea_id == Contribution.id)
        .outerjoin(statement, statement.c.id == Contribution.id)
        .where(
            Engagement.municipality_id == municipality_id,
            Engagement.opens_at <= at,
            published(),
            ~is_seed(),
        )
        .order_by(Contribution.engagement_id, Contribution.id)
    )


def _is_after(place: tuple[int, uuid.UUID]) -> sa.ColumnElement[bool]:
    return sa.tuple_(Contribution.engagement_id, Contribution.id) > sa.tuple_(
        sa.literal(place[0]), sa.literal(place[1], Contribution.id.type)
    )


def _shown_elements(strategy_id: int, at: datetime) -> sa.Select[int]:
    """The elements that have been in force, or that an opened engagement is about."""
    worded = (
        sa.select(ElementWording.element_id)
        .join(StrategyVersion, StrategyVersion.id == ElementWording.version_id)
        .where(StrategyVersion.status.in_(PUBLIC))
    )
    return sa.select(Element.id).where(
        Element.strategy_id == strategy_id,
        sa.or_(Element.id.in_(worded), Element.id.in_(opened_elements(strategy_id, at))),
    )


def _codes_of(
    session: Session, ids: Sequence[uuid.UUID], shown_elements: sa.Select[int]
) -> dict[uuid.UUID, list[str]]:
    codes: dict[uuid.UUID, list[str]] = defaultdict(list)
    if not ids:
        return codes
    for one, code in session.execute(
        sa.select(ContributionElement.contribution_id, Element.code)
        .join(Element, Element.id == ContributionElement.element_id)
        .where(ContributionElement.contribution_id.in_(ids), Element.id.in_(shown_elements))
        .order_by(Element.kind, Element.number)
    ):
        codes[one].append(code)
    return codes


def _read(row: Any, codes: dict[uuid.UUID, list[str]]) -> Contributed:
    return Contributed(
        kind=row.kind,
        number=row.number,
        engagement=row.engagement,
        slug=row.slug,
        received_on=clock.local_date(row.received_at).isoformat(),
        language=row.language,
        title=row.title or "",
        text=row.text,
        rewording=row.rewording or "",
        stance=row.stance.value if row.stance else "",
        supports=row.supports,
        # The people of a group stand once, with the idea that stands for it.
        people=row.people if row.equal_to is None else None,
        equal_to=row.equal_to,
        elements=" ".join(codes[row.id]),
        place=_placed(row) if row.place_kind else None,
        organisation=row.organisation_name,
    )


def _placed(row: Any) -> Placed:
    is_drawn = row.north is not None
    points = tuple(Point(*pair) for pair in row.points)
    return Placed(
        kind=row.place_kind,
        address=row.address,
        geometry=Geometry(Shape(row.place_kind.value), points) if is_drawn else None,
        centre=Point(row.north, row.east) if is_drawn else None,
    )


def releases_of(session: Session, municipality_id: int) -> list[Released]:
    """Return the published engagements that have results, the newest results first."""
    newest = sa.func.max(Aggregate.released_at)
    rows = session.execute(
        sa.select(Engagement.title, Engagement.slug, newest)
        .join(Aggregate, Aggregate.engagement_id == Engagement.id)
        .where(Engagement.municipality_id == municipality_id, Engagement.published_at.is_not(None))
        .group_by(Engagement.id, Engagement.title, Engagement.slug)
        .order_by(newest.desc(), Engagement.id)
        .limit(MOST_RELEASES)
    )
    return [Released(*row) for row in rows]
