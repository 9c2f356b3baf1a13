"""Who may build a survey, and when its wording is locked. Predicates only."""

from __future__ import annotations

from collections.abc import Iterable

from participation.accounts.models import Role

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


def wording_is_locked(responses: int) -> bool:
    """Tell whether questions stay as they are: from the first response on.

    Changed later, an answer would count for words that nobody read.
    """
    return responses > 0
