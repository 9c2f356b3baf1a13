"""Staff: totals while a survey runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.surveys import totals as counting
from participation.surveys.blueprint import blueprint
from participation.surveys.matrix_words import overviews
from participation.surveys.models import Survey
from participation.surveys.readings import bar_rows, n_text, reading_of, value_head
from participation.surveys.tables import QuestionTable
from participation.web.extensions import db


@blueprint.get("/verwaltung/beteiligungen/<slug>/zwischenstand")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def totals(slug: str) -> ResponseReturnValue:
    """Show what was counted last, each version apart."""
    survey = get_engagement(db.session(), access.here().id, slug, of=Survey)
    found = counting.totals_by_version(db.session(), survey.id)
    return render_template(
        "surveys/totals.html",
        survey=survey,
        versions=[
            (number, totals, list(_charts(totals.tables))) for number, totals in found.items()
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


def _charts(tables: Sequence[QuestionTable]) -> Iterator[dict[str, Any]]:
    """Yield a chart for each table, and before the rows of a matrix one for all of them."""
    before = {one.first: one for one in overviews(tables)}
    for table in tables:
        if table.code in before:
            yield {**vars(before[table.code]), "withheld": False}
        yield _chart(table)


def _chart(table: QuestionTable) -> dict[str, Any]:
    """Return a table as the template shows it; a row of a matrix is named after its matrix."""
    return {
        "withheld": table.withheld,
        "title": f"{table.group_text} {table.question}".strip(),
        "reading": reading_of(table),
        "rows": bar_rows(table),
        "n_text": n_text(table),
        "value_head": value_head(table),
    }
