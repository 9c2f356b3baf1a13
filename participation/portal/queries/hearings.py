"""A hearing as its page shows it: phase by phase, with what changed in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from participation.comments.hearings import (
    PartDifference,
    get_public_hearing,
    part_differences,
    phases_of,
)
from participation.comments.models import Comment, CommentRound, Hearing, HearingPhase
from participation.contributions.queries import by_people, published
from participation.engagements.models import EngagementState
from participation.revisions.consulted import DraftFate, fate_of_draft
from participation.revisions.wordings import TakenWordingOf, wordings_taken_from


@dataclass(frozen=True)
class PhaseView:
    """A phase: its round, how many comments it has, and what is different from the one before.

    `differences` is None in the first phase, and while the text of a phase is not shown yet.
    """

    phase: HearingPhase
    state: EngagementState
    comments: int
    differences: Sequence[PartDifference] | None

    @property
    def comment_round(self) -> CommentRound:
        """The round that the phase is."""
        return self.phase.comment_round


@dataclass(frozen=True)
class HearingPage:
    """A hearing with its public phases, what became of its last draft, and whose words it took."""

    hearing: Hearing
    phases: Sequence[PhaseView]
    fate: DraftFate | None
    credited: Sequence[TakenWordingOf]


def hearing_page(session: Session, municipality_id: int, slug: str, at: datetime) -> HearingPage:
    """Return a hearing in a fixed number of queries. Raises NotFound."""
    hearing = get_public_hearing(session, municipality_id, slug)
    phases = phases_of(session, hearing.id, public_only=True)
    rounds = [phase.comment_round for phase in phases]
    _load_passages(session, rounds)
    counts = _comments_in(session, [one.id for one in rounds])
    views: list[PhaseView] = []
    for place, phase in enumerate(phases):
        state = phase.comment_round.state_at(at)
        is_shown = place > 0 and state is not EngagementState.PLANNED
        views.append(
            PhaseView(
                phase,
                state,
                counts.get(phase.round_id, 0),
                part_differences(rounds[place - 1], rounds[place]) if is_shown else None,
            )
        )
    return HearingPage(
        hearing,
        views,
        fate_of_draft(session, rounds[-1].version),
        wordings_taken_from(session, [one.id for one in rounds]),
    )


def _load_passages(session: Session, rounds: Sequence[CommentRound]) -> None:
    session.scalars(
        sa.select(CommentRound)
        .where(CommentRound.id.in_([one.id for one in rounds]))
        .options(selectinload(CommentRound.passages))
    ).all()


def _comments_in(session: Session, round_ids: Sequence[int]) -> Mapping[int, int]:
    rows = session.execute(
        sa.select(Comment.discussion_id, sa.func.count())
        .where(Comment.discussion_id.in_(round_ids), ~Comment.is_seed, by_people(), published())
        .group_by(Comment.discussion_id)
    )
    return dict(rows.all())
