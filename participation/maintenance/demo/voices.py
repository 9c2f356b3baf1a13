"""The ideas of the demo town's people, what others said to them, and who supports them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from participation.accounts.models import Account
from participation.comments.operations import submit_comment
from participation.contributions.models import Channel, ContributionStatus
from participation.engagements.operations import note_imported_participants
from participation.foundation.geometry import read_geometry
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import open_call, submit_idea, support_idea
from participation.ideas.placing import ChosenPlace
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.staging import (
    elements_of,
    last_moment_of,
    mark_of,
    moderate,
    moments_of,
    plan_of,
    publish,
    submission,
)


def ask_for_ideas(stage: Stage, texts: dict[str, Any], staff: dict[str, Account]) -> IdeaCall:
    """Open a call, let people send their ideas, moderate, discuss and support them."""
    plan = plan_of(stage, texts)
    call = open_call(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        question=texts["question"],
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    publish(stage, call, staff["strategie"], texts)
    ideas = _ideas(stage, call, texts["ideas"], staff["moderation"])
    for idea, words in zip(ideas, texts["ideas"], strict=True):
        _discuss(stage, idea, words.get("comments", ()), staff["moderation"])
    _support(stage, call, ideas, texts)
    return call


def _ideas(
    stage: Stage, call: IdeaCall, words: Sequence[dict[str, Any]], moderator: Account
) -> list[Idea]:
    ideas = []
    moments = moments_of(stage, call, len(words))
    for number, (idea_words, at) in enumerate(zip(words, moments, strict=True)):
        submitted = submit_idea(
            stage.session,
            call=call,
            title=idea_words["title"],
            text=idea_words["text"],
            elements=elements_of(stage, idea_words["about"]),
            author=None,
            submission=submission(stage),
            key=stage.key,
            at=at,
            mark=mark_of(stage, call, "contribution", number),
            channel=Channel(idea_words.get("channel", Channel.ONLINE.value)),
            origin=idea_words.get("origin", ""),
            place=_place(idea_words.get("where")),
        )
        moderate(stage, submitted.idea, idea_words, moderator, at)
        ideas.append(submitted.idea)
    return ideas


def _place(words: dict[str, Any] | None) -> ChosenPlace | None:
    if words is None:
        return None
    return ChosenPlace(
        is_everywhere=words.get("everywhere", False),
        address=words.get("address", ""),
        geometry=read_geometry(words.get("points", "")),
    )


def _discuss(stage: Stage, idea: Idea, comments: Sequence[str], moderator: Account) -> None:
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


def _support(stage: Stage, call: IdeaCall, ideas: Sequence[Idea], texts: dict[str, Any]) -> None:
    """Let each idea be supported by as many of the people who came as its words say."""
    at = last_moment_of(stage, call)
    supporters: set[int] = set()
    for idea, words in zip(ideas, texts["ideas"], strict=True):
        if idea.status is not ContributionStatus.PUBLISHED:
            continue
        for person in stage.dice.sample(range(texts["visitors"]), k=words["supports"]):
            support_idea(
                stage.session,
                idea=idea,
                supporter=mark_of(stage, call, "support", person),
                at=at,
                account=None,
            )
            supporters.add(person)
    # Who sent an idea is counted already.
    others = supporters - set(range(len(ideas)))
    marks = [mark_of(stage, call, "contribution", person) for person in others]
    note_imported_participants(stage.session, call, marks=marks)
