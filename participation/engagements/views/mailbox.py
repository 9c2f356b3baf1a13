"""Citizens: all that an address follows, how often it gets mail, and the way out of all of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.engagements import operations, queries
from participation.engagements.blueprint import blueprint
from participation.engagements.marks import subscription_token
from participation.engagements.pace_forms import PaceForm
from participation.foundation import clock
from participation.web.extensions import db
from participation.web.origin import for_mail_programs
from participation.web.secrets import secret_key


@blueprint.route("/beteiligung/benachrichtigungen/<token>", methods=["GET", "POST"])
@access.public
def mailbox(token: str) -> ResponseReturnValue:
    """Show what an address follows, and let it choose how often it gets mail."""
    followed = queries.find_mailbox(db.session(), secret_key(), token)
    form = PaceForm(data={"pace": followed[0].pace.value} if followed else None)
    if form.validate_on_submit():
        operations.change_pace(db.session(), subscriptions=followed, pace=form.chosen)
        db.session.commit()
        flash(_("Gespeichert."), "success")
        return redirect(url_for("engagements.mailbox", token=token), 303)
    page = render_template(
        "engagements/mailbox.html",
        form=form,
        followed=[(one, subscription_token(secret_key(), one.id)) for one in followed],
        token=token,
    )
    return page, 422 if form.errors else 200


@blueprint.route("/beteiligung/benachrichtigungen/<token>/abmelden", methods=["GET", "POST"])
@access.public
@for_mail_programs
def leave(token: str) -> ResponseReturnValue:
    """Leave everything with one click, also from within a mail program."""
    followed = queries.find_mailbox(db.session(), secret_key(), token)
    form = PaceForm()
    if form.is_submitted():
        for subscription in followed:
            operations.end_subscription(db.session(), subscription=subscription, at=clock.now())
        db.session.commit()
        followed = []
    return render_template("engagements/leave.html", followed=followed, form=form, token=token)
