"""How far ideas have come, for a list of them: one query whatever their number."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.insights.equals import citations
from participation.revisions.models import (
    AnsweredFinding,
    Change,
    ChangeReason,
    Disposition,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.strategy.models import StrategyVersion


class IdeaState(enum.Enum):
    """How far an idea has come, as far as everybody may know."""

    OPEN = "open"
    IN_FINDING = "in_finding"
    ANSWERED = "answered"
    IN_STRATEGY = "in_strategy"


@dataclass(frozen=True)
class Standing:
    """What a published idea has reached: a finding, an answer, a version of the strategy."""

    is_in_finding: bool = False
    disposition: Disposition | None = None
    version: int | None = None

    @property
    def state(self) -> IdeaState:
        """The furthest that it has come."""
        if self.version is not None:
            return IdeaState.IN_STRATEGY
        if self.disposition is not None:
            return IdeaState.ANSWERED
        return IdeaState.IN_FINDING if self.is_in_finding else IdeaState.OPEN

    @property
    def is_refused(self) -> bool:
        """Whether its way has ended with an answer."""
        return self.disposition is Disposition.NOT_ADOPTED and self.version is None


def standings(session: Session, idea_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """Return how far published ideas have come; only what is public counts."""
    found = {idea_id: Standing() for idea_id in idea_ids}
    if not found:
        return found
    cites = citations(list(found))
    rows = session.execute(
        sa.select(cites.c.contribution_id, OfficialAnswer.disposition, StrategyVersion.number)
        .outerjoin(AnsweredFinding, AnsweredFinding.finding_id == cites.c.finding_id)
        .outerjoin(
            OfficialAnswer,
            sa.and_(
                OfficialAnswer.id == AnsweredFinding.answer_id,
                OfficialAnswer.published_at.is_not(None),
            ),
        )
        .outerjoin(ChangeReason, ChangeReason.finding_id == cites.c.finding_id)
        .outerjoin(Change, Change.id == ChangeReason.change_id)
        .outerjoin(
            Revision,
            sa.and_(Revision.id == Change.revision_id, Revision.status == RevisionStatus.ADOPTED),
        )
        .outerjoin(StrategyVersion, StrategyVersion.id == Revision.resulting_version_id)
        .order_by(OfficialAnswer.id, StrategyVersion.number)
    )
    for idea_id, disposition, version in rows:
        found[idea_id] = _further(found[idea_id], disposition, version)
    return found


def _further(before: Standing, disposition: Disposition | None, version: int | None) -> Standing:
    """The outer joins leave empty what was not reached."""
    return Standing(
        is_in_finding=True,
        disposition=disposition or before.disposition,
        version=version or before.version,
    )
