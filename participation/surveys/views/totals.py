"""Staff: totals while a survey runs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.surveys import totals as counting
from participation.surveys.blueprint import blueprint
from participation.surveys.models import Survey
from participation.surveys.readings import bar_rows, n_text, reading_of
from participation.web.extensions import db


@blueprint.get("/verwaltung/beteiligungen/<slug>/zwischenstand")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def totals(slug: str) -> ResponseReturnValue:
    """Show what was counted last."""
    survey = get_engagement(db.session(), access.here().id, slug, of=Survey)
    found = counting.totals_of(db.session(), survey.id)
    return render_template(
        "surveys/totals.html",
        survey=survey,
        totals=found,
        charts=[
            (table, reading_of(table), bar_rows(table), n_text(table))
            for table in (found.tables if found else ())
        ],
        state=survey.state_at(clock.now()),
    )


@blueprint.post("/verwaltung/beteiligungen/<slug>/zwischenstand")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def renew_totals(slug: str) -> ResponseReturnValue:
    """Count again, if enough people more took part."""
    survey = get_engagement(db.session(), access.here().id, slug, of=Survey)
    if counting.renew_totals(db.session(), survey=survey, at=clock.now()):
        db.session.commit()
        flash(_("Neu gezählt."), "success")
    else:
        flash(
            _("Noch nicht: Neu gezählt wird, wenn mindestens fünf weitere geantwortet haben."),
            "info",
        )
    return redirect(url_for("surveys.totals", slug=slug), 303)
