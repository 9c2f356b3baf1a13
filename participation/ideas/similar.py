"""Ideas that are like what somebody writes: by the word stems that both have.

The rarest stems find the candidates, so the work stays the same however many ideas there are;
then everything that a candidate shares with the text is weighed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.similarity import likeness, rarity, stems
from participation.contributions.queries import published
from participation.ideas.models import Idea, IdeaCall, IdeaStem

# From here on two texts, or two titles, are about the same. Of 4,000 random pairs of the ideas
# of a real call 0.7 % reach the one or the other.
LIKE = 0.2
TITLES_LIKE = 0.35
# A long text has hundreds of stems; the rarest of them say enough.
_MOST_STEMS = 40
# How many rows of the index the candidates come from; the rarest stem counts in any case.
_MOST_ROWS = 4_000
# How many ideas with the most in common are looked at more closely.
_CANDIDATES = 60
_FIRST = 2 * _CANDIDATES
_TITLE_COUNTS = 2.0


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: uuid.UUID
    number: int
    title: str
    group_id: int | None


def similar_ideas(
    session: Session, *, call_id: int, title: str, text: str, limit: int = 5
) -> list[Idea]:
    """Return published ideas of a call that are like a text, best first.

    A rare stem counts more than a common one, one of the title twice, and a long idea less
    than a short one that shares as much. Like titles are enough, because somebody who has typed
    only a title wants to know as well.
    """
    in_title = set(stems(title))
    asked = in_title | set(stems(text))
    if not asked:
        return []
    containing = _containing(session, call_id, asked)
    total = session.scalar(sa.select(IdeaCall.last_number).where(IdeaCall.id == call_id)) or 0
    weights = {stem: rarity(total, containing.get(stem, 0)) for stem in asked}
    emphasised = _emphasised(weights, in_title)
    found = _candidates(session, call_id, emphasised, containing)
    present = _present(session, found, asked)
    titled = {stem: weights[stem] for stem in in_title}
    likest: dict[uuid.UUID, float] = {}
    for idea in found:
        whole = likeness(emphasised, *present[idea.id])
        titles = likeness(titled, set(stems(idea.title)))
        likest[idea.id] = max(whole / LIKE, titles / TITLES_LIKE)
    alike = [idea for idea in found if likest[idea.id] >= 1]
    best = sorted(alike, key=lambda idea: (-likest[idea.id], idea.number))
    return _read(session, list(_one_of_each_group(best))[:limit])


def _one_of_each_group(candidates: Iterable[_Candidate]) -> Iterator[uuid.UUID]:
    seen: set[int] = set()
    for idea in candidates:
        if idea.group_id is None or idea.group_id not in seen:
            yield idea.id
        if idea.group_id is not None:
            seen.add(idea.group_id)


def _emphasised(weights: Mapping[str, float], in_title: Collection[str]) -> dict[str, float]:
    return {
        stem: weight * (_TITLE_COUNTS if stem in in_title else 1.0)
        for stem, weight in weights.items()
    }


def _containing(session: Session, call_id: int, asked: Iterable[str]) -> dict[str, int]:
    """Return how many ideas of a call have each stem, of those that one has."""
    rows = session.execute(
        sa.select(IdeaStem.stem, sa.func.count())
        .where(IdeaStem.idea_call_id == call_id, IdeaStem.stem.in_(asked))
        .group_by(IdeaStem.stem)
    )
    return dict(rows.all())


def _candidates(
    session: Session, call_id: int, emphasised: Mapping[str, float], containing: Mapping[str, int]
) -> list[_Candidate]:
    """Return the published ideas that share the most of the rarest stems."""
    rarest = {stem: emphasised[stem] for stem in _rarest(containing)}
    if not rarest:
        return []
    weight = sa.case(
        {stem: sa.literal(value, sa.Float) for stem, value in rarest.items()},
        value=IdeaStem.stem,
        else_=sa.literal(0.0, sa.Float),
    )
    best = (
        sa.select(IdeaStem.idea_id)
        .where(IdeaStem.idea_call_id == call_id, IdeaStem.stem.in_(rarest))
        .group_by(IdeaStem.idea_id)
        .order_by(sa.func.sum(weight).desc(), IdeaStem.idea_id)
    )
    # Nearly always the first are public. Asking for them by name keeps the answer quick even where
    # the database has no statistics of its tables yet.
    first = session.scalars(best.limit(_FIRST)).all()
    found = _published(session, first)
    if len(found) < _CANDIDATES and len(first) == _FIRST:
        others = session.scalars(best.offset(_FIRST).limit(_MOST_ROWS - _FIRST)).all()
        found += _published(session, others)
    return found[:_CANDIDATES]


def _published(session: Session, idea_ids: Sequence[uuid.UUID]) -> list[_Candidate]:
    """Return the ideas of these that are published, in the same order."""
    if not idea_ids:
        return []
    rows = session.execute(
        sa.select(Idea.id, Idea.number, Idea.title, Idea.group_id).where(
            Idea.id.in_(idea_ids), published()
        )
    )
    ideas = {row.id: _Candidate(*row) for row in rows}
    return [ideas[idea_id] for idea_id in idea_ids if idea_id in ideas]


def _read(session: Session, idea_ids: Sequence[uuid.UUID]) -> list[Idea]:
    """Return ideas in the order of their ids."""
    if not idea_ids:
        return []
    ideas = {
        idea.id: idea for idea in session.scalars(sa.select(Idea).where(Idea.id.in_(idea_ids)))
    }
    return [ideas[idea_id] for idea_id in idea_ids]


def _rarest(containing: Mapping[str, int]) -> list[str]:
    """Return the rarest stems that stand in as many rows as one may look at."""
    chosen: list[str] = []
    rows = 0
    for stem in sorted(containing, key=lambda stem: (containing[stem], stem))[:_MOST_STEMS]:
        rows += containing[stem]
        if chosen and rows > _MOST_ROWS:
            break
        chosen.append(stem)
    return chosen


def _present(
    session: Session, candidates: Sequence[_Candidate], asked: Collection[str]
) -> dict[uuid.UUID, tuple[set[str], int]]:
    """Return which of the stems asked for each candidate has, and how many stems in all."""
    if not candidates:
        return {}
    is_asked = sa.case((IdeaStem.stem.in_(asked), IdeaStem.stem))
    rows = session.execute(
        sa.select(IdeaStem.idea_id, sa.func.aggregate_strings(is_asked, " "), sa.func.count())
        .where(IdeaStem.idea_id.in_([idea.id for idea in candidates]))
        .group_by(IdeaStem.idea_id)
    )
    return {idea_id: (set((shared or "").split()), number) for idea_id, shared, number in rows}
