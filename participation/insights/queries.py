"""What is read about released results, findings and the evidence for them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, with_polymorphic

from participation.accounts.models import Account, Role
from participation.accounts.queries import roles_of
from participation.contributions.models import (
    Contribution,
    ContributionElement,
    ContributionKind,
)
from participation.contributions.queries import by_people, published
from participation.engagements.models import Engagement
from participation.foundation.errors import NotFound
from participation.insights.equals import citations, with_their_equals
from participation.insights.models import (
    Aggregate,
    AggregateElement,
    Evidence,
    Finding,
    FindingElement,
)
from participation.insights.said import counts_about

PAGE = 25
MOST_FINDINGS = 200
MOST_AGGREGATES = 40

# Where a list of contributions goes on: the moment and id of the last one shown.
PlaceInList = tuple[datetime, uuid.UUID]


@dataclass(frozen=True)
class EvidenceCount:
    """On how much a finding rests. `gone` counts cited contributions nobody can read any more.

    What organisations stated is counted in `stated` and nowhere else.
    """

    ideas: int = 0
    comments: int = 0
    remarks: int = 0
    aggregates: int = 0
    gone: int = 0
    stated: int = 0

    @property
    def contributions(self) -> int:
        return self.ideas + self.comments + self.remarks + self.stated

    @property
    def has_lost_all(self) -> bool:
        """Whether nothing that the finding rests on can be read any more."""
        return bool(self.gone) and not self.contributions and not self.aggregates


@dataclass(frozen=True)
class EvidencePage:
    """What is about an element, over all formats; one page of the contributions."""

    aggregates: Sequence[Aggregate]
    contributions: Sequence[Contribution]
    cited_by: Mapping[uuid.UUID, Sequence[str]]
    counts: Mapping[ContributionKind, int]
    next_place: PlaceInList | None


def roles_of_actor(
    session: Session, actor: Account | None, municipality_id: int
) -> frozenset[Role]:
    """Return what roles an actor has; nobody at all is the operator, who may do everything."""
    return roles_of(session, actor.id, municipality_id) if actor else frozenset(Role)


def released(session: Session, engagement: Engagement) -> Sequence[Aggregate]:
    """Return the newest release of an engagement in the order of its questions."""
    newest = (
        sa.select(sa.func.max(Aggregate.release))
        .where(Aggregate.engagement_id == engagement.id)
        .scalar_subquery()
    )
    return session.scalars(
        sa.select(Aggregate)
        .where(Aggregate.engagement_id == engagement.id, Aggregate.release == newest)
        .order_by(Aggregate.position, Aggregate.id)
    ).all()


def aggregates_about(
    session: Session, element_id: int, limit: int = MOST_AGGREGATES
) -> Sequence[Aggregate]:
    """Return the results about an element, of each published engagement's newest release."""
    later = aliased(Aggregate)
    is_superseded = sa.exists().where(
        later.engagement_id == Aggregate.engagement_id, later.release > Aggregate.release
    )
    return session.scalars(
        sa.select(Aggregate)
        .join(AggregateElement, AggregateElement.aggregate_id == Aggregate.id)
        .join(Aggregate.engagement)
        .where(
            AggregateElement.element_id == element_id,
            Engagement.published_at.is_not(None),
            ~is_superseded,
        )
        .options(contains_eager(Aggregate.engagement))
        .order_by(Aggregate.released_at.desc(), Aggregate.position, Aggregate.id)
        .limit(limit)
    ).all()


