"""Exact numbers of published comments by invited group. They never leave the server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.comments.models import Comment, Stance
from participation.comments.queries import PassageKey
from participation.contributions.queries import let_stand


@dataclass(frozen=True)
class Said:
    """Where a comment hangs, which stance it takes, and for whom: a group, nobody's, or a body."""

    passage: PassageKey
    stance: Stance | None
    group_id: int | None
    is_stated: bool


def tallies_by_group(session: Session, round_id: int) -> Counter[Said]:
    """Count the published comments of a round and the answers to them, which take no stance."""
    parent = cast(sa.Table, Comment.__table__).alias("parent")
    passage_id = sa.func.coalesce(Comment.passage_id, parent.c.passage_id)
    group_id, is_stated = Comment.participant_group_id, Comment.statement_id.is_not(None)
    rows = session.execute(
        sa.select(passage_id, Comment.stance, Comment.level, group_id, is_stated, sa.func.count())
        .outerjoin(parent, parent.c.id == Comment.parent_id)
        .where(Comment.discussion_id == round_id, ~Comment.is_seed, let_stand())
        .group_by(passage_id, Comment.stance, Comment.level, group_id, is_stated)
    )
    counts: Counter[Said] = Counter()
    for key, stance, level, group, stated, number in rows:
        counts[Said(key, stance if level == 1 else None, group, bool(stated))] += number
    return counts
