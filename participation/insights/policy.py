"""Who may record findings, and what a finding may rest on: predicates, nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus

READERS = frozenset({Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR})
LONGEST_SENTENCE = 300


def may_read_evidence(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may see the evidence pages of the strategy team."""
    return bool(READERS & set(roles))


def may_record_finding(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may state what the evidence says; the analyst decides nothing."""
    return Role.STRATEGIST in set(roles)


def may_release(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may release results to the public."""
    return Role.STRATEGIST in set(roles)


def may_be_cited(status: ContributionStatus) -> bool:
    """Tell whether a contribution may become evidence: only what the public can read."""
    return status is ContributionStatus.PUBLISHED


def is_gone(status: ContributionStatus) -> bool:
    """Tell whether cited evidence can no longer be read, so that its finding must say so."""
    return status is not ContributionStatus.PUBLISHED
