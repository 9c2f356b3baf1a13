"""Answer a survey: one page, and the receipt as the answer to sending it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from participation.accounts import access
from participation.engagements.forms import SubscriptionForm
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience, Engagement, EngagementState
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import Obstacle, days_left, obstacle
from participation.engagements.queries import (
    get_public_engagement,
    has_taken_part,
    public_engagements,
)
from participation.engagements.visitors import known_mark, visitor_mark
from participation.foundation import clock
from participation.foundation.errors import NotFound
from participation.surveys import operations, queries
from participation.surveys.blueprint import blueprint
from participation.surveys.forms import SheetForm, form_for
from participation.surveys.models import Survey
from participation.surveys.operations import AlreadyTookPart, Submitted
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.sheets import InvalidSheet
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.marks import ensure_browser_mark
from participation.web.secrets import secret_key

_PURPOSE = "response"
_OTHERS = 3


@blueprint.route("/beteiligung/<slug>/teilnehmen", methods=["GET", "POST"])
@access.public
@limited("120/hour")
def take_part(slug: str) -> ResponseReturnValue:
    """Show a survey and take the answers in.

    With `?zu=M-07` only what is asked about M-07. The receipt is the answer to the POST, so
    that its code stands in no address and in no log.
    """
    survey = get_public_engagement(db.session(), access.here().id, slug, of=Survey)
    whole = _questionnaire(survey)
    about = request.args.get("zu", "")
    form = form_for(whole.about(about))
    if request.method == "GET":
        why_not = obstacle(survey, at=clock.now(), account=access.me())
        if why_not is not None:
            return _closed(survey, form, why_not)
        return _page(survey, form, whole, took_part=_took_part(survey))
    if not form.validate_on_submit():
        return _page(survey, form, whole), 422
    return _take_in(survey, form, whole, about)


def _take_in(
    survey: Survey, form: SheetForm, whole: Questionnaire, about: str
) -> ResponseReturnValue:
    try:
        submitted = _submit(survey, form, whole, about)
    except InvalidSheet as refusal:
        db.session.rollback()
        form.show_faults(refusal)
        return _page(survey, form, whole), 422
    except AlreadyTookPart:
        db.session.rollback()
        return _page(survey, form, whole, took_part=True), 409
    except CannotTakePart as refusal:
        db.session.rollback()
        return _closed(survey, form, refusal.obstacle), 409
    others = _also_open(survey)
    # What the receipt shows of them is read; after the commit it would be read again.
    for engagement in (survey, *others):
        db.session.expunge(engagement)
    db.session.commit()
    return render_template(
        "surveys/receipt.html",
        survey=survey,
        code=submitted.code,
        has_written=bool(form.typed),
        others=others,
        subscription_form=SubscriptionForm(formdata=None),
        at=clock.now(),
    )


def _questionnaire(survey: Survey) -> Questionnaire:
    questionnaire = queries.questionnaire_of(
        db.session(),
        survey.id,
        language=_language(),
        answering=request.method == "POST",
    )
    if not questionnaire.questions:
        raise NotFound("this survey asks nothing yet")
    return questionnaire


def _submit(survey: Survey, form: SheetForm, whole: Questionnaire, about: str) -> Submitted:
    return operations.submit_response(
        db.session(),
        survey=survey,
        sheet=form.sheet(_language()),
        submission=form.submission.data or "",
        key=secret_key(),
        mark=_mark(survey, form),
        at=clock.now(),
        account=access.me(),
        form_opened_at=form.opened_at,
        about=about or None,
        questionnaire=whole,
    )


def _mark(survey: Survey, form: SheetForm) -> str:
    """Return who answers; a second person at the same device gets a mark of their own."""
    if not form.again.data or survey.audience is not Audience.OPEN or access.me() is not None:
        return visitor_mark(survey.id, _PURPOSE)
    who = f"browser:{ensure_browser_mark()}:{form.submission.data}"
    return participation_mark(secret_key(), survey.id, _PURPOSE, who)


def _took_part(survey: Survey) -> bool:
    mark = known_mark(survey.id, _PURPOSE)
    return mark is not None and has_taken_part(db.session(), survey.id, mark)


def _language() -> str:
    return str(get_locale())[:2]


def _page(survey: Survey, form: SheetForm, whole: Questionnaire, *, took_part: bool = False) -> str:
    return render_template(
        "surveys/take_part.html",
        survey=survey,
        form=form,
        is_part=len(form.asked.questions) < len(whole.questions),
        took_part=took_part or form.again.data,
        may_go_on=survey.audience is Audience.OPEN and access.me() is None,
        days_left=days_left(survey, at=clock.now()),
    )


def _closed(survey: Survey, form: SheetForm, why_not: Obstacle) -> str:
    return render_template("surveys/closed.html", survey=survey, form=form, obstacle=why_not)


def _also_open(survey: Survey) -> list[Engagement]:
    found = public_engagements(
        db.session(),
        survey.municipality_id,
        clock.now(),
        state=EngagementState.OPEN,
        limit=_OTHERS + 1,
    )
    return [one for one in found if one.id != survey.id][:_OTHERS]
