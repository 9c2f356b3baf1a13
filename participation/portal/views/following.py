"""Hear by mail what becomes of an idea, without an account."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.contributions.operations import follow
from participation.engagements.visitor_forms import SubscriptionForm
from participation.foundation import clock
from participation.ideas.queries import find_shown
from participation.portal.blueprint import blueprint
from participation.web.extensions import db
from participation.web.limits import limited


@blueprint.route(
    "/beteiligung/<slug>/ideen/<int(max=2147483647):number>/benachrichtigen",
    methods=["GET", "POST"],
)
@access.public
@limited("20/hour")
def follow_idea(slug: str, number: int) -> ResponseReturnValue:
    """Note an address; the answer is the same whether it was known or not."""
    call, idea = find_shown(db.session(), access.here().id, slug, number)
    form = SubscriptionForm()
    if form.validate_on_submit():
        follow(db.session(), contribution=idea, address=form.email.data or "", at=clock.now())
        db.session.commit()
        flash(
            _("Wir haben Ihnen eine E-Mail geschickt. Bitte bestätigen Sie darin Ihre Adresse."),
            "success",
        )
        return redirect(url_for("portal.idea", slug=slug, number=number), 303)
    page = render_template("portal/follow_idea.html", form=form, call=call, idea=idea)
    return page, 422 if form.errors else 200
