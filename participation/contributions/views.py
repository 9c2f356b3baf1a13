"""Staff: how much came in a day."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.accounts.models import Role
from participation.contributions.daily import contributions_by_day
from participation.engagements.models import EngagementKind
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.web.extensions import db

blueprint = Blueprint("contributions", __name__)


@blueprint.get("/verwaltung/beteiligungen/<slug>/eingang")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def days(slug: str) -> ResponseReturnValue:
    """Show how many ideas and comments came in a day, and by which way."""
    engagement = get_engagement(db.session(), access.here().id, slug)
    if engagement.kind is EngagementKind.SURVEY:
        raise NotFound("the sheets of a survey are counted elsewhere")
    at = clock.now()
    return render_template(
        "contributions/days.html",
        engagement=engagement,
        found=contributions_by_day(db.session(), engagement, at=at),
        state=engagement.state_at(at),
    )
