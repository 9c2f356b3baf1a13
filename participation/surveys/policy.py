"""Who may build a survey, and when its wording is locked. Predicates only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from participation.accounts.models import Role
from participation.engagements.models import Audience, EngagementState
from participation.surveys.models import Survey

BUILDERS = frozenset({Role.STRATEGIST, Role.ADMINISTRATOR})
READERS = BUILDERS | {Role.ANALYST}
MOST_QUESTIONS = 80
MOST_CHOICES = 60
MOST_ROWS = 60
MOST_BUDGET = 1000
FEWEST_POINTS = 2
MOST_POINTS = 11


def may_build(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may write the questions of a survey."""
    return bool(BUILDERS & set(roles))


def may_see_totals(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may see totals while a survey runs."""
    return bool(READERS & set(roles))


def may_print(survey: Survey, *, at: datetime) -> bool:
    """Tell whether citizens may print a survey: while it is open to everybody.

    A slip carries no code, account or address. Where one of these is asked for, staff look at
    who hands it in, and hand out the form.
    """
    return survey.audience is Audience.OPEN and survey.state_at(at) is EngagementState.OPEN


def wording_is_locked(responses: int) -> bool:
    """Tell whether questions stay as they are: from the first response on.

    Changed later, an answer would count for words that nobody read.
    """
    return responses > 0
