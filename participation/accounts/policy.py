"""Who may: predicates over roles, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from participation.accounts.models import Account, Role

STAFF = frozenset(Role)
# Who may sign or decide as the second person beside the one in the lead.
SECOND_PERSON = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})


def is_staff(roles: Iterable[Role]) -> bool:
    """Tell whether somebody works for the municipality."""
    return bool(STAFF & set(roles))


def may_be_second_person(roles: Iterable[Role]) -> bool:
    """Tell whether somebody may confirm what another member has signed."""
    return bool(SECOND_PERSON & set(roles))


def has_second_person(members: Sequence[tuple[Account, Role]]) -> bool:
    """Tell whether two different people can sign: a strategist and a second person."""
    leads = {account.id for account, role in members if role is Role.STRATEGIST}
    seconds = {account.id for account, role in members if role in SECOND_PERSON}
    return any(lead != second for lead in leads for second in seconds)
