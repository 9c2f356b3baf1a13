"""Staff: slips entered by keys, and how many came in a day."""

from __future__ import annotations

import secrets
from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.contributions.models import Channel
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.surveys import daily, queries, slips
from participation.surveys.blueprint import blueprint
from participation.surveys.models import Survey
from participation.surveys.paper import printed_questions
from participation.surveys.paper_forms import DeadlineForm, SlipForm, faults_in_words
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.sheets import InvalidSheet
from participation.web.extensions import db
from participation.web.refusals import kept_or_told, told
from participation.web.secrets import secret_key

_ENTERING = (Role.MODERATOR, Role.STRATEGIST, Role.ADMINISTRATOR)


@blueprint.route("/verwaltung/beteiligungen/<slug>/zettel", methods=["GET", "POST"])
@access.requires(*_ENTERING)
def enter_slips(slug: str) -> ResponseReturnValue:
    """Enter slips, one after the other. The answer to a stored one is the form for the next.

    What was stored stands in no address; the same form sent again stores nothing more.
    """
    survey = _survey(slug)
    questionnaire = _questionnaire(survey, answering=request.method == "POST")
    form = SlipForm()
    if request.method == "GET":
        return _page(survey, questionnaire, form)
    slip = slips.read_slip(questionnaire, request.form)
    is_checked = "check" in request.form
    if not form.validate_on_submit() or slip.wrong or is_checked:
        shown = faults_in_words(questionnaire, slip, slips.faults_of_slip(questionnaire, slip))
        page = _page(survey, questionnaire, form, slip=slip, faults=shown, is_checked=is_checked)
        return page, 422 if form.errors or shown else 200
    return _store(survey, questionnaire, form, slip)


@blueprint.post("/verwaltung/beteiligungen/<slug>/zettel/frist")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def put_deadline(slug: str) -> ResponseReturnValue:
    """State until when slips are entered after the end."""
    survey = _survey(slug)
    form = DeadlineForm()
    if not form.validate_on_submit() or form.until.data is None:
        flash(_("Geben Sie einen Tag an, zum Beispiel 24.11.2026."), "danger")
        return redirect(url_for("surveys.enter_slips", slug=slug), 303)
    last_moment = datetime.combine(form.until.data, time(23, 59), tzinfo=clock.LOCAL_ZONE)
    at = clock.now()
    with kept_or_told(_("Die Frist für Papierbögen ist gespeichert.")):
        slips.put_slips_until(
            db.session(),
            survey=survey,
            until=at if "end" in request.form else last_moment,
            actor=access.actor(),
            at=at,
        )
    return redirect(url_for("surveys.enter_slips", slug=slug), 303)


@blueprint.get("/verwaltung/beteiligungen/<slug>/tage")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def days(slug: str) -> ResponseReturnValue:
    """Show how many sheets came in a day, and by which way."""
    survey = _survey(slug)
    return render_template(
        "surveys/days.html",
        survey=survey,
        days=daily.responses_by_day(db.session(), survey.id),
        channels=daily.responses_by_channel(db.session(), survey.id),
        state=survey.state_at(clock.now()),
    )


def _survey(slug: str) -> Survey:
    return get_engagement(db.session(), access.here().id, slug, of=Survey)


def _questionnaire(survey: Survey, *, answering: bool = False) -> Questionnaire:
    """Return what is asked now, or in the version that stands on the slip (`?fassung=1`)."""
    wanted = request.args.get("fassung", "")
    version_id = next(
        (version.id for version in survey.versions if str(version.number) == wanted), None
    )
    if version_id is not None:
        questionnaire = queries.questionnaire_of_version(db.session(), version_id)
    else:
        questionnaire = queries.questionnaire_of(db.session(), survey.id, answering=answering)
    if not questionnaire.questions:
        raise NotFound("this survey asks nothing yet")
    return questionnaire


def _store(
    survey: Survey, questionnaire: Questionnaire, form: SlipForm, slip: slips.Slip
) -> ResponseReturnValue:
    try:
        entered = slips.enter_slip(
            db.session(),
            survey=survey,
            questionnaire=questionnaire,
            sheet=slip.sheet,
            channel=form.channel.data,
            submission=form.submission.data or "",
            key=secret_key(),
            at=clock.now(),
            previous=form.previous.data or "",
            is_another=bool(form.is_another.data),
        )
    except InvalidSheet as refusal:
        db.session.rollback()
        shown = faults_in_words(questionnaire, slip, refusal.faults)
        return _page(survey, questionnaire, form, slip=slip, faults=shown), 422
    except slips.SameSlip:
        db.session.rollback()
        return _page(survey, questionnaire, form, slip=slip, is_same=True), 409
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return _page(survey, questionnaire, form, slip=slip), 409
    db.session.commit()
    return _next_slip(survey, questionnaire, form, entered)


def _next_slip(
    survey: Survey, questionnaire: Questionnaire, form: SlipForm, entered: slips.Entered
) -> str:
    fresh = SlipForm(
        formdata=None,
        data={
            "channel": form.channel.data,
            "previous": entered.likeness,
            "entered": (form.entered.data or 0) + 1,
            "submission": secrets.token_hex(16),
        },
    )
    dropped = [
        printed.number
        for printed in printed_questions(questionnaire)
        if any(one.code in entered.dropped for one in printed.answered)
    ]
    is_on_behalf = form.channel.data is Channel.ON_BEHALF
    return _page(
        survey,
        questionnaire,
        fresh,
        dropped=dropped,
        code=entered.code if is_on_behalf else "",
        is_stored=True,
    )


def _page(survey: Survey, questionnaire: Questionnaire, form: SlipForm, **more: Any) -> str:
    slip = more.pop("slip", None)
    shown: dict[str, Any] = {
        "faults": {},
        "is_same": False,
        "is_stored": False,
        "is_checked": False,
        "dropped": [],
        "code": "",
    }
    at = clock.now()
    return render_template(
        "surveys/enter_slips.html",
        survey=survey,
        state=survey.state_at(at),
        takes_slips=slips.takes_slips(survey, at=at),
        version=questionnaire.version,
        versions=[version.number for version in survey.versions],
        questions=printed_questions(questionnaire),
        typed=slip.typed if slip else {},
        form=form,
        deadline=DeadlineForm(formdata=None, data=_deadline(survey)),
        may_put_deadline=bool({Role.STRATEGIST, Role.ADMINISTRATOR} & set(access.my_roles())),
        **shown | more,
    )


def _deadline(survey: Survey) -> dict[str, Any]:
    until = survey.slips_until or survey.closes_at
    return {"until": clock.local_date(until)}
