"""Citizens: hear of an engagement, or no longer."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from participation.accounts import access
from participation.engagements import operations, queries
from participation.engagements.blueprint import blueprint
from participation.engagements.marks import mailbox_token
from participation.engagements.models import Pace, Subscription
from participation.engagements.pace_forms import PaceForm
from participation.engagements.visitor_forms import SubscriptionForm
from participation.foundation import clock
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.origin import for_mail_programs
from participation.web.secrets import secret_key

_SUBSCRIBED = _l("Wir haben Ihnen eine E-Mail geschickt. Bitte bestätigen Sie darin Ihre Adresse.")


@blueprint.post("/beteiligung/<slug>/benachrichtigen")
@access.public
@limited("20/hour")
def subscribe(slug: str) -> ResponseReturnValue:
    """Note an address; the answer is the same whether it was known or not."""
    engagement = queries.get_public_engagement(db.session(), access.here().id, slug)
    form = SubscriptionForm()
    if not form.validate_on_submit():
        page = render_template("engagements/subscribe.html", form=form, engagement=engagement)
        return page, 422
    operations.subscribe(
        db.session(), engagement=engagement, address=form.email.data or "", at=clock.now()
    )
    db.session.commit()
    flash(str(_SUBSCRIBED), "success")
    return redirect(url_for("portal.engagement", slug=slug), 303)


@blueprint.route("/beteiligung/benachrichtigung/<token>/bestaetigen", methods=["GET", "POST"])
@access.public
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address with a button: programs that open mailed links confirm nothing."""
    subscription = queries.find_subscription(db.session(), secret_key(), token)
    form = PaceForm()
    if form.is_submitted():
        operations.confirm_subscription(
            db.session(),
            subscription=subscription,
            at=clock.now(),
            pace=form.chosen if form.validate() else Pace.DAILY,
        )
        db.session.commit()
    return render_template(
        "engagements/confirm.html",
        subscription=subscription,
        form=form,
        token=token,
        mailbox=_mailbox_token(subscription),
    )


@blueprint.route("/beteiligung/benachrichtigung/<token>/abmelden", methods=["GET", "POST"])
@access.public
@for_mail_programs
def unsubscribe(token: str) -> ResponseReturnValue:
    """Leave with one click, also from within a mail program."""
    subscription = queries.find_subscription(db.session(), secret_key(), token)
    # Known while the address is; who leaves one thing may want to leave all.
    mailbox = _mailbox_token(subscription)
    if request.method == "POST":
        operations.end_subscription(db.session(), subscription=subscription, at=clock.now())
        db.session.commit()
    return render_template(
        "engagements/unsubscribe.html", subscription=subscription, token=token, mailbox=mailbox
    )


def _mailbox_token(subscription: Subscription) -> str | None:
    """Return the token of all that an address follows besides, if there is something."""
    if subscription.ended_at is not None:
        return None
    followed = queries.mailbox_of(db.session(), [subscription])
    return mailbox_token(secret_key(), [one.id for one in followed])
