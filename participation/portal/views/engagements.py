"""All engagements, and one of them."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.engagements import queries
from participation.engagements.models import Engagement, EngagementState
from participation.engagements.policy import is_over, obstacle
from participation.engagements.visitor_forms import SubscriptionForm
from participation.engagements.visitors import guest_of
from participation.engagements.wordings import shown_words
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.foundation.workbooks import Sheet
from participation.insights.release_rows import release_rows
from participation.portal.blueprint import blueprint
from participation.portal.queries.engagements import cards_of, origin_of, shown_elements
from participation.portal.released import released_whole, results_section
from participation.portal.views.open_data import named_by_fields
from participation.revisions.consulted import fate_of_text
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody
from participation.web.languages import current_language
from participation.web.tables import OPEN_TYPES, table_response

_PAGE = 12


@blueprint.get("/beteiligung/")
@access.public
@same_for_everybody
def engagements() -> ResponseReturnValue:
    """List what is open, planned and ended, or what was put away."""
    municipality, at = access.here(), clock.now()
    if "archiv" in request.args:
        return _archive(municipality.id, at)
    before = _read_key(request.args.get("vor"))
    opened = () if before else queries.public_engagements(db.session(), municipality.id, at)
    planned = (
        ()
        if before
        else queries.public_engagements(
            db.session(), municipality.id, at, state=EngagementState.PLANNED
        )
    )
    closed = queries.public_engagements(
        db.session(),
        municipality.id,
        at,
        state=EngagementState.CLOSED,
        before=before,
        limit=_PAGE + 1,
    )
    cards = cards_of(db.session(), [*opened, *planned, *closed[:_PAGE]], at)
    return render_template(
        "portal/engagements.html",
        cards_by={
            "open": [card for card in cards if card.state is EngagementState.OPEN],
            "planned": [card for card in cards if card.state is EngagementState.PLANNED],
            # Whether results are out makes no difference here.
            "closed": [card for card in cards if is_over(card.engagement, at=at)],
        },
        is_first_page=before is None,
        next_key=_written_key(closed[_PAGE - 1]) if len(closed) > _PAGE else None,
        has_archive=queries.has_archive(db.session(), municipality.id),
    )


@blueprint.get("/beteiligung/<slug>")
@access.public
@same_for_everybody
def engagement(slug: str) -> ResponseReturnValue:
    """Show one engagement: its scope, its dates, how to take part, its results."""
    at = clock.now()
    found = queries.get_public_engagement(db.session(), access.here().id, slug, with_elements=True)
    (card,) = cards_of(db.session(), [found], at)
    return render_template(
        "portal/engagement.html",
        card=card,
        engagement=found,
        shown=shown_words(db.session(), found, current_language().code),
        elements=shown_elements(db.session(), found, at),
        obstacle=obstacle(found, at=at, account=access.me(), guest=guest_of(found)),
        extensions=queries.extensions_of(db.session(), found.id),
        origin=origin_of(db.session(), found.id),
        subscription_form=SubscriptionForm(),
        fate=fate_of_text(db.session(), found),
        **results_section(db.session(), found),
    )


@blueprint.get("/beteiligung/<slug>/ergebnisse.<kind>")
@access.public
def results_file(slug: str, kind: str) -> ResponseReturnValue:
    """Return the newest release as CSV, JSON or XLSX: what its page shows, and nothing else."""
    if kind not in OPEN_TYPES:
        raise NotFound("there is no such file")
    found = queries.get_public_engagement(db.session(), access.here().id, slug)
    rows = released_whole(db.session(), found)
    if not rows:
        raise NotFound("nothing was released yet")
    table = release_rows(db.session(), rows)
    # What programs read is called the same in every language.
    sheet = Sheet(str(_("Ergebnisse")), named_by_fields(table) if kind == "json" else table)
    return table_response(f"ergebnisse-{slug}", kind, [sheet])


def _written_key(last: Engagement) -> str:
    return f"{last.closes_at.timestamp():.6f}-{last.id}"


def _archive(municipality_id: int, at: datetime) -> str:
    """List what was put away, newest first: its pages stay as they were."""
    before = _read_key(request.args.get("vor"))
    found = queries.public_engagements(
        db.session(),
        municipality_id,
        at,
        state=EngagementState.ARCHIVED,
        before=before,
        limit=_PAGE + 1,
    )
    return render_template(
        "portal/archive.html",
        cards=cards_of(db.session(), found[:_PAGE], at),
        is_first_page=before is None,
        next_key=_written_key(found[_PAGE - 1]) if len(found) > _PAGE else None,
    )


def _read_key(key: str | None) -> tuple[datetime, int] | None:
    if not key:
        return None
    moment, _, number = key.partition("-")
    try:
        return datetime.fromtimestamp(float(moment), UTC), int(number)
    except (ValueError, OverflowError, OSError):
        raise NotFound("there is no such page") from None
