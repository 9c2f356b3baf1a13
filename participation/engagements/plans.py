"""What a clerk decides about an engagement, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from participation.engagements.models import Audience, ModerationMode, ResultsMode
from participation.strategy.models import Element

LONGEST_TITLE = 120
# The words of an engagement that are said in other languages too, easy language among them,
# which needs more room than what it says again.
WORDS = ("title", "summary", "scope_open", "scope_closed")
LONGEST_WORDS = {"title": 200, "summary": 2000, "scope_open": 1500, "scope_closed": 1500}


@dataclass(frozen=True)
class EngagementPlan:
    """The common part of a survey, an idea call and a comment round."""

    title: str
    opens_at: datetime
    closes_at: datetime
    elements: tuple[Element, ...] = ()
    summary: str = ""
    scope_open: str = ""
    scope_closed: str = ""
    audience: Audience = Audience.OPEN
    moderation_mode: ModerationMode = ModerationMode.BEFORE
    results_mode: ResultsMode = ResultsMode.AT_CLOSING
    # How many days before the end subscribers are reminded; None if they are not.
    remind_days: int | None = None
