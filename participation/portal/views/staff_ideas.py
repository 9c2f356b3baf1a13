"""The published ideas of a call with everything that was answered: for staff."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.queries import get_engagement
from participation.foundation.errors import NotFound, Refused
from participation.foundation.workbooks import Sheet
from participation.ideas.call_fields import answers_of, fields_of
from participation.ideas.models import IdeaCall
from participation.portal.blueprint import blueprint
from participation.portal.idea_rows import idea_rows
from participation.portal.queries.idea_lists import WantedIdeas, idea_page
from participation.web.extensions import db
from participation.web.tables import TABLE_TYPES, table_response

READERS = (Role.MODERATOR, Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)


@blueprint.get("/verwaltung/beteiligungen/<slug>/ideen")
@access.requires(*READERS)
def staff_ideas(slug: str) -> ResponseReturnValue:
    """List the published ideas of a call, the newest first, with all answers."""
    call = get_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    try:
        page = idea_page(db.session(), WantedIdeas(call.id), after=request.args.get("nach"))
    except Refused:
        raise NotFound("there is no such page") from None
    return render_template(
        "portal/staff_ideas.html",
        call=call,
        page=page,
        fields=fields_of(db.session(), call.id, with_removed=True),
        answers=answers_of(db.session(), [idea.id for idea in page.ideas], public_only=False),
        is_first_page="nach" not in request.args,
    )


@blueprint.get("/verwaltung/beteiligungen/<slug>/ideen.<kind>")
@access.requires(*READERS)
def staff_ideas_file(slug: str, kind: str) -> ResponseReturnValue:
    """Return the published ideas of a call with all answers, as CSV or XLSX."""
    if kind not in TABLE_TYPES:
        raise NotFound("there is no such file")
    here = access.here()
    call = get_engagement(db.session(), here.id, slug, of=IdeaCall)
    rows = idea_rows(db.session(), call, WantedIdeas(call.id), here.kind, for_staff=True)
    return table_response(f"ideen-{slug}-verwaltung", kind, [Sheet(str(_("Ideen")), rows)])
