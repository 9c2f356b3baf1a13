"""Where an import goes: a new, closed engagement, or one that is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import DutyText, Municipality
from participation.accounts.queries import missing_duty_texts
from participation.engagements.models import Engagement
from participation.engagements.operations import publish_engagement
from participation.engagements.plans import EngagementPlan
from participation.foundation.errors import NotFound, Refused
from participation.strategy.models import Element
from participation.strategy.policy import canonical_code
from participation.strategy.queries import elements_of, find_strategy

Kind = TypeVar("Kind", bound=Engagement)
Begin = Callable[[Municipality, EngagementPlan], Kind]


@dataclass(frozen=True)
class Target:
    """What the operator said about where an import goes."""

    municipality: str | None = None
    title: str | None = None
    about: tuple[str, ...] = ()
    engagement: str | None = None


@dataclass(frozen=True)
class Period:
    """From when until when something was collected, as far as that is known."""

    began: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True)
class Place(Generic[Kind]):
    """The engagement that an import fills, and the elements that it is about."""

    engagement: Kind
    elements: tuple[Element, ...]
    is_new: bool


def check_target(target: Target) -> None:
    """Raise Refused for options that say too little or contradict each other."""
    if target.engagement is not None:
        if target.title is not None:
            raise Refused("--title is for a new engagement; leave it out with --engagement")
        return
    if target.municipality is None:
        raise Refused("name the --municipality of the new engagement, or an --engagement to fill")
    if target.title is None:
        raise Refused("name the --title of the new engagement")


def find_place(
    session: Session,
    target: Target,
    *,
    of: type[Kind],
    begin: Begin[Kind],
    at: datetime,
    period: Period | None = None,
) -> Place[Kind]:
    """Return the engagement that is to be filled, locked; `begin` drafts it if it is new.

    Raises NotFound for a municipality, engagement or element that is not there, and Refused
    for an engagement of another kind or one that is not about the elements.
    """
    check_target(target)
    if target.engagement is not None:
        engagement = _find(session, of, target.engagement, target.municipality)
        elements = _elements(session, engagement.municipality, target.about)
        for element in elements:
            if element not in engagement.elements:
                raise Refused(f"the engagement “{engagement.slug}” is not about {element.code}")
        return Place(engagement, elements or tuple(engagement.elements), is_new=False)
    municipality = _municipality(session, target.municipality or "")
    elements = _elements(session, municipality, target.about)
    plan = closed_plan(target.title or "", elements, at=at, period=period or Period())
    return Place(begin(municipality, plan), elements, is_new=True)


def closed_plan(
    title: str, elements: Sequence[Element], *, at: datetime, period: Period
) -> EngagementPlan:
    """Return the plan of an engagement that is over; without dates it ended just now."""
    closes_at = min(period.ended or at, at)
    opens_at = min(period.began or closes_at - timedelta(days=1), closes_at - timedelta(seconds=1))
    return EngagementPlan(
        title=title, opens_at=opens_at, closes_at=closes_at, elements=tuple(elements)
    )


def publish_if_allowed(session: Session, engagement: Engagement, *, at: datetime) -> list[DutyText]:
    """Publish an imported engagement; return the duty texts for lack of which it stays a draft."""
    missing = missing_duty_texts(session, engagement.municipality_id)
    if not missing:
        publish_engagement(session, engagement=engagement, actor=None, at=at)
    return missing


def _municipality(session: Session, slug: str) -> Municipality:
    found = session.scalars(sa.select(Municipality).where(Municipality.slug == slug)).first()
    if found is None:
        raise NotFound(f"there is no municipality “{slug}”")
    return found


def _elements(
    session: Session, municipality: Municipality, codes: Sequence[str]
) -> tuple[Element, ...]:
    if not codes:
        return ()
    strategy = find_strategy(session, municipality.id)
    if strategy is None:
        raise NotFound(f"{municipality.name} has no strategy yet, so there is no {codes[0]}")
    wanted = {code: canonical_code(code) or code for code in codes}
    found = elements_of(session, strategy.id, wanted.values())
    for code, canonical in wanted.items():
        if canonical not in found:
            raise NotFound(f"the strategy of {municipality.name} has no element {code}")
    return tuple(found[code] for code in dict.fromkeys(wanted.values()))


def _find(session: Session, kind: type[Kind], slug: str, municipality: str | None) -> Kind:
    wanted = sa.select(Engagement).where(Engagement.slug == slug)
    if municipality is not None:
        wanted = wanted.where(Engagement.municipality_id == _municipality(session, municipality).id)
    found = session.scalars(wanted.limit(2)).all()
    if not found:
        raise NotFound(f"there is no engagement “{slug}”")
    if len(found) > 1:
        raise Refused(f"several municipalities have an engagement “{slug}”; name one of them")
    if not isinstance(found[0], kind):
        kind_found = found[0].kind.value.replace("_", " ")
        raise Refused(f"“{slug}” is of another kind: {kind_found}")
    _lock(session, found[0])
    return found[0]


def _lock(session: Session, engagement: Engagement) -> None:
    """Let a second import into the same engagement, and people who write there, wait for this.

    Whoever writes locks the row of the kind first, for its numbers, and then what is common.
    """
    for table in reversed(sa.inspect(type(engagement)).tables):
        row = sa.select(table.c.id).where(table.c.id == engagement.id)
        session.execute(row.with_for_update())
    session.refresh(engagement)
