"""Staff begins the voting with statements of its own."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments import seeds
from participation.comments.blueprint import blueprint
from participation.comments.forms import SeedsForm
from participation.comments.models import CommentRound
from participation.engagements.policy import is_over
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, Refused
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import told


@blueprint.route("/verwaltung/beteiligungen/<slug>/aussagen", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def sow(slug: str) -> ResponseReturnValue:
    """Show the statements of the municipality that are voted on, and add some."""
    found = get_engagement(db.session(), access.here().id, slug, of=CommentRound)
    form = SeedsForm()
    if form.validate_on_submit():
        try:
            new = seeds.sow(
                db.session(),
                comment_round=found,
                statements=form.lines(),
                actor=access.actor(),
                at=clock.now(),
            )
        except (Refused, Conflict) as refusal:
            db.session.rollback()
            form.statements.errors = [told(refusal)]
        else:
            db.session.commit()
            flash(ngettext("%(num)s neue Aussage.", "%(num)s neue Aussagen.", len(new)), "success")
            return redirect(url_for("comments.sow", slug=slug), 303)
    page = render_template(
        "comments/sow.html",
        comment_round=found,
        form=form,
        is_open=found.voting and not is_over(found, at=clock.now()),
        seeds=seeds.seeds_of(db.session(), found.id),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/verwaltung/beteiligungen/<slug>/aussagen/<int(max=2147483647):number>/weg")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def take_seed_back(slug: str, number: int) -> ResponseReturnValue:
    """Withdraw a statement of the municipality for good."""
    found = get_engagement(db.session(), access.here().id, slug, of=CommentRound)
    form = Form()
    if form.validate_on_submit():
        seeds.take_seed_back(
            db.session(), comment_round=found, number=number, actor=access.actor(), at=clock.now()
        )
        db.session.commit()
        flash(_("Die Aussage ist zurückgezogen. Stimmen dazu zählen nicht mehr."), "success")
    return redirect(url_for("comments.sow", slug=slug), 303)