def evidence_for(
    session: Session,
    element_id: int,
    *,
    kind: ContributionKind | None = None,
    uncited: bool = False,
    after: PlaceInList | None = None,
    limit: int = PAGE,
) -> EvidencePage:
    """Return what is about an element: released results, and published contributions.

    The contributions are filtered by kind and by whether no finding cites them yet, the newest
    first, one page after a place in the list.
    """
    anything = with_polymorphic(Contribution, "*")
    chosen = [published(), ContributionElement.element_id == element_id]
    if kind is not None:
        chosen.append(Contribution.kind == kind)
    if uncited:
        cited = sa.select(Evidence.contribution_id).where(Evidence.contribution_id.is_not(None))
        chosen.append(Contribution.id.not_in(with_their_equals(cited)))
    if after is not None:
        chosen.append(
            sa.tuple_(Contribution.published_at, Contribution.id)
            < sa.tuple_(
                sa.literal(after[0], Contribution.published_at.type),
                sa.literal(after[1], Contribution.id.type),
            )
        )
    rows = session.scalars(
        sa.select(anything)
        .join(ContributionElement, ContributionElement.contribution_id == Contribution.id)
        .where(*chosen)
        .options(joinedload(anything.engagement))
        .order_by(Contribution.published_at.desc(), Contribution.id.desc())
        .limit(limit + 1)
    ).all()
    shown = list(rows[:limit])
    return EvidencePage(
        aggregates=aggregates_about(session, element_id),
        contributions=shown,
        cited_by=codes_citing(session, [one.id for one in shown]),
        counts=counts_about(session, element_id),
        next_place=_place_of(shown[-1]) if len(rows) > limit else None,
    )


def _place_of(contribution: Contribution) -> PlaceInList | None:
    published_at = contribution.published_at
    return (published_at, contribution.id) if published_at else None


def contributions_by_id(
    session: Session, municipality_id: int, ids: Iterable[uuid.UUID]
) -> Sequence[Contribution]:
    """Return the contributions that somebody chose, each with its engagement."""
    return session.scalars(
        sa.select(Contribution)
        .join(Contribution.engagement)
        .where(Contribution.id.in_(set(ids)), Engagement.municipality_id == municipality_id)
        .options(contains_eager(Contribution.engagement))
    ).all()


def count_published(session: Session, ids: Iterable[uuid.UUID]) -> int:
    """Return how many of these contributions the public can read."""
    return session.scalars(
        sa.select(sa.func.count(Contribution.id)).where(Contribution.id.in_(set(ids)), published())
    ).one()


def aggregates_by_id(
    session: Session, municipality_id: int, ids: Iterable[int]
) -> Sequence[Aggregate]:
    """Return the results that somebody chose, each with its engagement."""
    return session.scalars(
        sa.select(Aggregate)
        .join(Aggregate.engagement)
        .where(Aggregate.id.in_(set(ids)), Engagement.municipality_id == municipality_id)
        .options(contains_eager(Aggregate.engagement))
    ).all()


def codes_citing(
    session: Session, contribution_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[str]]:
    """Return the codes of the findings that cite each contribution, or one equal to it."""
    cites = citations(contribution_ids)
    rows = session.execute(
        sa.select(cites.c.contribution_id, Finding.number)
        .join(Finding, Finding.id == cites.c.finding_id)
        .order_by(Finding.number)
    )
    codes: dict[uuid.UUID, list[str]] = defaultdict(list)
    for contribution_id, number in rows:
        codes[contribution_id].append(f"E-{number}")
    return codes


def get_finding(session: Session, strategy_id: int, number: int) -> Finding:
    """Return a finding by the number that people cite. Raises NotFound."""
    found = session.scalars(
        sa.select(Finding).where(Finding.strategy_id == strategy_id, Finding.number == number)
    ).first()
    if found is None:
        raise NotFound(f"Die Erkenntnis E-{number} gibt es nicht.")
    return found


def findings_of(
    session: Session, strategy_id: int, *, below: int | None = None, limit: int = PAGE
) -> Sequence[Finding]:
    """Return findings of a strategy with their elements, the newest first."""
    query = sa.select(Finding).where(Finding.strategy_id == strategy_id)
    if below is not None:
        query = query.where(Finding.number < below)
    return session.scalars(
        query.options(sa.orm.selectinload(Finding.elements))
        .order_by(Finding.number.desc())
        .limit(limit)
    ).all()


