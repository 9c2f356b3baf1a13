"""Propose what the next version says: amend, add, retire, and take a proposal back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.insights.models import Finding
from participation.insights.queries import findings_about, findings_of
from participation.revisions import drafting, operations, queries
from participation.revisions.blueprint import blueprint
from participation.revisions.forms import (
    PlacesForm,
    ReasonsForm,
    assigned_values,
    read_moment,
    reason_values,
    written_moment,
)
from participation.revisions.listing import by_field
from participation.revisions.models import Change, ChangeOperation, Revision
from participation.revisions.views.workshop import open_revision_here
from participation.revisions.wordings import proposed_wordings, taken_over
from participation.strategy.content import ElementContent
from participation.strategy.labels import FIELD_LABELS
from participation.strategy.models import Element, ElementKind
from participation.strategy.queries import get_element
from participation.strategy.wording_forms import FORMS, ElementForm, values_of
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import show_refusal, told

_KINDS_IN_PATHS = {
    "handlungsfeld": ElementKind.ACTION_FIELD,
    "ziel": ElementKind.GOAL,
    "massnahme": ElementKind.MEASURE,
}
_MOST_FINDINGS = 100
_LONGEST_SEARCH = 100


@blueprint.get("/werkstatt/aenderungen/")
@access.requires(Role.STRATEGIST, Role.ANALYST)
def choose_element() -> ResponseReturnValue:
    """Offer the elements of the draft by action field, to choose the one that shall change."""
    _strategy, revision = open_revision_here()
    lines = queries.drafted_lines(db.session(), revision)
    wanted = " ".join(request.args.get("suche", "").split())[:_LONGEST_SEARCH]
    return render_template(
        "revisions/choose_element.html",
        groups=by_field(lines, wanted),
        changed={change.element.code: change for change in revision.changes},
        wanted=wanted,
        # One address for hundreds of rows: the code is put behind it.
        base=url_for("revisions.choose_element"),
    )


@blueprint.route("/werkstatt/aenderungen/<code>", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ANALYST)
def change(code: str) -> ResponseReturnValue:
    """Word an element differently and say why."""
    strategy, revision = open_revision_here()
    element = get_element(db.session(), strategy.id, code)
    proposal = next((one for one in revision.changes if one.element_id == element.id), None)
    if proposal is not None and proposal.operation is ChangeOperation.RETIRE:
        return redirect(url_for("revisions.retire", code=element.code), 303)
    said = queries.drafted_content(db.session(), revision, element, proposal)
    if said is None:
        raise NotFound(_("%(code)s steht nicht in der geltenden Fassung.", code=element.code))
    seen = written_moment(proposal.proposed_at) if proposal else ""
    form = FORMS[element.kind](data=values_of(said) | {"edited_from": seen})
    form.prepare(_titles(revision), said)
    reasons = _reasons_form(strategy.id, element, proposal)
    is_filled = _take(form, reasons, element, said) or form.add_row(request.form)
    if not is_filled and _are_valid(form, reasons):
        return _propose(form, reasons, revision, ChangeOperation.AMEND, element=element)
    return _page(form, reasons, element.kind, element, proposal)


@blueprint.route(
    "/werkstatt/aenderungen/neu/<any(handlungsfeld, ziel, massnahme):kind>",
    methods=["GET", "POST"],
)
@access.requires(Role.STRATEGIST, Role.ANALYST)
def add_element(kind: str) -> ResponseReturnValue:
    """Propose a new action field, goal or measure."""
    strategy, revision = open_revision_here()
    form = FORMS[_KINDS_IN_PATHS[kind]]()
    form.prepare(_titles(revision), None)
    reasons = _reasons_form(strategy.id, None, None)
    if not form.add_row(request.form) and _are_valid(form, reasons):
        return _propose(form, reasons, revision, ChangeOperation.ADD, kind=_KINDS_IN_PATHS[kind])
    return _page(form, reasons, _KINDS_IN_PATHS[kind], None, None)


@blueprint.route("/werkstatt/aenderungen/<code>/streichen", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ANALYST)
def retire(code: str) -> ResponseReturnValue:
    """Propose that an element leaves the strategy, and say why."""
    strategy, revision = open_revision_here()
    element = get_element(db.session(), strategy.id, code)
    proposal = queries.find_change(db.session(), revision.id, element.id)
    form = _reasons_form(strategy.id, element, proposal)
    if form.validate_on_submit():
        try:
            operations.propose_change(
                db.session(),
                revision=revision,
                element=element,
                operation=ChangeOperation.RETIRE,
                because=form.because(),
                actor=access.actor(),
                at=clock.now(),
            )
        except (Conflict, Refused) as refusal:
            db.session.rollback()
            flash(told(refusal), "danger")
            return redirect(url_for("revisions.choose_element"), 303)
        db.session.commit()
        flash(_("%(code)s soll entfallen.", code=code), "success")
        return redirect(url_for("revisions.workshop", element=code), 303)
    page = render_template("revisions/retire.html", form=form, element=element, proposal=proposal)
    return page, 422 if form.errors else 200


@blueprint.post("/werkstatt/aenderungen/<code>/verwerfen")
@access.requires(Role.STRATEGIST, Role.ANALYST)
def drop_change(code: str) -> ResponseReturnValue:
    """Take a proposal back."""
    strategy, revision = open_revision_here()
    element = get_element(db.session(), strategy.id, code)
    proposal = queries.find_change(db.session(), revision.id, element.id)
    if proposal is None:
        raise NotFound(_("%(code)s ändert sich im Entwurf nicht.", code=code))
    if Form().validate_on_submit():
        operations.drop_change(db.session(), change=proposal, actor=access.actor(), at=clock.now())
        db.session.commit()
        flash(_("Die Änderung an %(code)s ist verworfen.", code=code), "success")
    return redirect(url_for("revisions.workshop"), 303)


@blueprint.route("/werkstatt/aenderungen/<code>/gruende", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ANALYST)
def place_reasons(code: str) -> ResponseReturnValue:
    """Say which sentence changes because of which reason."""
    strategy, revision = open_revision_here()
    element = get_element(db.session(), strategy.id, code)
    proposal = queries.find_change(db.session(), revision.id, element.id)
    if proposal is None or not proposal.reasons:
        return redirect(url_for("revisions.workshop", element=element.code), 303)
    form = PlacesForm(
        data={
            "edited_from": written_moment(proposal.proposed_at),
            "assigned": assigned_values(proposal),
        }
    )
    form.offer(proposal)
    if form.validate_on_submit():
        try:
            operations.place_reasons(
                db.session(),
                change=proposal,
                places=form.places(),
                actor=access.actor(),
                at=clock.now(),
                edited_from=read_moment(form.edited_from.data),
            )
        except (Conflict, Refused) as refusal:
            db.session.rollback()
            form.form_errors.append(told(refusal))
        else:
            db.session.commit()
            flash(_("Die Gründe von %(code)s sind zugeordnet.", code=code), "success")
            return redirect(url_for("revisions.workshop", element=code), 303)
    page = render_template(
        "revisions/place_reasons.html",
        form=form,
        element=element,
        reasons=proposal.reasons,
        field_labels=FIELD_LABELS,
    )
    return page, 422 if form.errors else 200


def _titles(revision: Revision) -> dict[str, str]:
    lines = queries.drafted_lines(db.session(), revision)
    return {code: line.title for code, line in lines.items()}


def _reasons_form(
    strategy_id: int, element: Element | None, proposal: Change | None
) -> ReasonsForm:
    form = ReasonsForm(data=reason_values(proposal))
    wordings = proposed_wordings(db.session(), element.id) if element else ()
    form.offer(_findings_to_offer(strategy_id, element, proposal), wordings)
    return form


def _take(form: ElementForm, reasons: ReasonsForm, element: Element, said: ElementContent) -> bool:
    """Put a proposed wording into the form if its button was pressed; nothing is saved then."""
    comment = reasons.proposed.get(request.form.get("take", ""))
    if comment is None or comment.passage is None or not form.is_submitted():
        return False
    content = replace(said, title=form.title.data or "", text=form.text.data or "")
    found = taken_over(element, content, comment.passage.text, comment.rewording)
    if found is None:
        flash(
            _(
                "Der Abschnitt lautet im Entwurf schon anders. Übernehmen Sie den Wortlaut "
                "bitte von Hand."
            ),
            "warning",
        )
    else:
        form.title.data, form.text.data = found.title, found.text
        flash(_("Der Wortlaut steht jetzt im Formular. Er ist noch nicht gespeichert."), "info")
    reasons.wordings.data = [*dict.fromkeys([*(reasons.wordings.data or ()), comment.id.hex])]
    return True


def _findings_to_offer(
    strategy_id: int, element: Element | None, proposal: Change | None
) -> list[Finding]:
    """Return what can be a reason: what is one already, what is about the element, the newest."""
    given = [one.finding for one in proposal.reasons if one.finding] if proposal else []
    near = findings_about(db.session(), element.id) if element else ()
    newest = findings_of(db.session(), strategy_id, limit=_MOST_FINDINGS)
    return list({one.id: one for one in (*given, *near, *newest)}.values())


def _are_valid(form: ElementForm, reasons: ReasonsForm) -> bool:
    """Check both parts of the page, so that all errors show at once."""
    if not form.is_submitted():
        return False
    fine = form.validate()
    return reasons.validate() and fine


def _propose(
    form: ElementForm,
    reasons: ReasonsForm,
    revision: Revision,
    operation: ChangeOperation,
    *,
    element: Element | None = None,
    kind: ElementKind | None = None,
) -> ResponseReturnValue:
    try:
        proposal = operations.propose_change(
            db.session(),
            revision=revision,
            operation=operation,
            element=element,
            kind=kind,
            content=form.content(),
            because=reasons.because(),
            wordings=reasons.taken(),
            actor=access.actor(),
            at=clock.now(),
            edited_from=read_moment(form.edited_from.data),
        )
    except (Conflict, Refused) as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return _page(form, reasons, form.kind, element, None)
    code = proposal.element.code if proposal else None
    db.session.commit()
    flash(
        _("Die Änderung an %(code)s ist gespeichert.", code=code)
        if code
        else _("Alles ist wieder wie in der geltenden Fassung."),
        "success",
    )
    return redirect(url_for("revisions.workshop", element=code), 303)


def _page(
    form: ElementForm,
    reasons: ReasonsForm,
    kind: ElementKind,
    element: Element | None,
    proposal: Change | None,
) -> ResponseReturnValue:
    values: dict[str, Any] = {
        "element": element,
        "proposal": proposal,
        "segments": drafting.field_segments,
    }
    page = render_template("revisions/change.html", form=form, reasons=reasons, kind=kind, **values)
    return page, 422 if form.errors or reasons.errors else 200
