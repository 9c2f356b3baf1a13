"""Which ideas of a call seem to say the same, for staff to look at each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.analysis.duplicates import Statement, same_pairs
from participation.contributions.models import Contribution, ContributionStatus
from participation.ideas.models import Idea, IdeaCall, SuggestedPair

_AT_ONCE = 1_000
_MOST_PAIRS = 300
_MOST_SHOWN = 20
# So many of one suggestion are looked at together; the others come when these are decided.
_MOST_TOGETHER = 10
_NEVER = (ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN)

Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Suggestion:
    """Ideas that seem to say the same; `left` counts those that are not shown yet."""

    ideas: Sequence[Idea]
    left: int


class _Together:
    """What hangs together: each knows one that it hangs on, the first knows itself."""

    def __init__(self) -> None:
        self._on: dict[uuid.UUID, uuid.UUID] = {}

    def first_of(self, one: uuid.UUID) -> uuid.UUID:
        while (on := self._on.get(one, one)) != one:
            self._on[one] = self._on.get(on, on)
            one = on
        return one

    def join(self, one: uuid.UUID, other: uuid.UUID) -> bool:
        """Hang two together; return False if they did before."""
        first, second = self.first_of(one), self.first_of(other)
        self._on[second] = first
        return first != second


@dataclass(frozen=True)
class Compared:
    """Which ideas of a call seem to say the same, among those up to a number."""

    number: int
    pairs: Sequence[Pair]


def compare(session: Session, call_id: int) -> Compared | None:
    """Look for ideas of a call that say the same; None if the call is gone. It writes nothing.

    Of many equal ones only so many pairs are returned as hang them together.
    """
    call = session.get(IdeaCall, call_id)
    if call is None:
        return None
    number = call.last_number
    ids = dict(_numbered(session, call_id))
    told_apart = _told_apart(session, call_id)
    together, found = _Together(), list[Pair]()
    for pair in same_pairs(list(_statements(session, call_id))):
        one, other = sorted((ids[int(pair.one)], ids[int(pair.other)]))
        if (one, other) not in told_apart and together.join(one, other):
            found.append((one, other))
    return Compared(number, found)


def keep_compared(session: Session, call_id: int, compared: Compared) -> int:
    """Store for staff which ideas seem to say the same; return how many pairs.

    What was told apart or is gone since they were compared is left out.
    """
    call = session.get_one(IdeaCall, call_id)
    there = {idea_id for _number, idea_id in _numbered(session, call_id)}
    told_apart = _told_apart(session, call_id)
    found = [pair for pair in compared.pairs if pair not in told_apart and there.issuperset(pair)]
    session.execute(
        sa.delete(SuggestedPair).where(
            SuggestedPair.idea_call_id == call.id, SuggestedPair.dismissed_at.is_(None)
        )
    )
    if found:
        session.execute(
            sa.insert(cast("sa.Table", SuggestedPair.__table__)),
            [{"idea_call_id": call.id, "one_id": one, "other_id": other} for one, other in found],
        )
    call.compared_number = compared.number
    session.flush()
    return len(found)


def suggestions(session: Session, call_id: int) -> list[Suggestion]:
    """Return what seems to say the same and is not grouped yet, the oldest first."""
    one, other = aliased(Idea), aliased(Idea)
    pairs = session.execute(
        sa.select(SuggestedPair.one_id, SuggestedPair.other_id)
        .join(one, one.id == SuggestedPair.one_id)
        .join(other, other.id == SuggestedPair.other_id)
        .where(
            SuggestedPair.idea_call_id == call_id,
            SuggestedPair.dismissed_at.is_(None),
            one.status.not_in(_NEVER),
            other.status.not_in(_NEVER),
            sa.or_(
                one.group_id.is_(None), other.group_id.is_(None), one.group_id != other.group_id
            ),
        )
        .order_by(SuggestedPair.one_id, SuggestedPair.other_id)
        .limit(_MOST_PAIRS)
    ).all()
    clusters = _clusters((row[0], row[1]) for row in pairs)
    wanted = [idea_id for cluster in clusters for idea_id in cluster]
    ideas = {idea.id: idea for idea in session.scalars(sa.select(Idea).where(Idea.id.in_(wanted)))}
    found = [
        sorted((ideas[idea_id] for idea_id in cluster), key=lambda idea: idea.number)
        for cluster in clusters
    ]
    found.sort(key=lambda cluster: cluster[0].number)
    return [
        Suggestion(cluster[:_MOST_TOGETHER], max(0, len(cluster) - _MOST_TOGETHER))
        for cluster in found[:_MOST_SHOWN]
    ]


def _clusters(pairs: Iterable[Pair]) -> list[list[uuid.UUID]]:
    together, every = _Together(), dict[uuid.UUID, None]()
    for one, other in pairs:
        together.join(one, other)
        every |= {one: None, other: None}
    clusters: dict[uuid.UUID, list[uuid.UUID]] = {}
    for idea_id in every:
        clusters.setdefault(together.first_of(idea_id), []).append(idea_id)
    return list(clusters.values())


def _numbered(session: Session, call_id: int) -> Iterable[tuple[int, uuid.UUID]]:
    rows = session.execute(
        sa.select(Idea.number, Idea.id).where(
            Idea.idea_call_id == call_id, Contribution.status.not_in(_NEVER)
        )
    )
    return ((row[0], row[1]) for row in rows)


def _statements(session: Session, call_id: int) -> Iterable[Statement]:
    rows = session.execute(
        sa.select(Idea.number, Idea.title, Idea.text)
        .where(Idea.idea_call_id == call_id, Contribution.status.not_in(_NEVER))
        .order_by(Idea.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for number, title, text in rows:
        yield Statement(str(number), text, title=title)


def _told_apart(session: Session, call_id: int) -> set[Pair]:
    rows = session.execute(
        sa.select(SuggestedPair.one_id, SuggestedPair.other_id).where(
            SuggestedPair.idea_call_id == call_id, SuggestedPair.dismissed_at.is_not(None)
        )
    )
    return {(row[0], row[1]) for row in rows}
