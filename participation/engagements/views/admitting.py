"""Citizens: come in with the code from a letter, or with an address that proves to be theirs."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements import admission, guests, queries, visitors, ways_in
from participation.engagements.blueprint import blueprint
from participation.engagements.models import Audience, Engagement, EngagementKind
from participation.engagements.policy import (
    DOORS,
    Obstacle,
    days_of_reminder,
    grace_minutes,
    obstacle,
)
from participation.engagements.visitor_forms import AddressForm, CodeForm
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.web.extensions import db
from participation.web.limits import count, limited, too_often
from participation.web.secrets import secret_key

# The rooms of the kinds stand above this one; it knows their pages by name only.
_ENTRANCES = {
    EngagementKind.SURVEY: "surveys.take_part",
    EngagementKind.IDEA_CALL: "ideas.new",
    EngagementKind.COMMENT_ROUND: "portal.comment_round",
}
_LINKS_A_DAY = "5/day"


blueprint.after_app_request(visitors.carry_pass)
blueprint.add_app_template_global(visitors.inside, "guest_inside")
blueprint.add_app_template_global(grace_minutes, "grace_minutes")
blueprint.add_app_template_global(days_of_reminder, "days_of_reminder")


@blueprint.route("/beteiligung/<slug>/code", methods=["GET", "POST"])
@access.public
@limited("120/hour")
def enter_code(slug: str) -> ResponseReturnValue:
    """Let somebody in who types the code from a letter.

    The QR code on the letter leads here with the code behind a `#`, which no browser sends to a
    server: a script puts it into the field, and no log ever holds it.
    """
    engagement = _engagement(slug, Audience.CODE)
    form = CodeForm()
    if not _is_open(engagement):
        return not_open(engagement)
    if request.method == "GET":
        return admission.render_door(engagement, Obstacle.CODE_NEEDED)
    if form.validate_on_submit():
        guest = visitors.try_code(engagement, form.code.data or "")
        if guest is not None:
            target = redirect(entrance(engagement), 303)
            return visitors.let_in(make_response(target), guest)
        form.code.errors = [admission.why_not(form.code.data or "")]
    return admission.render_door(engagement, Obstacle.CODE_NEEDED, form=form), 422


@blueprint.route("/beteiligung/<slug>/adresse", methods=["GET", "POST"])
@access.public
@limited("20/hour")
def ask_for_link(slug: str) -> ResponseReturnValue:
    """Mail a link; the answer is the same whether the address took part before or not."""
    engagement = _engagement(slug, Audience.MAIL)
    if not _is_open(engagement):
        return not_open(engagement)
    form = AddressForm()
    if request.method == "GET":
        return admission.render_door(engagement, Obstacle.MAIL_NEEDED)
    if not form.validate_on_submit():
        return admission.render_door(engagement, Obstacle.MAIL_NEEDED, form=form), 422
    guest = guests.mail_guest(secret_key(), engagement.id, form.email.data or "")
    if not too_often(_LINKS_A_DAY, "way in", guest.who):
        count(_LINKS_A_DAY, "way in", guest.who)
        ways_in.send_way_in(
            db.session(),
            engagement=engagement,
            guest=guest,
            address=form.email.data or "",
            key=secret_key(),
            at=clock.now(),
        )
        db.session.commit()
    return render_template(
        "engagements/link_sent.html", engagement=engagement, address=form.email.data
    )


@blueprint.route("/beteiligung/<slug>/eintritt/<token>", methods=["GET", "POST"])
@access.public
@limited("120/hour")
def arrive(slug: str, token: str) -> ResponseReturnValue:
    """Come in by the link in a mail, with a button: programs that open mailed links do nothing."""
    engagement = _engagement(slug, Audience.MAIL)
    guest = guests.unseal(
        secret_key(), token, engagement_id=engagement.id, purpose="link", at=clock.now()
    )
    if not _is_open(engagement):
        return not_open(engagement)
    if guest is None:
        page = render_template("engagements/arrive.html", engagement=engagement, token=None)
        return page, 410
    if request.method == "GET":
        return render_template("engagements/arrive.html", engagement=engagement, token=token)
    return visitors.let_in(make_response(redirect(entrance(engagement), 303)), guest)


@blueprint.post("/beteiligung/<slug>/verlassen")
@access.public
@limited("120/hour")
def go_out(slug: str) -> ResponseReturnValue:
    """Take the pass from a browser that others use too: a code in a library is nobody else's."""
    engagement = queries.get_public_engagement(db.session(), access.here().id, slug)
    visitors.leave(engagement.id)
    return render_template("engagements/gone_out.html", engagement=engagement)


def _engagement(slug: str, audience: Audience) -> Engagement:
    engagement = queries.get_public_engagement(db.session(), access.here().id, slug)
    if engagement.audience is not audience:
        raise NotFound("this engagement lets people in differently")
    return engagement


def _is_open(engagement: Engagement) -> bool:
    why_not = obstacle(engagement, at=clock.now(), account=access.me())
    return why_not is None or why_not in DOORS


def not_open(engagement: Engagement) -> ResponseReturnValue:
    """Say why nobody can take part now."""
    why_not = obstacle(engagement, at=clock.now(), account=access.me())
    page = render_template("engagements/not_open.html", engagement=engagement, obstacle=why_not)
    return page, 200 if request.method == "GET" else 409


def entrance(engagement: Engagement) -> str:
    """Return the address where people take part."""
    return url_for(_ENTRANCES[engagement.kind], slug=engagement.slug)
