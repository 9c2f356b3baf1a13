"""Search among the ideas of a call: by word stems, the same ones that similar ideas share.

The stems stand in a table of both databases, so both find the same, and a withdrawn idea can be
found no more from the moment of its withdrawal.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from participation.analysis.similarity import stems
from participation.contributions.models import ContributionStatus
from participation.ideas.groups import asked_of_each, some_equal, standing_for
from participation.ideas.models import Idea, IdeaStem

LONGEST_SEARCH = 100
# Each further word costs another look into the index and leaves out hardly anything.
_MOST_WORDS = 6
# From how many ideas on a list asks each idea for a word, and not the word for its ideas.
_COMMON = 2_000
# An idea has a number of fewer digits.
_LONGEST_NUMBER = 10
# Sorts behind every text that begins with the same characters.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class SoughtStem:
    """A stem that somebody looks for, and how many ideas have it; very many are not counted."""

    stem: str
    count: int

    @property
    def is_common(self) -> bool:
        """Whether very many ideas have it."""
        return self.count > _COMMON


def stems_of(words: str) -> tuple[str, ...]:
    """Return the different stems that somebody looks for; none if all words say too little."""
    return tuple(dict.fromkeys(stems(words[:LONGEST_SEARCH])))[:_MOST_WORDS]


def seek(session: Session, call_id: int, words: str) -> tuple[SoughtStem, ...]:
    """Return what somebody looks for in a call, in one query whatever the number of words."""
    few = few_with(call_id, words)
    if not few:
        return ()
    counts = [sa.select(sa.func.count()).select_from(rows).scalar_subquery() for rows in few]
    return sought_stems(words, session.execute(sa.select(*counts)).one())


def few_with(call_id: int, words: str) -> list[sa.Subquery]:
    """Return for each stem that somebody looks for the ideas to count.

    Counted no further than to what is common; ideas with many forms of a word count twice.
    """
    return [_with(call_id, stem).limit(_COMMON + 1).subquery() for stem in stems_of(words)]


def sought_stems(words: str, counts: Sequence[int]) -> tuple[SoughtStem, ...]:
    """Return what somebody looks for, from the numbers of ideas of `few_with`."""
    return tuple(
        SoughtStem(stem, count) for stem, count in zip(stems_of(words), counts, strict=True)
    )


def contains(call_id: int, sought: SoughtStem) -> sa.ColumnElement[bool]:
    """Return the condition that an idea has a word that begins with a stem.

    Words that go on are found too, because German joins words: "Rad" finds "Radweg". A list
    that is read in its order finds enough ideas with a common word among the first ones; for a
    rare word it would go through all of them, so the word is asked for its ideas. What one idea
    of a group says finds the one that stands for it.
    """
    if sought.is_common:
        equal = aliased(Idea.__table__)
        return sa.or_(_has(Idea.id, sought.stem), some_equal(equal, _has(equal.c.id, sought.stem)))
    return Idea.id.in_(standing_for(_with(call_id, sought.stem)))


def _with(call_id: int, stem: str) -> sa.Select[uuid.UUID]:
    return sa.select(IdeaStem.idea_id).where(IdeaStem.idea_call_id == call_id, *_begins_with(stem))


def _has(
    idea_id: sa.ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID], stem: str
) -> sa.ColumnElement[bool]:
    return asked_of_each(
        sa.select(IdeaStem.stem).where(IdeaStem.idea_id == idea_id, *_begins_with(stem))
    )


def _begins_with(stem: str) -> tuple[sa.ColumnElement[bool], ...]:
    return IdeaStem.stem >= stem, IdeaStem.stem < stem + _LAST


def found_by_staff(session: Session, call_id: int, words: str, *, limit: int) -> Sequence[Idea]:
    """Return the ideas of a call that staff looks for: by number, or with all of the words.

    In whatever state, but for what was rejected or withdrawn.
    """
    rows = sa.select(Idea).where(
        Idea.idea_call_id == call_id,
        Idea.status.not_in([ContributionStatus.REJECTED, ContributionStatus.WITHDRAWN]),
    )
    wanted = words.strip().removeprefix("#")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < _LONGEST_NUMBER:
        return session.scalars(rows.where(Idea.number == int(wanted))).all()
    stems_wanted = stems_of(words)
    if not stems_wanted:
        return ()
    has_all = (Idea.id.in_(_with(call_id, stem)) for stem in stems_wanted)
    return session.scalars(rows.where(*has_all).order_by(Idea.number).limit(limit)).all()
