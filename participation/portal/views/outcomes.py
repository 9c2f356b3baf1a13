"""What followed from what citizens said: all answers, one finding, and a feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.portal import paths, voices
from participation.portal.blueprint import blueprint
from participation.portal.queries.contributions import (
    PAGE,
    Readable,
    contributions_about,
    contributions_cited,
)
from participation.portal.queries.element import element_page
from participation.portal.queries.outcome_totals import Totals, totals
from participation.portal.queries.outcomes import (
    OutcomePage,
    get_finding_outcome,
    outcomes_page,
    standing,
)
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody

_FEED = 20


@blueprint.get("/was-daraus-wurde")
@access.public
@same_for_everybody
def outcomes() -> ResponseReturnValue:
    """List the official answers with what they answer and what they changed."""
    session = db.session()
    here = standing(session, access.here().id)
    field = request.args.get("feld", "").upper()
    page, counted = OutcomePage((), None), Totals()
    if here is not None:
        counted = totals(session, here)
        if field not in counted.fields:
            field = ""
        page = outcomes_page(session, here, field_code=field, before=voices.place_from(request))
    return render_template(
        "portal/outcomes.html",
        page=page,
        totals=counted,
        field=field,
        paths=paths,
        voices=voices,
        next_href=voices.next_href("portal.outcomes", page.next_place, feld=field),
        is_first_page="nach" not in request.args,
    )


@blueprint.get("/was-daraus-wurde/<code>")
@access.public
@same_for_everybody
def finding(code: str) -> ResponseReturnValue:
    """Show one finding: on what it rests and what followed from it."""
    session = db.session()
    here = standing(session, access.here().id)
    if here is None:
        raise NotFound("Diese Erkenntnis gibt es nicht.")
    outcome = get_finding_outcome(session, here.strategy.id, code)
    place = voices.contribution_place_from(request)
    found = contributions_cited(session, outcome.finding.id, before=place, limit=PAGE + 1)
    return render_template(
        "portal/finding.html",
        outcome=outcome,
        contributions=found[:PAGE],
        paths=paths,
        voices=voices,
        next_href=_next_of("portal.finding", code, found),
    )


@blueprint.get("/was-daraus-wurde/atom.xml")
@access.public
def outcomes_feed() -> ResponseReturnValue:
    """Offer the newest answers as an Atom feed."""
    session = db.session()
    here = standing(session, access.here().id)
    page = outcomes_page(session, here, limit=_FEED) if here else OutcomePage((), None)
    newest = page.outcomes[0].answer.published_at if page.outcomes else None
    response = make_response(
        render_template(
            "portal/outcomes_feed.xml",
            outcomes=page.outcomes,
            updated=newest or datetime(2026, 1, 1, tzinfo=UTC),
            address=_absolute,
        )
    )
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response


@blueprint.get("/strategie/<code>/beitraege")
@access.public
@same_for_everybody
def contributions(code: str) -> ResponseReturnValue:
    """List everything that was published about an element, the newest first."""
    session = db.session()
    page = element_page(session, access.here().id, code, clock.now())
    place = voices.contribution_place_from(request)
    found = contributions_about(session, page.element.id, before=place, limit=PAGE + 1)
    return render_template(
        "portal/contributions.html",
        page=page,
        contributions=found[:PAGE],
        voices=voices,
        next_href=_next_of("portal.contributions", code, found),
    )


def _next_of(endpoint: str, code: str, found: Sequence[Readable]) -> str | None:
    if len(found) <= PAGE:
        return None
    place = voices.place_of(found[PAGE - 1].contribution)
    return voices.next_href(endpoint, place, code=code)


def _absolute(endpoint: str, **values: Any) -> str:
    """Return an address that begins with the configured one, never with the Host header."""
    base: str = current_app.config["BASE_ADDRESS"]
    return base + url_for(endpoint, **values)