def findings_about(
    session: Session, element_id: int, limit: int = MOST_FINDINGS
) -> Sequence[Finding]:
    """Return the findings about an element, the newest first."""
    return session.scalars(
        sa.select(Finding)
        .join(FindingElement, FindingElement.finding_id == Finding.id)
        .where(FindingElement.element_id == element_id)
        .order_by(Finding.number.desc())
        .limit(limit)
    ).all()


def evidence_counts(session: Session, finding_ids: Sequence[int]) -> Mapping[int, EvidenceCount]:
    """Return on how much each finding rests; only published contributions are counted."""
    rows = session.execute(
        sa.select(Evidence.finding_id, *count_columns())
        .outerjoin(Contribution, Contribution.id == Evidence.contribution_id)
        .where(Evidence.finding_id.in_(finding_ids))
        .group_by(Evidence.finding_id)
    )
    counts = {finding_id: EvidenceCount(*numbers) for finding_id, *numbers in rows}
    return defaultdict(EvidenceCount, counts)


def count_columns() -> list[sa.ColumnElement[int]]:
    """Return the sums that make an `EvidenceCount`, over evidence joined to contributions."""

    def of(kind: ContributionKind) -> sa.ColumnElement[int]:
        return _sum(sa.and_(Contribution.kind == kind, by_people(), published()))

    return [
        of(ContributionKind.IDEA),
        of(ContributionKind.COMMENT),
        of(ContributionKind.SURVEY_REMARK),
        _sum(Evidence.aggregate_id.is_not(None)),
        _sum(sa.and_(Evidence.contribution_id.is_not(None), ~published())),
        _sum(sa.and_(~by_people(), published())),
    ]


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def evidence_of(session: Session, finding_id: int) -> Sequence[Evidence]:
    """Return everything that a finding cites, also what is gone, with what it needs to be shown."""
    return session.scalars(
        sa.select(Evidence)
        .where(Evidence.finding_id == finding_id)
        .options(
            joinedload(Evidence.aggregate).joinedload(Aggregate.engagement),
            sa.orm.selectinload(Evidence.contribution).options(
                sa.orm.selectin_polymorphic(Contribution, list(Contribution.__subclasses__())),
                joinedload(Contribution.engagement),
            ),
        )
        .order_by(Evidence.id)
    ).all()


def weakened_findings(session: Session, strategy_id: int) -> Sequence[Finding]:
    """Return the findings of which a cited contribution is no longer public."""
    is_weakened = sa.exists().where(
        Evidence.finding_id == Finding.id,
        Evidence.contribution_id == Contribution.id,
        ~published(),
    )
    return session.scalars(
        sa.select(Finding)
        .where(Finding.strategy_id == strategy_id, is_weakened)
        .order_by(Finding.number)
        .limit(MOST_FINDINGS)
    ).all()


def is_finally_released(session: Session, engagement_id: int) -> bool:
    """Tell whether the final results are out, so that nothing can be taken out of them."""
    final = sa.exists().where(Aggregate.engagement_id == engagement_id, Aggregate.final)
    return bool(session.scalar(sa.select(final)))


@dataclass(frozen=True)
class NewestRelease:
    """The newest release of an engagement: how many results, when, and whether the last one."""

    results: int
    released_at: datetime
    final: bool


def newest_releases(session: Session, engagement_ids: Sequence[int]) -> dict[int, NewestRelease]:
    """Return the newest release of each engagement that has one."""
    rows = session.execute(
        sa.select(
            Aggregate.engagement_id,
            Aggregate.release,
            sa.func.count(),
            sa.func.max(Aggregate.released_at),
            sa.func.max(sa.case((Aggregate.final, 1), else_=0)),
        )
        .where(Aggregate.engagement_id.in_(engagement_ids))
        .group_by(Aggregate.engagement_id, Aggregate.release)
        .order_by(Aggregate.engagement_id, Aggregate.release)
    )
    return {
        engagement_id: NewestRelease(count, released_at, bool(final))
        for engagement_id, _release, count, released_at, final in rows
    }
