"""The words of the ideas and comments that released results list, as far as they are public.

A release itself keeps numbers and ids only, so that what is withdrawn later is gone everywhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Contribution
from participation.contributions.queries import published
from participation.foundation.excerpts import excerpt
from participation.ideas.models import Idea
from participation.insights.aggregation_comments import most_divided
from participation.insights.results import IdeaList, IdeaRow, Result, VoteRow, VoteTable

# So many of a list are shown as bars; nobody compares more by eye.
MOST_ROWS = 8
_LONGEST = 120

# The titles of ideas alone, without the joins of their class.
_idea = Idea.__table__


@dataclass(frozen=True)
class Words:
    """A contribution's title, or the beginning of its text, in its language."""

    text: str
    language: str


def _listed_first(result: IdeaList | VoteTable) -> Iterable[IdeaRow | VoteRow]:
    if isinstance(result, IdeaList):
        return result.rows[:MOST_ROWS]
    return [*result.rows[:MOST_ROWS], *most_divided(result)]


def words_listed(session: Session, results: Iterable[Result]) -> Mapping[str, Words]:
    """Return the words of all that the results list first, by id; what is gone has none."""
    ids = {
        uuid.UUID(hex=row.id)
        for result in results
        if isinstance(result, IdeaList | VoteTable)
        for row in _listed_first(result)
    }
    if not ids:
        return {}
    rows = session.execute(
        sa.select(
            Contribution.id,
            sa.func.coalesce(_idea.c.title, Contribution.text),
            Contribution.language,
        )
        .outerjoin(_idea, _idea.c.id == Contribution.id)
        .where(Contribution.id.in_(ids), published())
    )
    return {one.hex: Words(excerpt(text, _LONGEST), language) for one, text, language in rows}
