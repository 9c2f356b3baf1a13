"""Report a published idea or comment to the moderation. Nobody else hears of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments.models import Comment
from participation.engagements.visitors import visitor_mark
from participation.foundation import clock
from participation.foundation.errors import NotFound, Refused
from participation.ideas.models import Idea
from participation.ideas.queries import find_shown
from participation.moderation.reports import report
from participation.portal.blueprint import blueprint
from participation.portal.queries.comments import comment_page
from participation.portal.report_forms import ReportForm
from participation.web.extensions import db
from participation.web.limits import limited


@blueprint.route(
    "/beteiligung/<slug>/ideen/<int(max=2147483647):number>/melden", methods=["GET", "POST"]
)
@access.public
@limited("20/hour", at_most="200/hour")
def report_idea(slug: str, number: int) -> ResponseReturnValue:
    """Take in that somebody finds something wrong with an idea."""
    _call, idea = find_shown(db.session(), access.here().id, slug, number)
    return _take_in(idea, url_for("portal.idea", slug=slug, number=number))


@blueprint.route(
    "/beteiligung/<slug>/kommentare/<int(max=2147483647):number>/melden", methods=["GET", "POST"]
)
@access.public
@limited("20/hour", at_most="200/hour")
def report_comment(slug: str, number: int) -> ResponseReturnValue:
    """Take in that somebody finds something wrong with a comment."""
    page = comment_page(db.session(), access.here().id, slug, number, clock.now())
    if page.view.comment.is_seed:
        # What the municipality says is taken back by who wrote it.
        raise NotFound("there is no such comment")
    return _take_in(page.view.comment, url_for("portal.comment", slug=slug, number=number))


def _take_in(contribution: Idea | Comment, back: str) -> ResponseReturnValue:
    form = ReportForm()
    if form.validate_on_submit():
        try:
            report(
                db.session(),
                contribution=contribution,
                ground=form.ground.data,
                note=form.note.data or "",
                reporter=visitor_mark(contribution.engagement_id, "report"),
                at=clock.now(),
            )
        except Refused:
            db.session.rollback()
            form.note.errors = [_("Schreiben Sie kurz, was nicht stimmt.")]
        else:
            db.session.commit()
            flash(_("Danke. Die Moderation sieht sich den Beitrag an."), "success")
            return redirect(back, 303)
    page = render_template("portal/report.html", form=form, contribution=contribution, back=back)
    return page, 422 if form.errors else 200
