"""What else changes when a contribution is shown or is shown no more.

The room of a kind says so: a number that it keeps must follow in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from participation.contributions.models import Contribution, ContributionKind

Kind = TypeVar("Kind", bound=Contribution)


@dataclass(frozen=True)
class _Room:
    """What a room does before a contribution may change, and after it has."""

    lock: Callable[[Session, Contribution], None]
    settle: Callable[[Session, Contribution], None]


_rooms: dict[ContributionKind, _Room] = {}


def goes_along(
    kind: type[Kind],
    *,
    lock: Callable[[Session, Kind], None],
    settle: Callable[[Session, Kind], None],
) -> None:
    """Register what goes along with a change of a kind.

    `lock` locks the contribution and what hangs on it, in an order that all keep, and reads it
    anew; `settle` is called when the change is written.
    """
    identity = ContributionKind(kind.__mapper__.polymorphic_identity)
    _rooms[identity] = _Room(lock, settle)  # type: ignore[arg-type]


def lock(session: Session, contribution: Contribution) -> None:
    """Let nobody else change a contribution until the transaction ends, and read it anew."""
    room = _rooms.get(contribution.kind)
    if room is not None:
        room.lock(session, contribution)
    else:
        session.refresh(contribution, with_for_update=True)


def settle(session: Session, contribution: Contribution) -> None:
    """Let everything follow that hangs on whether a contribution is shown."""
    session.flush()
    room = _rooms.get(contribution.kind)
    if room is not None:
        room.settle(session, contribution)
