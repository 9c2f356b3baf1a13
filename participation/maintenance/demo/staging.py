"""What all engagements of the demo town have in common: dates, dice, moderation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from participation.accounts.models import Account
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience, Engagement, ResultsMode
from participation.engagements.operations import publish_engagement
from participation.engagements.plans import EngagementPlan
from participation.engagements.wordings import put_easy_text
from participation.foundation.clock import LOCAL_ZONE, local_date
from participation.maintenance.demo.people import Stage
from participation.moderation.models import Action, Ground
from participation.moderation.operations import decide
from participation.strategy.models import Element
from participation.strategy.queries import get_element

_OPENING_TIME, _CLOSING_TIME = time(8), time(23, 59)
_FIRST_HOUR, _HOURS = 8, 9


def last_office_hour(moment: datetime) -> datetime:
    """Return this moment, or one on the evening before it if nobody works then."""
    return _in_office(moment, -1 if moment.astimezone(LOCAL_ZONE).hour < _FIRST_HOUR else 0)


def next_office_hour(moment: datetime) -> datetime:
    """Return this moment, or one on the next day if nobody works then any more."""
    is_over = moment.astimezone(LOCAL_ZONE).hour >= _FIRST_HOUR + _HOURS
    return _in_office(moment, 1 if is_over else 0)


def _in_office(moment: datetime, days: int) -> datetime:
    local = moment.astimezone(LOCAL_ZONE) + timedelta(days=days)
    if _FIRST_HOUR <= local.hour < _FIRST_HOUR + _HOURS:
        return moment
    return local.replace(hour=_FIRST_HOUR + local.hour % _HOURS).astimezone(UTC)


def plan_of(stage: Stage, texts: dict[str, Any]) -> EngagementPlan:
    """Return the common part of an engagement: its words, dates, rules and elements."""
    closes_in = -texts["closed_days_ago"] if "closed_days_ago" in texts else texts["closes_in_days"]
    return EngagementPlan(
        title=texts["title"],
        summary=texts["summary"],
        scope_open=texts["scope_open"],
        scope_closed=texts["scope_closed"],
        opens_at=_at(stage.ago(texts["opened_days_ago"]), _OPENING_TIME),
        closes_at=_at(stage.ago(-closes_in), _CLOSING_TIME),
        elements=tuple(elements_of(stage, texts["about"])),
        audience=Audience(texts.get("audience", "open")),
        results_mode=ResultsMode(texts.get("results_mode", "at_closing")),
    )


def _at(day: datetime, hour: time) -> datetime:
    """Return an hour of that day where the town is."""
    return datetime.combine(local_date(day), hour, LOCAL_ZONE).astimezone(UTC)


def elements_of(stage: Stage, codes: Sequence[str]) -> list[Element]:
    """Return elements by their codes."""
    strategy = stage.strategy()
    return [get_element(stage.session, strategy.id, code) for code in codes]


def publish(stage: Stage, engagement: Engagement, actor: Account, texts: dict[str, Any]) -> None:
    """Publish an engagement a day before it opens, in easy language too if that was written."""
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


def moments_of(stage: Stage, engagement: Engagement, number: int) -> list[datetime]:
    """Return moments at which people took part, in order, while the engagement was open."""
    begin, end = engagement.opens_at, last_moment_of(stage, engagement)
    return sorted(begin + (end - begin) * stage.dice.random() for _ in range(number))


def last_moment_of(stage: Stage, engagement: Engagement) -> datetime:
    """Return the last moment at which somebody took part: shortly before the end, or before now."""
    return min(engagement.closes_at - timedelta(minutes=1), stage.now - timedelta(hours=1))


def moderate(
    stage: Stage, contribution: Contribution, words: dict[str, Any], actor: Account, at: datetime
) -> None:
    """Decide about what waits for the moderation, unless its words leave it waiting."""
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
        at=min(next_office_hour(at + timedelta(hours=stage.dice.randint(1, 20))), stage.now),
    )


def submission(stage: Stage) -> str:
    """Return the random key of a form."""
    return f"{stage.dice.getrandbits(128):032x}"


def mark_of(stage: Stage, engagement: Engagement, purpose: str, number: int) -> str:
    """Return the mark of one of the invented people."""
    return participation_mark(stage.key, engagement.id, purpose, f"browser:demo-{number}")
