"""The ideas of the demo town's people, as they send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from participation.accounts.models import Account
from participation.contributions.models import Channel
from participation.foundation.geometry import read_geometry
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.images import ReadyImage, ready_image
from participation.ideas.models import CallField, FieldKind, Idea, IdeaCall
from participation.ideas.operations import open_call, submit_idea
from participation.ideas.placing import ChosenPlace
from participation.maintenance.demo.afterwards import change, discuss, put_together, support
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.staging import (
    elements_of,
    mark_of,
    moderate,
    moments_of,
    plan_of,
    publish,
    submission,
)
from participation.maintenance.demo.texts import read_file


def ask_for_ideas(stage: Stage, texts: dict[str, Any], staff: dict[str, Account]) -> IdeaCall:
    """Open a call, let people send their ideas, moderate, discuss and support them."""
    plan = plan_of(stage, texts)
    call = open_call(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        question=texts["question"],
        guide="\n".join(texts.get("guide", ())),
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    asked = [add_field(stage.session, call=call, draft=_field(words)) for words in _fields(texts)]
    publish(stage, call, staff["strategie"], texts)
    ideas = _ideas(stage, call, asked, texts["ideas"], staff["moderation"])
    for idea, words in zip(ideas, texts["ideas"], strict=True):
        discuss(stage, idea, words.get("comments", ()), staff["moderation"])
        change(stage, idea, words, staff["moderation"])
    support(stage, call, ideas, texts)
    put_together(stage, ideas, texts, staff["moderation"])
    return call


def _fields(texts: dict[str, Any]) -> Sequence[dict[str, Any]]:
    fields: Sequence[dict[str, Any]] = texts.get("fields", ())
    return fields


def _field(words: dict[str, Any]) -> FieldDraft:
    return FieldDraft(
        kind=FieldKind(words["kind"]),
        label=words["label"],
        help=words.get("help", ""),
        choices=tuple(words.get("choices", ())),
        is_public=words["public"],
    )


def _ideas(
    stage: Stage,
    call: IdeaCall,
    asked: Sequence[CallField],
    words: Sequence[dict[str, Any]],
    moderator: Account,
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
            images=_images(idea_words.get("images", ())),
            asked=asked,
            answers=_answers(asked, idea_words.get("answers", ())),
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


def _images(words: Sequence[dict[str, str]]) -> list[ReadyImage]:
    ready = [(ready_image(read_file(one["file"])), one["shows"]) for one in words]
    return [ReadyImage(image.content, image.small, shows) for image, shows in ready]


def _answers(asked: Sequence[CallField], answers: Sequence[str]) -> dict[int, str]:
    return {field.id: text for field, text in zip(asked, answers, strict=False) if text}
