"""Correct what an idea is about: a citizen may have chosen the wrong element, or none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.changes import lock
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import Conflict
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.parts import check_elements, read_anew
from participation.journal.operations import record
from participation.strategy.models import Element

_OVER = frozenset({ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN})


def may_be_assigned(idea: Idea) -> bool:
    """Tell whether it still matters what an idea is about."""
    return idea.status not in _OVER


def correct_elements(
    session: Session, *, idea: Idea, elements: Collection[Element], actor: Account, at: datetime
) -> bool:
    """Say anew which elements of its call an idea is about; False if it was about these before.

    An element that the call dropped stays. Raises Refused for an element of elsewhere, and
    Conflict for an idea that was rejected or withdrawn.
    """
    lock(session, idea)
    if not may_be_assigned(idea):
        raise Conflict("Diese Idee ist abgelehnt oder zurückgezogen. Ihr Bezug bleibt, wie er ist.")
    call = session.get_one(IdeaCall, idea.idea_call_id)
    check_elements(call, elements)
    read_anew(session, idea)
    before = set(idea.elements)
    after = {*elements, *(one for one in before if one not in call.elements)}
    if after == before:
        return False
    idea.elements = sorted(after, key=lambda element: (element.kind, element.number))
    idea.elements_corrected_at = at
    session.flush()
    record(
        session,
        at=at,
        action="idea.elements_corrected",
        subject=f"contribution:{idea.id}",
        municipality_id=call.municipality_id,
        actor_id=actor.id,
        facts={"before": _codes(before), "after": _codes(after)},
    )
    return True


def _codes(elements: Collection[Element]) -> list[str]:
    return sorted(element.code for element in elements)
