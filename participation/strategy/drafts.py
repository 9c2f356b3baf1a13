"""Which drafts that were put out for comment are given up. The room above that knows says so."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

# Returns the ids of the versions in consultation, of one strategy, that are given up.
Find = Callable[[Session, int], set[int]]
_finds: list[Find] = []


def finds_given_up(find: Find) -> Find:
    """Register the decorated function."""
    _finds.append(find)
    return find


def given_up_drafts(session: Session, strategy_id: int) -> set[int]:
    """Return the ids of the drafts that nobody pursues any more."""
    return set().union(*(find(session, strategy_id) for find in _finds))
