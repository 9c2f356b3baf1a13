"""What the people of the demo town said: ideas, comments and votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from participation.accounts.models import Account
from participation.comments.models import Comment, CommentRound, Stance, VoteChoice
from participation.comments.operations import open_round, submit_comment
from participation.comments.passages import PassageDraft
from participation.comments.queries import passages_of
from participation.comments.voting import cast_vote
from participation.contributions.models import ContributionStatus
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import open_call, submit_idea, support_idea
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
from participation.maintenance.demo.texts import read_texts


def ask_for_ideas(stage: Stage, texts: dict[str, Any], staff: dict[str, Account]) -> IdeaCall:
    """Open a call, let people send their ideas, moderate and support them."""
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
    moments = moments_of(stage, call, len(texts["ideas"]))
    for number, (idea_texts, at) in enumerate(zip(texts["ideas"], moments, strict=True)):
        submitted = submit_idea(
            stage.session,
            call=call,
            title=idea_texts["title"],
            text=idea_texts["text"],
            elements=elements_of(stage, idea_texts["about"]),
            author=None,
            submission=submission(stage),
            key=stage.key,
            at=at,
            mark=mark_of(stage, call, "contribution", number),
        )
        moderate(stage, submitted.idea, idea_texts, staff["moderation"], at)
        _support(stage, submitted.idea, idea_texts["supports"])
    return call


def ask_for_comments(stage: Stage, staff: dict[str, Account]) -> CommentRound:
    """Open a round on a draft, let people comment and vote on the comments."""
    texts = read_texts("comments")
    plan = plan_of(stage, texts)
    element = elements_of(stage, ["M-09"])[0]
    comment_round = open_round(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        passages=[
            PassageDraft(text=passage["text"], heading=passage["heading"], element=element)
            for passage in texts["passages"]
        ],
        voting=True,
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    publish(stage, comment_round, staff["strategie"], texts)
    passages = passages_of(stage.session, comment_round.id)
    comments = []
    moments = moments_of(stage, comment_round, len(texts["comments"]))
    for number, (words, at) in enumerate(zip(texts["comments"], moments, strict=True)):
        submitted = submit_comment(
            stage.session,
            round=comment_round,
            anchor=passages[words["passage"] - 1],
            stance=Stance(words["stance"]),
            text=words["text"],
            rewording=words.get("rewording", ""),
            author=None,
            submission=submission(stage),
            key=stage.key,
            at=at,
            mark=mark_of(stage, comment_round, "contribution", number),
        )
        moderate(stage, submitted.comment, words, staff["moderation"], at)
        comments.append(submitted.comment)
    shown = [one for one in comments if one.status is ContributionStatus.PUBLISHED]
    _vote(stage, comment_round, shown, texts["voters"])
    return comment_round


def _support(stage: Stage, idea: Idea, number: int) -> None:
    if idea.status is not ContributionStatus.PUBLISHED:
        return
    for one in range(number):
        support_idea(
            stage.session,
            idea=idea,
            supporter=mark_of(stage, idea.engagement, "support", one),
            at=idea.engagement.closes_at - timedelta(minutes=1),
            account=None,
            mark=mark_of(stage, idea.engagement, "contribution", one),
        )


def _vote(
    stage: Stage, comment_round: CommentRound, comments: Sequence[Comment], voters: int
) -> None:
    leaning = {comment.id: stage.dice.random() for comment in comments}
    at = stage.now - timedelta(hours=2)
    for number in range(voters):
        voter = mark_of(stage, comment_round, "vote", number)
        for comment in stage.dice.sample(list(comments), k=min(len(comments), 8)):
            agrees = stage.dice.random() < leaning[comment.id]
            passes = stage.dice.random() < 0.12
            choice = VoteChoice.AGREE if agrees else VoteChoice.DISAGREE
            cast_vote(
                stage.session,
                comment=comment,
                voter=voter,
                choice=VoteChoice.PASS if passes else choice,
                important=stage.dice.random() < 0.15,
                account=None,
                at=at,
                mark=mark_of(stage, comment_round, "contribution", number),
            )
