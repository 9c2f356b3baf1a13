"""Several comment rounds on successive drafts, and what changed between them."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.engagements.models import EngagementState
from participation.foundation import clock
from participation.portal.blueprint import blueprint
from participation.portal.queries.hearings import HearingPage, hearing_page
from participation.revisions.consulted import Outcome
from participation.web.extensions import db
from participation.web.filters import label, local_date
from participation.web.kept_pages import same_for_everybody

_RUNNING = {EngagementState.PLANNED, EngagementState.OPEN}


@blueprint.get("/anhoerungen/<slug>")
@access.public
@same_for_everybody
def hearing(slug: str) -> ResponseReturnValue:
    """Show a hearing phase by phase, up to what was adopted."""
    page = hearing_page(db.session(), access.here().id, slug, clock.now())
    return render_template("portal/hearing.html", page=page, steps=_steps(page))


def _steps(page: HearingPage) -> list[dict[str, str | None]]:
    """Return the way of the draft as the component takes it."""
    steps: list[dict[str, str | None]] = [
        {
            "label": _("Phase %(number)s", number=number),
            "detail": f"{label(one.state)}, {local_date(one.comment_round.opens_at)}",
            "state": "now" if one.state in _RUNNING else "done",
            "href": url_for("portal.comment_round", slug=one.comment_round.slug),
        }
        for number, one in enumerate(page.phases, start=1)
    ]
    fate = page.fate
    if fate is None:
        return [*steps, {"label": _("Beschluss"), "detail": "", "state": "todo", "href": None}]
    if fate.outcome is Outcome.GIVEN_UP:
        end = {"label": _("nicht weiterverfolgt"), "state": "ended", "href": None}
    else:
        end = {
            "label": _("Fassung %(number)s beschlossen", number=fate.number),
            "state": "done",
            "href": url_for("portal.version", number=fate.number, vergleich=1),
        }
    return [*steps, end | {"detail": local_date(fate.at)}]
