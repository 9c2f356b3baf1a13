"""Who may read evidence, record findings and release results: predicates, nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from participation.accounts.models import Role

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
