"""What the receipt of an idea shows besides its fate: its images, and what may be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution
from participation.engagements.models import Engagement
from participation.ideas.image_fields import as_address
from participation.ideas.images import images_of
from participation.ideas.models import Idea, IdeaCall, IdeaWording
from participation.ideas.wordings import may_edit, refused_wording, waiting_wording
from participation.moderation.models import Ground, ModerationDecision


@dataclass(frozen=True)
class OwnImage:
    """An image in the page itself, so that it has no address; and why nobody else sees it."""

    src: str
    shows: str
    ground: Ground | None


@dataclass(frozen=True)
class OwnIdea:
    """What only its author sees of an idea."""

    images: list[OwnImage]
    may_edit: bool
    waiting: IdeaWording | None
    refused: ModerationDecision | None


def own_idea(
    session: Session, contribution: Contribution, engagement: Engagement, at: datetime
) -> OwnIdea | None:
    """Return what an author sees of their idea; None for what is none."""
    if not isinstance(contribution, Idea) or not isinstance(engagement, IdeaCall):
        return None
    images = [
        OwnImage(
            as_address(image.small),
            image.shows,
            Ground(image.removed_for) if image.removed_for else None,
        )
        for image in images_of(session, contribution.id, with_small=True)
    ]
    return OwnIdea(
        images,
        may_edit(contribution, engagement, at=at),
        waiting_wording(session, contribution.id),
        _why_refused(session, contribution),
    )


def _why_refused(session: Session, idea: Idea) -> ModerationDecision | None:
    refused = refused_wording(session, idea)
    if refused is None:
        return None
    return session.scalars(
        sa.select(ModerationDecision)
        .where(ModerationDecision.wording_id == refused.id, ModerationDecision.undone_at.is_(None))
        .order_by(ModerationDecision.id.desc())
        .limit(1)
    ).first()
