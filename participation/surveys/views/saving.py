"""Save a sheet and come back to it: the link, its mail, and the page that it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from smtplib import SMTPException

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.engagements.queries import get_public_engagement
from participation.engagements.visitor_forms import SubscriptionForm
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.notifications.mails import link_from, send_at_once
from participation.surveys.begun import BegunSheet
from participation.surveys.blueprint import blueprint
from participation.surveys.models import Survey
from participation.surveys.saving import forget_sheet, get_saved_sheet, save_sheet
from participation.surveys.steps import EVERYTHING
from participation.surveys.views.answering import filling_troubled
from participation.surveys.views.filling import CHECK, Filling
from participation.web.extensions import db
from participation.web.filters import local_date
from participation.web.limits import limited


@blueprint.post("/beteiligung/<slug>/teilnehmen/merken")
@access.public
@limited("60/hour", at_most="600/hour")
def save(slug: str) -> ResponseReturnValue:
    """Keep what was typed for thirty days, sealed with what only the link holds."""
    filling = Filling(slug)
    why_not = filling.why_not()
    if why_not is not None:
        return filling.closed(why_not, 409)
    if not filling.form.validate_on_submit():
        return filling.page(filling.page_number, status=422)
    if filling.trouble == "broken":
        return filling_troubled(filling) or filling.page(filling.page_number)
    begun = replace(filling.begun, page=filling.page_number)
    token, until = save_sheet(
        db.session(), survey_id=filling.survey.id, begun=begun, at=clock.now()
    )
    db.session.commit()
    return _saved_page(filling.survey, token, until, form=_address_form())


@blueprint.route("/beteiligung/<slug>/weiter/<token>", methods=["GET", "POST"])
@access.public
@limited("240/hour")
def resume(slug: str, token: str) -> ResponseReturnValue:
    """Offer to go on with a saved sheet, or to delete it; a link that is opened does neither."""
    survey = get_public_engagement(db.session(), access.here().id, slug, of=Survey)
    try:
        begun, until = get_saved_sheet(
            db.session(), survey_id=survey.id, token=token, at=clock.now()
        )
    except NotFound:
        return _gone(survey)
    if request.method == "POST" and request.form.get("tun") == "loeschen":
        forget_sheet(db.session(), token=token)
        db.session.commit()
        return _gone(survey, deleted=True)
    if request.method == "GET":
        page = render_template(
            "surveys/take_part_resume.html",
            survey=survey,
            token=token,
            until=until,
            query=_query(),
            form=_address_form(),
        )
        return make_response(page)
    return _go_on(slug, replace(begun, token=token))


def _go_on(slug: str, begun: BegunSheet) -> ResponseReturnValue:
    """Show the page on which somebody stopped, with what they had typed."""
    filling = Filling(slug, is_begun=False)
    why_not = filling.why_not()
    filling.take_over(begun)
    if why_not is not None:
        return filling.closed(why_not, 409)
    troubled = filling_troubled(filling)
    if troubled is not None:
        return troubled
    if begun.page == CHECK:
        return filling.check()
    return filling.page(EVERYTHING if begun.on_one_page else begun.page)


@blueprint.post("/beteiligung/<slug>/weiter/<token>/mail")
@access.public
@limited("10/hour")
def mail_link(slug: str, token: str) -> ResponseReturnValue:
    """Send the link to an address, at once: the address is stored nowhere."""
    survey = get_public_engagement(db.session(), access.here().id, slug, of=Survey)
    try:
        _begun, until = get_saved_sheet(
            db.session(), survey_id=survey.id, token=token, at=clock.now()
        )
    except NotFound:
        return _gone(survey)
    form = _address_form(filled=True)
    if not form.validate_on_submit():
        return _saved_page(survey, token, until, form=form, status=422)
    municipality_id, title = survey.municipality_id, survey.title
    # A mail server takes its time; nobody else has to wait for it.
    db.session.commit()
    try:
        send_at_once(
            municipality_id=municipality_id,
            address=form.email.data or "",
            template="surveys/saved_sheet",
            payload={
                "title": title,
                "until": local_date(until),
                "address": link_from(
                    municipality_id, "surveys.resume", slug=slug, token=token, **_query()
                ),
            },
            at=clock.now(),
        )
    except (OSError, SMTPException):
        return _saved_page(survey, token, until, form=form, failed=True, status=503)
    return _saved_page(survey, token, until, form=None)


def _saved_page(
    survey: Survey,
    token: str,
    until: date,
    *,
    form: SubscriptionForm | None,
    failed: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the link; without a form it was mailed just now."""
    page = render_template(
        "surveys/take_part_saved.html",
        survey=survey,
        token=token,
        link=link_from(
            survey.municipality_id, "surveys.resume", slug=survey.slug, token=token, **_query()
        ),
        until=until,
        query=_query(),
        form=form,
        failed=failed,
    )
    return make_response(page, status)


def _gone(survey: Survey, *, deleted: bool = False) -> ResponseReturnValue:
    page = render_template("surveys/take_part_gone.html", survey=survey, deleted=deleted)
    return make_response(page, 200 if deleted else 404)


def _address_form(*, filled: bool = False) -> SubscriptionForm:
    return SubscriptionForm() if filled else SubscriptionForm(formdata=None)


def _query() -> dict[str, str]:
    """Return what the addresses carry on: the language and the element."""
    carried = {name: request.args.get(name, "") for name in ("zu", "sprache")}
    return {name: value for name, value in carried.items() if value}
