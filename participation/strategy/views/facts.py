"""What happens to an element: progress, milestones, indicators, measurements."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.strategy import operations, queries, records
from participation.strategy.blueprint import blueprint
from participation.strategy.models import Element, ElementKind, ElementWording, Indicator, Milestone
from participation.strategy.monitoring_forms import (
    IndicatorForm,
    MeasurementForm,
    MilestoneForm,
    ProgressForm,
)
from participation.strategy.profile import STATE_TONES
from participation.strategy.views.plan import READERS, may_edit
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import show_refusal, told


@blueprint.get("/werkstatt/strategie/<code>/stand")
@access.requires(*READERS)
def element_facts(code: str) -> ResponseReturnValue:
    """Show progress, milestones and indicators of an element, with the forms to report them."""
    element, wording = _element_here(code)
    return _facts_page(element, wording)


@blueprint.post("/werkstatt/strategie/<code>/stand/fortschritt")
@access.requires(Role.STRATEGIST)
def report_progress(code: str) -> ResponseReturnValue:
    """Report how a measure stands."""
    element, wording = _element_here(code)
    form = ProgressForm(prefix="progress-")
    if form.validate_on_submit():
        try:
            operations.report_progress(
                db.session(),
                element=element,
                state=form.state.data,
                percent=_number(form.percent.data),
                reason=form.reason.data or "",
                on=form.reported_on.data or clock.today(),
            )
            return _saved(element, "umsetzung")
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
    return _facts_page(element, wording, progress_form=form)


@blueprint.post("/werkstatt/strategie/<code>/stand/meilensteine")
@access.requires(Role.STRATEGIST)
def add_milestone(code: str) -> ResponseReturnValue:
    """Plan another step of a measure."""
    element, wording = _element_here(code)
    form = MilestoneForm(prefix="milestone-")
    if form.validate_on_submit():
        operations.add_milestone(
            db.session(),
            element=element,
            title=form.title.data or "",
            planned_on=form.planned_on.data or clock.today(),
            reached_on=form.reached_on.data,
        )
        return _saved(element, "meilensteine")
    return _facts_page(element, wording, milestone_form=form)


@blueprint.route(
    "/werkstatt/strategie/<code>/stand/meilensteine/<int:number>", methods=["GET", "POST"]
)
@access.requires(Role.STRATEGIST)
def edit_milestone(code: str, number: int) -> ResponseReturnValue:
    """Change a step, or note that it was reached."""
    element, _wording = _element_here(code)
    milestone = records.get_milestone(db.session(), element.id, number)
    form = MilestoneForm(obj=milestone)
    if form.validate_on_submit():
        operations.change_milestone(
            db.session(),
            milestone=milestone,
            title=form.title.data or "",
            planned_on=form.planned_on.data or milestone.planned_on,
            reached_on=form.reached_on.data,
        )
        return _saved(element, "meilensteine")
    page = render_template(
        "strategy/edit_milestone.html", form=form, element=element, milestone=milestone
    )
    return page, 422 if form.errors else 200


@blueprint.post("/werkstatt/strategie/<code>/stand/meilensteine/<int:number>/entfernen")
@access.requires(Role.STRATEGIST)
def drop_milestone(code: str, number: int) -> ResponseReturnValue:
    """Remove a step that was not reached."""
    element, _wording = _element_here(code)
    milestone: Milestone = records.get_milestone(db.session(), element.id, number)
    if not Form().validate_on_submit():
        return _back(element, "meilensteine")
    try:
        operations.drop_milestone(db.session(), milestone=milestone)
    except Conflict as refusal:
        return _refused(element, "meilensteine", refusal)
    return _saved(element, "meilensteine")


@blueprint.route("/werkstatt/strategie/<code>/stand/indikatoren/neu", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def add_indicator(code: str) -> ResponseReturnValue:
    """Say what is measured."""
    element, _wording = _element_here(code)
    form = IndicatorForm()
    if form.validate_on_submit():
        try:
            operations.add_indicator(db.session(), element=element, **_described(form))
            return _saved(element, "indikatoren")
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
    page = render_template(
        "strategy/edit_indicator.html", form=form, element=element, indicator=None
    )
    return page, 422 if form.errors else 200


@blueprint.route(
    "/werkstatt/strategie/<code>/stand/indikatoren/<int:number>", methods=["GET", "POST"]
)
@access.requires(Role.STRATEGIST)
def edit_indicator(code: str, number: int) -> ResponseReturnValue:
    """Correct how an indicator is described."""
    element, _wording = _element_here(code)
    indicator = records.get_indicator(db.session(), element.id, number)
    form = IndicatorForm(obj=indicator)
    if form.validate_on_submit():
        try:
            operations.change_indicator(db.session(), indicator=indicator, **_described(form))
            return _saved(element, "indikatoren")
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
    page = render_template(
        "strategy/edit_indicator.html", form=form, element=element, indicator=indicator
    )
    return page, 422 if form.errors else 200


@blueprint.post("/werkstatt/strategie/<code>/stand/indikatoren/<int:number>/entfernen")
@access.requires(Role.STRATEGIST)
def drop_indicator(code: str, number: int) -> ResponseReturnValue:
    """Remove an indicator that has no values."""
    element, _wording = _element_here(code)
    indicator = records.get_indicator(db.session(), element.id, number)
    if not Form().validate_on_submit():
        return _back(element, "indikatoren")
    try:
        operations.drop_indicator(db.session(), indicator=indicator)
    except Conflict as refusal:
        return _refused(element, "indikatoren", refusal)
    return _saved(element, "indikatoren")


@blueprint.post("/werkstatt/strategie/<code>/stand/indikatoren/<int:number>/messwerte")
@access.requires(Role.STRATEGIST)
def record_measurement(code: str, number: int) -> ResponseReturnValue:
    """Note a value of an indicator."""
    element, wording = _element_here(code)
    indicator = records.get_indicator(db.session(), element.id, number)
    form = _measurement_form(indicator)
    if form.validate_on_submit():
        try:
            operations.record_measurement(
                db.session(),
                indicator=indicator,
                value=form.value.data,
                on=form.measured_on.data or clock.today(),
                note=form.note.data or "",
            )
            return _saved(element, "indikatoren")
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
    return _facts_page(element, wording, measurement_forms={indicator.id: form})


@blueprint.post(
    "/werkstatt/strategie/<code>/stand/indikatoren/<int:number>/messwerte/<int:value>/entfernen"
)
@access.requires(Role.STRATEGIST)
def drop_measurement(code: str, number: int, value: int) -> ResponseReturnValue:
    """Remove a value that was noted by mistake."""
    element, _wording = _element_here(code)
    indicator = records.get_indicator(db.session(), element.id, number)
    measurement = records.get_measurement(db.session(), indicator.id, value)
    if not Form().validate_on_submit():
        return _back(element, "indikatoren")
    operations.drop_measurement(db.session(), measurement=measurement)
    return _saved(element, "indikatoren")


def _element_here(code: str) -> tuple[Element, ElementWording]:
    """Return an element of the current version with what it says."""
    session = db.session()
    strategy = queries.get_strategy(session, access.here().id)
    element = queries.get_element(session, strategy.id, code)
    version = queries.current_version(session, strategy.id)
    wording = queries.find_wording(session, version.id, element.id) if version else None
    if wording is None:
        raise NotFound(_("%(code)s steht nicht in dieser Fassung.", code=element.code))
    return element, wording


def _facts_page(
    element: Element,
    wording: ElementWording,
    *,
    progress_form: ProgressForm | None = None,
    milestone_form: MilestoneForm | None = None,
    measurement_forms: dict[int, MeasurementForm] | None = None,
) -> ResponseReturnValue:
    """Show the page; a form that was sent and refused comes back with what was typed."""
    session = db.session()
    is_measure = element.kind is ElementKind.MEASURE
    indicators = records.indicators_of(session, [element.id]).get(element.id, [])
    sent = [progress_form, milestone_form, *(measurement_forms or {}).values()]
    page = render_template(
        "strategy/element_facts.html",
        element=element,
        wording=wording,
        is_draft=queries.draft_version(session, element.strategy_id) is not None,
        tones=STATE_TONES,
        has_indicators=is_measure or element.kind is ElementKind.ACTION_FIELD,
        is_measure=is_measure,
        reports=records.progress_reports(session, element.id),
        milestones=records.milestones_of(session, element.id),
        indicators=indicators,
        progress_form=progress_form or _progress_form(element),
        milestone_form=milestone_form or MilestoneForm(prefix="milestone-", formdata=None),
        measurement_forms={each.id: _measurement_form(each, empty=True) for each in indicators}
        | (measurement_forms or {}),
        sent_form=next((form for form in sent if form is not None), None),
        form=Form(formdata=None),
        may_edit=may_edit(),
    )
    return page, 422 if any(sent) else 200


def _progress_form(element: Element) -> ProgressForm:
    """Return an empty form that starts from the latest report."""
    latest = next(iter(records.progress_reports(db.session(), element.id, limit=1)), None)
    values: dict[str, Any] = {"reported_on": clock.today()}
    if latest is not None:
        values |= {"state": latest.state, "percent": latest.percent}
    return ProgressForm(prefix="progress-", formdata=None, data=values)


def _measurement_form(indicator: Indicator, *, empty: bool = False) -> MeasurementForm:
    prefix = f"measurement-{indicator.id}-"
    if not empty:
        return MeasurementForm(prefix=prefix)
    return MeasurementForm(prefix=prefix, formdata=None, data={"measured_on": clock.today()})


def _described(form: IndicatorForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "kind": form.kind.data,
        "unit": form.unit.data or "",
        "direction": form.direction.data,
        "baseline": form.baseline.data,
        "target": form.target.data,
        "target_on": form.target_on.data,
        "source": form.source.data or "",
        "interval": _number(form.interval.data),
    }


def _number(value: int | None) -> int:
    return value if value is not None else 0


def _saved(element: Element, section: str) -> Response:
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return _back(element, section)


def _refused(element: Element, section: str, refusal: Conflict) -> Response:
    db.session.rollback()
    flash(told(refusal), "danger")
    return _back(element, section)


def _back(element: Element, section: str) -> Response:
    return redirect(url_for("strategy.element_facts", code=element.code, _anchor=section), 303)
