"""The comment rounds of the demo town: a text, opening statements, comments, answers, votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from participation.accounts.models import Account
from participation.comments import queries
from participation.comments.hearings import add_phase, begin_hearing, hearings_of
from participation.comments.importing import ImportedVote
from participation.comments.models import Comment, CommentRound, Stance, VoteChoice
from participation.comments.operations import (
    Anchor,
    cast_vote,
    import_votes,
    open_round,
    submit_comment,
)
from participation.comments.passages import PassageDraft, passages_of
from participation.comments.seeds import sow
from participation.contributions.models import Channel, ContributionStatus
from participation.engagements.operations import note_imported_participants
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
from participation.maintenance.demo.statements import ask_organisations
from participation.strategy.models import StrategyVersion
from participation.strategy.queries import adopted_version, contents_of

# Which part of the voters is of the first camp, and which part of the votes takes no side.
_FIRST_CAMP, _PASSING = 0.58, 0.12
_FEWEST_VOTES = 7
# One vote of so many matters most to who cast it.
_EACH_IMPORTANT_VOTE = 40


def ask_for_comments(
    stage: Stage, texts: dict[str, Any], staff: dict[str, Account]
) -> CommentRound:
    """Open a round on a text, let people comment on it, answer, and vote on what was said."""
    plan = plan_of(stage, texts)
    version = adopted_version(stage.session, stage.strategy().id) if "strategy" in texts else None
    comment_round = open_round(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        passages=_passages(stage, texts, version),
        version=version,
        voting="voters" in texts,
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    if "hearing" in texts:
        _make_phase(stage, comment_round, texts["hearing"], staff["strategie"])
    seeds = _sow(stage, comment_round, texts, staff["strategie"])
    publish(stage, comment_round, staff["strategie"], texts)
    ask_organisations(stage, comment_round, texts, staff)
    moderator = staff["moderation"]
    comments = _comments(stage, comment_round, texts["comments"], moderator)
    answers = _answer(stage, comment_round, comments, texts["comments"], moderator)
    if "voters" not in texts:
        return comment_round
    said = zip([*seeds, *comments], [*texts["seeds"], *texts["comments"]], strict=True)
    statements = [
        (comment, words["agree"])
        for comment, words in said
        if comment.status is ContributionStatus.PUBLISHED
    ]
    voters = range(texts["voters"])
    _vote(stage, comment_round, statements, voters)
    # Who wrote a comment or an answer is counted already.
    others = voters[len(comments) + answers :]
    marks = [mark_of(stage, comment_round, "contribution", number) for number in others]
    note_imported_participants(stage.session, comment_round, marks=marks)
    return comment_round


def _make_phase(
    stage: Stage, comment_round: CommentRound, words: dict[str, Any], actor: Account
) -> None:
    """Make a round the first phase of a hearing, or the next one of that which is there."""
    at = comment_round.opens_at - timedelta(days=2)
    known = hearings_of(stage.session, stage.municipality.id)
    for hearing in known:
        if hearing.title == words["title"]:
            add_phase(
                stage.session,
                hearing=hearing,
                comment_round=comment_round,
                note=words["note"],
                actor=actor,
                at=at,
            )
            return
    begin_hearing(
        stage.session,
        comment_round=comment_round,
        title=words["title"],
        summary=words["summary"],
        actor=actor,
        at=at,
    )


def _sow(
    stage: Stage, comment_round: CommentRound, texts: dict[str, Any], actor: Account
) -> list[Comment]:
    if "seeds" not in texts:
        return []
    return sow(
        stage.session,
        comment_round=comment_round,
        statements=[seed["text"] for seed in texts["seeds"]],
        actor=actor,
        at=comment_round.opens_at - timedelta(days=2),
    )


def _passages(
    stage: Stage, texts: dict[str, Any], version: StrategyVersion | None
) -> list[PassageDraft]:
    if version is not None:
        contents = contents_of(stage.session, version.id)
        chosen = [contents[code] for code in texts["strategy"]]
        return passages_of(chosen, by_paragraph=True)
    (element,) = elements_of(stage, [texts["passages_about"]])
    return [
        PassageDraft(text=passage["text"], heading=passage["heading"], element=element)
        for passage in texts["passages"]
    ]


def _comments(
    stage: Stage, comment_round: CommentRound, words: Sequence[dict[str, Any]], moderator: Account
) -> list[Comment]:
    passages = queries.passages_of(stage.session, comment_round.id)
    moments = moments_of(stage, comment_round, len(words))
    return [
        _say(stage, comment_round, passages[said["passage"] - 1], said, number, at, moderator)
        for number, (said, at) in enumerate(zip(words, moments, strict=True))
    ]


def _answer(
    stage: Stage,
    comment_round: CommentRound,
    comments: Sequence[Comment],
    words: Sequence[dict[str, Any]],
    moderator: Account,
) -> int:
    """Let people answer comments a day later, and return how many answers there are."""
    answers = [
        (comment.received_at + timedelta(hours=hours), comment, text)
        for comment, said in zip(comments, words, strict=True)
        for hours, text in enumerate(said.get("answers", ()), start=22)
    ]
    answers.sort(key=lambda answer: answer[0])
    end = last_moment_of(stage, comment_round)
    for number, (at, comment, text) in enumerate(answers, start=len(comments)):
        said = {"text": text}
        _say(stage, comment_round, comment, said, number, min(at, end), moderator)
    return len(answers)


def _say(
    stage: Stage,
    comment_round: CommentRound,
    anchor: Anchor,
    said: dict[str, Any],
    number: int,
    at: datetime,
    moderator: Account,
) -> Comment:
    submitted = submit_comment(
        stage.session,
        round=comment_round,
        anchor=anchor,
        stance=Stance(said["stance"]) if "stance" in said else None,
        text=said["text"],
        rewording=said.get("rewording", ""),
        quote=said.get("quote", ""),
        author=None,
        submission=submission(stage),
        key=stage.key,
        at=at,
        mark=mark_of(stage, comment_round, "contribution", number),
        channel=Channel(said.get("channel", Channel.ONLINE.value)),
        origin=said.get("origin", ""),
    )
    moderate(stage, submitted.comment, said, moderator, at)
    return submitted.comment


def _vote(
    stage: Stage,
    comment_round: CommentRound,
    statements: Sequence[tuple[Comment, Sequence[int]]],
    voters: range,
) -> None:
    """Let people of two camps vote; who voted as one of the first has commented as well."""
    votes = list(_ballots(stage, comment_round, statements, voters))
    import_votes(stage.session, round=comment_round, rows=votes)
    by_id = {comment.id: comment for comment, _ in statements}
    for comment_id, voter, choice in votes[::_EACH_IMPORTANT_VOTE]:
        cast_vote(
            stage.session,
            comment=by_id[comment_id],
            voter=voter,
            choice=choice,
            important=True,
            account=None,
            at=last_moment_of(stage, comment_round),
        )


def _ballots(
    stage: Stage,
    comment_round: CommentRound,
    statements: Sequence[tuple[Comment, Sequence[int]]],
    voters: range,
) -> Iterator[ImportedVote]:
    dice = stage.dice
    for number in voters:
        voter = mark_of(stage, comment_round, "vote", number)
        camp = 0 if dice.random() < _FIRST_CAMP else 1
        seen = dice.randint(_FEWEST_VOTES, len(statements))
        for comment, agree in dice.sample(statements, k=seen):
            yield comment.id, voter, _choice(stage, agree[camp])


def _choice(stage: Stage, agree: int) -> VoteChoice:
    if stage.dice.random() < _PASSING:
        return VoteChoice.PASS
    return VoteChoice.AGREE if stage.dice.random() * 100 < agree else VoteChoice.DISAGREE
