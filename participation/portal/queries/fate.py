"""What a receipt's code leads to: a contribution and its fate, or a response and its remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import Comment
from participation.contributions.models import Contribution, ContributionStatus
from participation.contributions.queries import find_by_receipt
from participation.engagements.models import Engagement
from participation.engagements.queries import NamedElement, named
from participation.ideas.groups import SeenGroup, group_seen
from participation.ideas.models import Idea
from participation.insights.queries import is_finally_released
from participation.portal.queries.contributions import Readable, ideas_commented
from participation.portal.queries.outcomes import ChangedSentence, changed_sentences
from participation.revisions.queries import Fate, fate_of, fates_of
from participation.revisions.steps import MadeChange
from participation.revisions.wordings import TakenIn, taken_in
from participation.strategy.models import ElementKind, Milestone
from participation.surveys.answers import SurveyRemark, SurveyResponse
from participation.surveys.queries import find_response, remarks_of

# Looked up when what was typed is no code, so that this takes as long as any wrong code.
_NO_CODE = "0" * 20
_SHOWN = ContributionStatus.PUBLISHED


@dataclass(frozen=True)
class ContributionReceipt:
    """An idea or a comment, what became of it, and what comes next."""

    contribution: Contribution
    engagement: Engagement
    elements: Sequence[NamedElement]
    fate: Fate
    sentences: Sequence[ChangedSentence]
    titles: dict[str, str]
    milestone: Milestone | None
    readable: Readable
    group: SeenGroup | None
    taken: Sequence[TakenIn] = ()


@dataclass(frozen=True)
class ResponseReceipt:
    """A response to a survey: that it counts, and the fate of what was written with it."""

    response: SurveyResponse
    engagement: Engagement
    is_released: bool
    remarks: Sequence[tuple[SurveyRemark, Fate]]


Found = ContributionReceipt | ResponseReceipt


def look_up(
    session: Session, municipality_id: int, *, key: bytes, code: str | None, today: date
) -> Found | None:
    """Return what a code leads to in this municipality; None if nothing.

    Both tables are always asked, whatever was typed.
    """
    typed = code or _NO_CODE
    contribution = find_by_receipt(session, key, typed)
    response = find_response(session, key, typed)
    if contribution is not None:
        engagement = session.get_one(Engagement, contribution.engagement_id)
        if engagement.municipality_id == municipality_id:
            return _of_contribution(session, contribution, engagement, today)
    if response is not None:
        engagement = session.get_one(Engagement, response.survey_id)
        if engagement.municipality_id == municipality_id:
            return _of_response(session, response, engagement, key, typed)
    return None


def _of_contribution(
    session: Session, contribution: Contribution, engagement: Engagement, today: date
) -> ContributionReceipt:
    fate = fate_of(session, contribution)
    changes = fate.made_changes
    concerned = {one.id: one for one in contribution.elements}
    concerned |= {made.change.element.id: made.change.element for made in changes}
    names = named(session, concerned.values())
    numbers = ideas_commented(session, [contribution])
    return ContributionReceipt(
        contribution,
        engagement,
        [names[one.id] for one in contribution.elements],
        fate,
        changed_sentences(changes),
        {one.code: one.title for one in names.values()},
        _next_milestone(session, changes, today),
        Readable(contribution, numbers.get(contribution.id)),
        _group_of(session, contribution),
        taken_in(session, contribution) if isinstance(contribution, Comment) else (),
    )


def _group_of(session: Session, contribution: Contribution) -> SeenGroup | None:
    """Return the group of equal ideas, as long as this one is seen in it."""
    if not isinstance(contribution, Idea) or contribution.status is not _SHOWN:
        return None
    return group_seen(session, contribution)


def _of_response(
    session: Session,
    response: SurveyResponse,
    engagement: Engagement,
    key: bytes,
    code: str,
) -> ResponseReceipt:
    remarks = remarks_of(session, key, code, response)
    fates = fates_of(session, remarks)
    return ResponseReceipt(
        response,
        engagement,
        is_finally_released(session, engagement.id),
        [(remark, fates[remark.id]) for remark in remarks],
    )


def _next_milestone(
    session: Session, changes: Sequence[MadeChange], today: date
) -> Milestone | None:
    """Return the next milestone of the measures that changed."""
    measures = [
        made.change.element.id
        for made in changes
        if made.change.element.kind is ElementKind.MEASURE
    ]
    if not measures:
        return None
    return session.scalars(
        sa.select(Milestone)
        .where(
            Milestone.element_id.in_(measures),
            Milestone.reached_on.is_(None),
            Milestone.planned_on >= today,
        )
        .order_by(Milestone.planned_on, Milestone.id)
        .limit(1)
    ).first()
