"""What becomes of the demo town's ideas once they are sent: talked over, changed, put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from participation.accounts.models import Account
from participation.comments.operations import submit_comment
from participation.contributions.models import ContributionStatus
from participation.engagements.operations import note_imported_participants
from participation.ideas.grouping import group_ideas
from participation.ideas.models import Idea, IdeaCall, Support
from participation.ideas.wordings import change_idea
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.staging import (
    last_moment_of,
    mark_of,
    moderate,
    next_office_hour,
    submission,
)
from participation.moderation.models import Action
from participation.moderation.operations import decide

_UNTIL_CHANGED = timedelta(days=3)


def discuss(stage: Stage, idea: Idea, comments: Sequence[str], moderator: Account) -> None:
    """Let people say something to an idea."""
    for hours, text in enumerate(comments, start=30):
        at = min(idea.received_at + timedelta(hours=hours), last_moment_of(stage, idea.engagement))
        submitted = submit_comment(
            stage.session,
            round=None,
            anchor=idea,
            stance=None,
            text=text,
            author=None,
            submission=submission(stage),
            key=stage.key,
            at=at,
        )
        moderate(stage, submitted.comment, {}, moderator, at)


def change(stage: Stage, idea: Idea, words: dict[str, Any], moderator: Account) -> None:
    """Let an author write an idea anew after it was talked over, if its words say so."""
    if "now" not in words:
        return
    at = min(idea.received_at + _UNTIL_CHANGED, last_moment_of(stage, idea.engagement))
    change_idea(stage.session, idea=idea, title=idea.title, text=words["now"], at=at)
    decide(
        stage.session,
        contribution=idea,
        action=Action.PUBLISH,
        actor=moderator,
        at=min(next_office_hour(at + timedelta(hours=1)), stage.now),
    )


def put_together(
    stage: Stage, ideas: Sequence[Idea], texts: dict[str, Any], moderator: Account
) -> None:
    """Put those ideas together that say the same."""
    equal: dict[str, list[Idea]] = {}
    for idea, words in zip(ideas, texts["ideas"], strict=True):
        if "equal" in words:
            equal.setdefault(words["equal"], []).append(idea)
    for same in equal.values():
        newest = max(idea.received_at for idea in same)
        at = min(next_office_hour(newest + timedelta(days=1)), stage.now)
        group_ideas(stage.session, ideas=same, actor=moderator, at=at)


def support(stage: Stage, call: IdeaCall, ideas: Sequence[Idea], texts: dict[str, Any]) -> None:
    """Let each idea be supported by as many of the people who came as its words say.

    All are stored at once: one after the other they took a third of the time of the whole demo.
    No idea is in a group yet.
    """
    supporters: set[int] = set()
    rows: list[dict[str, Any]] = []
    for idea, words in zip(ideas, texts["ideas"], strict=True):
        if idea.status is not ContributionStatus.PUBLISHED:
            continue
        people = stage.dice.sample(range(texts["visitors"]), k=words["supports"])
        marks = sorted(mark_of(stage, call, "support", person) for person in people)
        rows += [{"idea_id": idea.id, "supporter": mark} for mark in marks]
        idea.supports = idea.people = len(marks)
        supporters.update(people)
    if rows:
        stage.session.execute(sa.insert(Support), rows)
    # Who sent an idea is counted already.
    others = supporters - set(range(len(ideas)))
    marks = [mark_of(stage, call, "contribution", person) for person in others]
    note_imported_participants(stage.session, call, marks=marks)
