"""Who may support an idea, and what an idea may hold. Predicates only."""

from __future__ import annotations

from datetime import datetime

from participation.accounts.models import Account
from participation.contributions.models import ContributionStatus
from participation.engagements.policy import may_take_part
from participation.ideas.models import Idea, IdeaCall

LONGEST_TITLE = 120
LONGEST_TEXT = 4000
MOST_IMAGES = 3
LARGEST_IMAGE = 12 * 1024 * 1024
LONGEST_SHOWS = 300


def may_support(idea: Idea, call: IdeaCall, *, at: datetime, account: Account | None) -> bool:
    """Tell whether somebody may support an idea: it is published and its call is open."""
    is_shown = idea.status is ContributionStatus.PUBLISHED
    return is_shown and may_take_part(call, at=at, account=account)
