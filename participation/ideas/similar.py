"""Ideas that are like what somebody writes: by the word stems that both have.

The rarest stems find the candidates, so the work stays the same however many ideas there are;
then everything that a candidate shares with the text is weighed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

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
_TITLE_COUNTS = 2.0


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
    found = _candidates(session, call_id, weights, containing, in_title)
    likest: dict[uuid.UUID, float] = {}
    present = _stems_of(session, [idea.id for idea in found])
    for idea in found:
        whole = likeness(_emphasised(weights, in_title), present[idea.id])
        titles = likeness({stem: weights[stem] for stem in in_title}, set(stems(idea.title)))
        likest[idea.id] = max(whole / LIKE, titles / TITLES_LIKE)
    alike = [idea for idea in found if likest[idea.id] >= 1]
    best = sorted(alike, key=lambda idea: (-likest[idea.id], idea.number))
    return list(_one_of_each_group(best))[:limit]


def _one_of_each_group(ideas: Iterable[Idea]) -> Iterator[Idea]:
    seen: set[int] = set()
    for idea in ideas:
        if idea.group_id is None or idea.group_id not in seen:
            yield idea
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
    session: Session,
    call_id: int,
    weights: Mapping[str, float],
    containing: Mapping[str, int],
    in_title: Collection[str],
) -> list[Idea]:
    """Return the published ideas that share the most of the rarest stems."""
    emphasised = _emphasised(weights, in_title)
    rarest = {stem: emphasised[stem] for stem in _rarest(containing)}
    if not rarest:
        return []
    weight = sa.case(
        {stem: sa.literal(value, sa.Float) for stem, value in rarest.items()},
        value=IdeaStem.stem,
        else_=sa.literal(0.0, sa.Float),
    )
    shared = sa.func.sum(weight)
    best = session.scalars(
        sa.select(IdeaStem.idea_id)
        .where(IdeaStem.idea_call_id == call_id, IdeaStem.stem.in_(rarest))
        .group_by(IdeaStem.idea_id)
        .order_by(shared.desc(), IdeaStem.idea_id)
        .limit(_MOST_ROWS)
    ).all()
    # Nearly always the first are public. Asking for them by name keeps the answer quick even where
    # the database has no statistics of its tables yet.
    found = _published(session, best[: 2 * _CANDIDATES])
    if len(found) < _CANDIDATES:
        found += _published(session, best[2 * _CANDIDATES :])
    return found[:_CANDIDATES]


def _published(session: Session, idea_ids: Sequence[uuid.UUID]) -> list[Idea]:
    """Return the ideas of these that are published, in the same order."""
    if not idea_ids:
        return []
    rows = session.scalars(sa.select(Idea).where(Idea.id.in_(idea_ids), published()))
    ideas = {idea.id: idea for idea in rows}
    return [ideas[idea_id] for idea_id in idea_ids if idea_id in ideas]


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


def _stems_of(session: Session, idea_ids: list[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    found: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    rows = session.execute(
        sa.select(IdeaStem.idea_id, IdeaStem.stem).where(IdeaStem.idea_id.in_(idea_ids))
    )
    for idea_id, stem in rows:
        found[idea_id].add(stem)
    return found
