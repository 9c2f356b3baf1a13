"""What the demo town made of what it heard: findings, answers, and the next versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from participation.accounts.models import Account
from participation.comments.models import Comment
from participation.engagements.models import Engagement
from participation.ideas.models import Idea
from participation.insights.models import Aggregate, AggregateKind, Finding
from participation.insights.operations import record_finding
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.texts import read_texts
from participation.revisions.answering import draft_answer, sign_answer
from participation.revisions.models import ChangeOperation, Disposition, Revision, StatedReason
from participation.revisions.operations import adopt, open_revision, propose_change
from participation.revisions.reasons import Place, Reason
from participation.strategy.content import ElementContent, Financing
from participation.strategy.models import FundingSource
from participation.strategy.operations import Resolution
from participation.strategy.queries import adopted_version, contents_of, get_element

FOUND_DAYS_AGO = 214
ANSWERED_DAYS_AGO = 206
ADOPTED_DAYS_AGO = 150
EARLY_DAYS_AGO = 420
NEXT_DAYS_AGO = 6
_SURVEY_OF_WINTER = "wege-ins-rathaus-2026"


def revise_early(stage: Stage, staff: dict[str, Account]) -> None:
    """Adopt version 2 for another reason than citizens: the money came."""
    _revise(
        stage,
        staff,
        read_texts("outcomes")["early_changes"],
        opened_days_ago=EARLY_DAYS_AGO + 40,
        adopted_days_ago=EARLY_DAYS_AGO,
    )


def draw_conclusions(stage: Stage, staff: dict[str, Account]) -> None:
    """Record the findings, answer them, revise the strategy and adopt version 3."""
    texts = read_texts("outcomes")
    findings = [_find(stage, words, staff["strategie"]) for words in texts["findings"]]
    for finding, words in zip(findings, texts["findings"], strict=True):
        _answer(stage, finding, words, staff)
    _revise(
        stage,
        staff,
        texts["changes"],
        findings,
        opened_days_ago=ANSWERED_DAYS_AGO - 1,
        adopted_days_ago=ADOPTED_DAYS_AGO,
    )


def begin_next_version(stage: Stage, staff: dict[str, Account]) -> None:
    """Open the work on version 4: findings to be answered, and changes of which one lacks a reason.

    The first finding has a draft of an answer, the others have none.
    """
    texts = read_texts("outcomes")
    findings = [
        _find(stage, words, staff["strategie"], days_ago=words["days_ago"])
        for words in texts["next_findings"]
    ]
    first = texts["next_findings"][0]
    draft_answer(
        stage.session,
        findings=findings[:1],
        disposition=Disposition(first["disposition"]),
        reasons=first["reasons"],
        actor=staff["analyse"],
        at=stage.ago(NEXT_DAYS_AGO - 2),
    )
    revision = _open(stage, staff, days_ago=NEXT_DAYS_AGO)
    for words in texts["next_changes"]:
        _change(stage, revision, words, findings, staff["analyse"], days_ago=NEXT_DAYS_AGO - 1)


def _revise(
    stage: Stage,
    staff: dict[str, Account],
    changes: Sequence[dict[str, Any]],
    findings: Sequence[Finding] = (),
    *,
    opened_days_ago: int,
    adopted_days_ago: int,
) -> None:
    revision = _open(stage, staff, days_ago=opened_days_ago)
    for words in changes:
        _change(stage, revision, words, findings, staff["strategie"], days_ago=opened_days_ago - 9)
    adopted_at = stage.ago(adopted_days_ago)
    adopt(
        stage.session,
        revision=revision,
        resolution=Resolution(
            "Stadtverordnetenversammlung", adopted_at.date(), f"{adopted_at.year}/118"
        ),
        actor=staff["strategie"],
        at=adopted_at,
    )


def _open(stage: Stage, staff: dict[str, Account], *, days_ago: int) -> Revision:
    return open_revision(
        stage.session,
        strategy=stage.strategy(),
        actor=staff["strategie"],
        at=stage.ago(days_ago),
    )


def _find(
    stage: Stage, words: dict[str, Any], actor: Account, *, days_ago: int = FOUND_DAYS_AGO
) -> Finding:
    strategy = stage.strategy()
    return record_finding(
        stage.session,
        strategy=strategy,
        sentence=words["sentence"],
        elements=[get_element(stage.session, strategy.id, code) for code in words["about"]],
        contributions=[*_ideas(stage, words), *_comments(stage, words)],
        aggregates=[*_tables(stage, words.get("question")), *_votes(stage, words.get("votes"))],
        actor=actor,
        at=stage.ago(days_ago),
    )


def _ideas(stage: Stage, words: dict[str, Any]) -> Sequence[Idea]:
    titles = words.get("ideas", ())
    found = stage.session.scalars(sa.select(Idea).where(Idea.title.in_(titles))).all()
    if len(found) != len(titles):
        raise LookupError(f"not each of these is an idea: {titles}")
    return found


def _comments(stage: Stage, words: dict[str, Any]) -> list[Comment]:
    """Return the comments that begin with these words."""
    return [
        stage.session.scalars(sa.select(Comment).where(Comment.text.startswith(beginning))).one()
        for beginning in words.get("comments", ())
    ]


def _votes(stage: Stage, subject: str | None) -> Sequence[Aggregate]:
    if subject is None:
        return []
    return stage.session.scalars(
        sa.select(Aggregate).where(
            Aggregate.kind == AggregateKind.VOTES, Aggregate.subject == subject
        )
    ).all()


def _tables(stage: Stage, question: int | None) -> list[Aggregate]:
    if question is None:
        return []
    released = stage.session.scalars(
        sa.select(Aggregate)
        .join(Engagement, Engagement.id == Aggregate.engagement_id)
        .where(
            Aggregate.kind == AggregateKind.SURVEY_QUESTION, Engagement.slug == _SURVEY_OF_WINTER
        )
        .order_by(Aggregate.position)
    ).all()
    return [released[question - 1]]


def _answer(
    stage: Stage, finding: Finding, words: dict[str, Any], staff: dict[str, Account]
) -> None:
    answer = draft_answer(
        stage.session,
        findings=[finding],
        disposition=Disposition(words["disposition"]),
        reasons=words["reasons"],
        actor=staff["analyse"],
        at=stage.ago(ANSWERED_DAYS_AGO + 2),
    )
    sign_answer(
        stage.session, answer=answer, actor=staff["strategie"], at=stage.ago(ANSWERED_DAYS_AGO + 1)
    )
    sign_answer(
        stage.session, answer=answer, actor=staff["verwaltung"], at=stage.ago(ANSWERED_DAYS_AGO)
    )


def _change(
    stage: Stage,
    revision: Revision,
    words: dict[str, Any],
    findings: Sequence[Finding],
    actor: Account,
    *,
    days_ago: int,
) -> None:
    strategy = stage.strategy()
    version = adopted_version(stage.session, strategy.id)
    if version is None:
        raise LookupError("there is no version to change")
    element, before = contents_of(stage.session, version.id)[words["element"]]
    because = [
        Reason(finding=findings[number - 1], places=tuple(_places(words, f"E-{number}")))
        for number in words.get("because", ())
    ]
    if "stated" in words:
        because.append(Reason(stated=StatedReason(words["stated"]), text=words["stated_text"]))
    propose_change(
        stage.session,
        revision=revision,
        operation=ChangeOperation.AMEND,
        element=element,
        content=_changed(before, words),
        because=because,
        actor=actor,
        at=stage.ago(days_ago),
    )


def _places(words: dict[str, Any], code: str) -> Iterator[Place]:
    """Name the sentences that a finding is the reason for, if the words tell them apart."""
    for place in words.get("places", ()):
        if code in place["because"]:
            yield Place(place["field"], place.get("sentence", ""))


def _changed(before: ElementContent, words: dict[str, Any]) -> ElementContent:
    after = replace(before, text=words["text"])
    if "euros" not in words:
        return after
    year = before.financing[0].year
    return replace(
        after,
        financing=(
            Financing(year, FundingSource.OWN, words["euros"]),
            Financing(year, FundingSource.GRANT, words["grant"]),
        ),
    )
