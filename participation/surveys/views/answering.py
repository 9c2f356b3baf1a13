"""Answer a survey: step by step or on one page, read over, and the receipt at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.engagements.joining import joined
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience, Engagement, EngagementState
from participation.engagements.operations import CannotTakePart
from participation.engagements.participant_groups import GroupGone
from participation.engagements.queries import get_public_engagement, public_engagements
from participation.engagements.visitor_forms import SubscriptionForm
from participation.engagements.visitors import leave, visitor_mark
from participation.foundation import clock
from participation.foundation.orm import reading_only
from participation.surveys import operations
from participation.surveys.blueprint import blueprint
from participation.surveys.models import Survey
from participation.surveys.operations import AlreadyTookPart, Submitted, SurveyChanged
from participation.surveys.saving import forget_sheet
from participation.surveys.sheet_forms import SheetForm
from participation.surveys.sheets import InvalidSheet
from participation.surveys.steps import EVERYTHING
from participation.surveys.views.filling import CHECK, PURPOSE, Filling, took_part
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.marks import ensure_browser_mark
from participation.web.refusals import told
from participation.web.secrets import secret_key

_OTHERS = 3
_CARRIED = frozenset({"zu", "sprache", "ansicht"})


@blueprint.route("/beteiligung/<slug>/teilnehmen", methods=["GET", "POST"])
@access.public
@limited("120/hour", at_most="1200/hour")
def take_part(slug: str) -> ResponseReturnValue:
    """Show a survey and take the answers in.

    With `?zu=M-07` only what is asked about M-07. The receipt is the answer to the POST, so
    that its code stands in no address and in no log.
    """
    filling = Filling(slug, sends=request.method == "POST")
    if request.method == "GET":
        why_not = filling.why_not()
        if why_not is not None:
            return filling.closed(why_not)
        return filling.page(filling.first_page(), took_part=took_part(filling.survey))
    if not filling.form.validate_on_submit():
        return _invalid_form(filling)
    return _send(filling)


@blueprint.route("/beteiligung/<slug>/teilnehmen/schritt", methods=["GET", "POST"])
@access.public
@limited("3000/hour")
def step(slug: str) -> ResponseReturnValue:
    """Go from one page of a survey to another. Nothing is stored: the form carries it along."""
    if request.method == "GET":
        # Somebody reloads the address of a step, or follows it from the history.
        get_public_engagement(db.session(), access.here().id, slug, of=Survey)
        query: dict[str, Any] = {
            name: value for name, value in request.args.items() if name in _CARRIED
        }
        return redirect(url_for("surveys.take_part", slug=slug, **query), 303)
    if access.me() is None:
        # Nobody who sends their answers meanwhile has to wait for a step.
        reading_only.set(True)
    filling = Filling(slug)
    why_not = filling.why_not()
    if why_not is not None:
        return filling.closed(why_not, 409)
    if not filling.form.validate_on_submit():
        return _invalid_form(filling)
    return filling_troubled(filling) or _go(filling, request.form.get("tun", "weiter"))


def filling_troubled(filling: Filling) -> ResponseReturnValue | None:
    """Return the page that explains why what was sent has to be looked at again, if it has to."""
    if filling.trouble == "changed":
        filling.begun = replace(
            filling.begun, edition=filling.asked.edition, seen=frozenset(), is_checked=False
        )
        notice = _(
            "Die Umfrage wurde geändert, während Sie sie ausgefüllt haben. Es wurde noch nichts "
            "gespeichert, und Ihre Eingaben sind noch da. Bitte sehen Sie die Fragen noch einmal "
            "durch."
        )
        return filling.page(filling.first_page(), notice=notice, status=409)
    if filling.trouble == "broken":
        notice = _(
            "Ihre früheren Schritte konnten wir nicht lesen: Das Formular gehört nicht hierher "
            "oder wurde verändert. Es wurde nichts gespeichert. Bitte beginnen Sie mit diesem "
            "Schritt. Was Sie zuletzt eingegeben haben, ist noch da."
        )
        return filling.page(filling.first_page(), notice=notice, status=422)
    if filling.trouble == "old":
        notice = _(
            "Das Formular war länger als 30 Tage offen. Ihre Antworten sind noch da. Bitte lesen "
            "Sie sie noch einmal durch und senden Sie sie dann ab."
        )
        return filling.check(notice=notice, status=409)
    return None


def _go(filling: Filling, action: str) -> ResponseReturnValue:
    here = filling.page_number
    if action == "zurueck":
        return _back(filling, here)
    if action == "sprache":
        return filling.check() if here == CHECK else filling.page(here)
    if action in {"alles", "schritte"}:
        filling.begun = replace(filling.begun, on_one_page=action == "alles")
        return filling.page(filling.first_page())
    if action.startswith("seite:"):
        return _jump(filling, action.removeprefix("seite:"))
    if action == "pruefen" or here in {EVERYTHING, CHECK}:
        return _check(filling)
    return _forward(filling, here)


def _forward(filling: Filling, here: int) -> ResponseReturnValue:
    page = filling.way.page(here)
    if page is None:
        return _out_of_step(filling) or filling.page(filling.first_page(), status=422)
    out_of_step = _out_of_step(filling, below=here)
    if out_of_step is not None:
        return out_of_step
    faults = filling.faults(page)
    if faults:
        return filling.page(here, faults=faults, status=422)
    following = filling.way.after(here)
    return _check(filling) if following is None else filling.page(following.number)


def _back(filling: Filling, here: int) -> ResponseReturnValue:
    if here == EVERYTHING or not filling.is_stepwise:
        return filling.page(EVERYTHING)
    steps = filling.way.steps
    if here == CHECK and steps:
        return filling.page(steps[-1].number)
    before = filling.way.before(here)
    return filling.page(filling.first_page() if before is None else before.number)


def _jump(filling: Filling, target: str) -> ResponseReturnValue:
    """Go to a page from the check, if everything before it was seen."""
    number = int(target) if target.isascii() and target.isdigit() and len(target) < 4 else -1
    if number == EVERYTHING:
        return filling.page(EVERYTHING)
    if all(page.number != number for page in filling.way.steps):
        return filling.page(filling.first_page(), status=422)
    return _out_of_step(filling, below=number) or filling.page(number)


def _check(filling: Filling) -> ResponseReturnValue:
    """Show what was answered, if nothing is wrong or missing in it."""
    here = filling.way.page(filling.page_number)
    faults = filling.faults(here) if here is not None else []
    if faults:
        return filling.page(filling.page_number, faults=faults, status=422)
    unseen = filling.way.first_unseen()
    if unseen is not None and filling.is_stepwise:
        return filling.page(unseen.number)
    faults = filling.faults()
    if faults:
        return filling.page(filling.page_of(faults), faults=faults, status=422)
    return filling.check()


def _out_of_step(filling: Filling, below: int | None = None) -> ResponseReturnValue | None:
    """Return the first step that was left out, with a friendly word; None if none was."""
    unseen = filling.way.first_unseen(below=below)
    if unseen is None or not filling.is_stepwise:
        return None
    notice = _(
        "Dieser Schritt fehlt noch. Bitte beantworten Sie ihn zuerst. Was Sie schon eingegeben "
        "haben, ist noch da."
    )
    return filling.page(unseen.number, notice=notice, status=422)


def _invalid_form(filling: Filling) -> ResponseReturnValue:
    if filling.form.submission.errors:
        filling.renew_submission()
    if filling.page_number == CHECK:
        return filling.check(status=422)
    return filling.page(filling.page_number, status=422)


def _send(filling: Filling) -> ResponseReturnValue:
    if filling.trouble != "changed":
        # A changed survey is for the operation to refuse: the sheet may be stored long since.
        troubled = filling_troubled(filling) or _left_out(filling)
        if troubled is not None:
            return troubled
    try:
        submitted = _submit(filling)
    except (InvalidSheet, SurveyChanged, AlreadyTookPart, CannotTakePart, GroupGone) as refusal:
        db.session.rollback()
        return _refused(filling, refusal)
    return _receipt(filling, submitted)


def _refused(filling: Filling, refusal: Exception) -> ResponseReturnValue:
    """Say why a sheet was not stored, on the page where it can be put right."""
    if isinstance(refusal, InvalidSheet):
        number = filling.page_of(refusal.faults)
        return filling.page(number, faults=refusal.faults, status=422)
    if isinstance(refusal, CannotTakePart):
        return filling.closed(refusal.obstacle, 409)
    if isinstance(refusal, GroupGone):
        return filling.check(notice=told(refusal), status=409)
    if isinstance(refusal, AlreadyTookPart):
        if filling.page_number == CHECK:
            return filling.check(took_part=True, status=409)
        return filling.page(filling.page_number, took_part=True, status=409)
    filling.trouble = "changed"
    return filling_troubled(filling) or filling.check(status=409)


def _receipt(filling: Filling, submitted: Submitted) -> ResponseReturnValue:
    survey, submitted_to = filling.survey, filling.survey.id
    if filling.begun.token:
        forget_sheet(db.session(), token=filling.begun.token)
    others = _also_open(survey)
    # What the receipt shows of them is read; after the commit it would be read again.
    for engagement in (survey, *others):
        db.session.expunge(engagement)
    db.session.commit()
    # Whoever uses this browser next needs a code of their own.
    leave(submitted_to)
    return render_template(
        "surveys/receipt.html",
        survey=survey,
        code=submitted.code,
        has_written=bool(filling.sheet.written()),
        others=others,
        subscription_form=SubscriptionForm(formdata=None),
        at=clock.now(),
    )


def _left_out(filling: Filling) -> ResponseReturnValue | None:
    """Refuse a sheet of which some step was never shown, though it was begun step by step."""
    if filling.page_number == EVERYTHING:
        return None
    return _out_of_step(filling)


def _submit(filling: Filling) -> Submitted:
    form = filling.form
    return operations.submit_response(
        db.session(),
        survey=filling.survey,
        sheet=filling.sheet,
        submission=form.submission.data or "",
        key=secret_key(),
        mark=_mark(filling.survey, form),
        at=clock.now(),
        account=access.me(),
        form_opened_at=form.opened_at,
        about=filling.about or None,
        questionnaire=filling.whole,
        edition=filling.begun.edition,
        guest=filling.guest,
        group=joined(filling.survey),
    )


def _mark(survey: Survey, form: SheetForm) -> str:
    """Return who answers; a second person at the same device gets a mark of their own."""
    if not form.again.data or survey.audience is not Audience.OPEN or access.me() is not None:
        return visitor_mark(survey.id, PURPOSE)
    who = f"browser:{ensure_browser_mark()}:{form.submission.data}"
    return participation_mark(secret_key(), survey.id, PURPOSE, who)


def _also_open(survey: Survey) -> list[Engagement]:
    found = public_engagements(
        db.session(),
        survey.municipality_id,
        clock.now(),
        state=EngagementState.OPEN,
        limit=_OTHERS + 1,
    )
    return [one for one in found if one.id != survey.id][:_OTHERS]
