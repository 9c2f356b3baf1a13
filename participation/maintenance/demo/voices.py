"""What the people of the demo town said: ideas, answers, comments and votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from participation.accounts.models import Account
from participation.comments.models import Comment, CommentRound, Stance, VoteChoice
from participation.comments.operations import open_round, submit_comment
from participation.comments.passages import PassageDraft
from participation.comments.queries import passages_of
from participation.comments.voting import cast_vote
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.engagements.marks import participation_mark
from participation.engagements.models import Engagement
from participation.engagements.operations import publish_engagement
from participation.engagements.plans import EngagementPlan
from participation.engagements.wordings import put_easy_text
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import open_call, submit_idea, support_idea
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.texts import read_texts
from participation.moderation.models import Action, Ground
from participation.moderation.operations import decide
from participation.strategy.models import Element
from participation.strategy.queries import get_element
from participation.surveys.building import QuestionDraft, add_question, open_survey
from participation.surveys.models import QuestionKind, Survey
from participation.surveys.operations import take_in
from participation.surveys.queries import questionnaire_of
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.sheets import Sheet

_OPENING_TIME, _CLOSING_TIME = time(8), time(23, 59)


def ask_for_ideas(stage: Stage, texts: dict[str, Any], staff: dict[str, Account]) -> IdeaCall:
    """Open a call, let people send their ideas, moderate and support them."""
    plan = _plan(stage, texts)
    call = open_call(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        question=texts["question"],
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    _publish(stage, call, staff["strategie"], texts)
    moments = _moments(stage, call, len(texts["ideas"]))
    for number, (idea_texts, at) in enumerate(zip(texts["ideas"], moments, strict=True)):
        submitted = submit_idea(
            stage.session,
            call=call,
            title=idea_texts["title"],
            text=idea_texts["text"],
            elements=_elements(stage, idea_texts["about"]),
            author=None,
            submission=_submission(stage),
            key=stage.key,
            at=at,
            mark=_mark(stage, call, "contribution", number),
        )
        _moderate(stage, submitted.idea, idea_texts, staff["moderation"], at)
        _support(stage, submitted.idea, idea_texts["supports"])
    return call


def ask_questions(stage: Stage, texts: dict[str, Any], staff: dict[str, Account]) -> Survey:
    """Open a survey and let people answer it, each day's answers together."""
    plan = _plan(stage, texts)
    survey = open_survey(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    for question in texts["questions"]:
        add_question(stage.session, survey=survey, draft=_question(stage, question))
    _publish(stage, survey, staff["strategie"], texts)
    questionnaire = questionnaire_of(stage.session, survey.id, answering=True)
    sheets = list(_sheets(stage, questionnaire, texts))
    moments = _moments(stage, survey, 10)
    for number, at in enumerate(moments):
        taken = take_in(
            stage.session,
            survey=survey,
            sheets=sheets[number::10],
            channel=Channel.ONLINE,
            day=at.date(),
        )
        for remark in taken.remarks:
            contribution = stage.session.get_one(Contribution, remark)
            _moderate(stage, contribution, {}, staff["moderation"], at)
    return survey


def ask_for_comments(stage: Stage, staff: dict[str, Account]) -> CommentRound:
    """Open a round on a draft, let people comment and vote on the comments."""
    texts = read_texts("comments")
    plan = _plan(stage, texts)
    element = _elements(stage, ["M-09"])[0]
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
    _publish(stage, comment_round, staff["strategie"], texts)
    passages = passages_of(stage.session, comment_round.id)
    comments = []
    moments = _moments(stage, comment_round, len(texts["comments"]))
    for number, (words, at) in enumerate(zip(texts["comments"], moments, strict=True)):
        submitted = submit_comment(
            stage.session,
            round=comment_round,
            anchor=passages[words["passage"] - 1],
            stance=Stance(words["stance"]),
            text=words["text"],
            rewording=words.get("rewording", ""),
            author=None,
            submission=_submission(stage),
            key=stage.key,
            at=at,
            mark=_mark(stage, comment_round, "contribution", number),
        )
        _moderate(stage, submitted.comment, words, staff["moderation"], at)
        comments.append(submitted.comment)
    shown = [one for one in comments if one.status is ContributionStatus.PUBLISHED]
    _vote(stage, comment_round, shown, texts["voters"])
    return comment_round


def _plan(stage: Stage, texts: dict[str, Any]) -> EngagementPlan:
    closes_in = -texts["closed_days_ago"] if "closed_days_ago" in texts else texts["closes_in_days"]
    return EngagementPlan(
        title=texts["title"],
        summary=texts["summary"],
        scope_open=texts["scope_open"],
        scope_closed=texts["scope_closed"],
        opens_at=_at(stage.ago(texts["opened_days_ago"]), _OPENING_TIME),
        closes_at=_at(stage.ago(-closes_in), _CLOSING_TIME),
        elements=tuple(_elements(stage, texts["about"])),
    )


def _at(day: datetime, hour: time) -> datetime:
    """Return an hour of that day where the town is."""
    return datetime.combine(local_date(day), hour, LOCAL_ZONE).astimezone(UTC)


def _elements(stage: Stage, codes: Sequence[str]) -> list[Element]:
    strategy = stage.strategy()
    return [get_element(stage.session, strategy.id, code) for code in codes]


def _publish(stage: Stage, engagement: Engagement, actor: Account, texts: dict[str, Any]) -> None:
    if "easy" in texts:
        put_easy_text(
            stage.session,
            engagement=engagement,
            words=texts["easy"],
            actor=actor,
            at=engagement.opens_at - timedelta(days=1),
        )
    publish_engagement(
        stage.session,
        engagement=engagement,
        actor=actor,
        at=engagement.opens_at - timedelta(days=1),
    )


def _moments(stage: Stage, engagement: Engagement, number: int) -> list[datetime]:
    """Return moments at which people took part, in order, while the engagement was open."""
    begin = engagement.opens_at
    end = min(engagement.closes_at, stage.now - timedelta(hours=1))
    return sorted(begin + (end - begin) * stage.dice.random() for _ in range(number))


def _moderate(
    stage: Stage, contribution: Contribution, words: dict[str, Any], actor: Account, at: datetime
) -> None:
    if words.get("pending") or contribution.status is not ContributionStatus.PENDING:
        return
    rejected = words.get("rejected")
    decide(
        stage.session,
        contribution=contribution,
        action=Action.REJECT if rejected else Action.PUBLISH,
        ground=Ground(rejected) if rejected else None,
        note=words.get("note", ""),
        actor=actor,
        at=min(at + timedelta(hours=stage.dice.randint(1, 20)), stage.now),
    )


def _support(stage: Stage, idea: Idea, number: int) -> None:
    if idea.status is not ContributionStatus.PUBLISHED:
        return
    for one in range(number):
        support_idea(
            stage.session,
            idea=idea,
            supporter=_mark(stage, idea.engagement, "support", one),
            at=idea.engagement.closes_at - timedelta(minutes=1),
            account=None,
            mark=_mark(stage, idea.engagement, "contribution", one),
        )


def _question(stage: Stage, words: dict[str, Any]) -> QuestionDraft:
    return QuestionDraft(
        kind=QuestionKind(words["kind"]),
        text=words["text"],
        choices=tuple(words.get("choices", ())),
        points=words.get("points", 5),
        low=words.get("low", ""),
        high=words.get("high", ""),
        required=words.get("required", False),
        elements=tuple(_elements(stage, words["about"])),
    )


def _sheets(stage: Stage, questionnaire: Questionnaire, texts: dict[str, Any]) -> Iterator[Sheet]:
    pairs = list(zip(questionnaire.questions, texts["questions"], strict=True))
    for number in range(texts["responses"]):
        choices = {
            asked.code: _ticks(stage, asked, words["weights"])
            for asked, words in pairs
            if "weights" in words and (asked.required or stage.dice.random() < 0.95)
        }
        texts_written = {
            asked.code: words["remarks"][number]
            for asked, words in pairs
            if number < len(words.get("remarks", ()))
        }
        yield Sheet(choices={k: v for k, v in choices.items() if v}, texts=texts_written)


def _ticks(stage: Stage, asked: AskedQuestion, weights: Sequence[int]) -> tuple[str, ...]:
    codes = [choice.code for choice in asked.choices]
    if asked.kind is QuestionKind.MULTIPLE:
        pairs = zip(codes, weights, strict=True)
        return tuple(code for code, weight in pairs if stage.dice.random() * 100 < weight)
    return tuple(stage.dice.choices(codes, weights))


def _vote(
    stage: Stage, comment_round: CommentRound, comments: Sequence[Comment], voters: int
) -> None:
    leaning = {comment.id: stage.dice.random() for comment in comments}
    at = stage.now - timedelta(hours=2)
    for number in range(voters):
        voter = _mark(stage, comment_round, "vote", number)
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
                mark=_mark(stage, comment_round, "contribution", number),
            )


def _submission(stage: Stage) -> str:
    return f"{stage.dice.getrandbits(128):032x}"


def _mark(stage: Stage, engagement: Engagement, purpose: str, number: int) -> str:
    return participation_mark(stage.key, engagement.id, purpose, f"browser:demo-{number}")
