"""Ask for ideas: draft a call and change it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements import policy
from participation.engagements.form_values import starting_values, values_of
from participation.engagements.models import EngagementKind
from participation.engagements.operations import change_engagement
from participation.engagements.patterns import values_from_template, values_like
from participation.engagements.queries import get_engagement
from participation.engagements.wordings import easy_states
from participation.foundation import clock
from participation.ideas import operations
from participation.ideas.blueprint import blueprint
from participation.ideas.call_fields import copy_fields
from participation.ideas.forms import IdeaCallForm
from participation.ideas.models import IdeaCall
from participation.strategy.queries import choices_of_elements, elements_of, find_strategy
from participation.web.extensions import db

# A call from a template is about all fields; a clerk takes away what it is not about.
_FIELDS = "HF-"


@blueprint.route("/beteiligung/neu/ideenaufruf", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def open_call() -> ResponseReturnValue:
    """Draft a call for ideas."""
    municipality = access.here()
    strategy = find_strategy(db.session(), municipality.id)
    offered = choices_of_elements(db.session(), strategy.id) if strategy else []
    form = IdeaCallForm(data=starting_values() | _begun([code for code, _title in offered]))
    form.offer_elements(offered)
    if form.validate_on_submit() and strategy is not None:
        chosen = elements_of(db.session(), strategy.id, form.elements.data or ())
        call = operations.open_call(
            db.session(),
            municipality=municipality,
            plan=form.plan(chosen),
            question=form.question.data or "",
            guide=form.guide.data or "",
            asks_place=form.place_rule,
            actor=access.actor(),
            at=clock.now(),
        )
        earlier = _earlier()
        if earlier is not None:
            copy_fields(db.session(), before=earlier, call=call)
        db.session.commit()
        flash(_("Der Entwurf ist gespeichert. Öffentlich wird er mit „Veröffentlichen“."), "info")
        return redirect(url_for("engagements.manage"), 303)
    page = render_template("ideas/call.html", form=form, call=None, easy=None)
    return page, 422 if form.errors else 200


@blueprint.route("/verwaltung/beteiligungen/<slug>/ideenaufruf", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def edit_call(slug: str) -> ResponseReturnValue:
    """Change a call for ideas."""
    municipality = access.here()
    call = get_engagement(db.session(), municipality.id, slug, of=IdeaCall)
    strategy = find_strategy(db.session(), municipality.id)
    form = IdeaCallForm(data=values_of(call) | _own_values(call))
    form.offer_elements(choices_of_elements(db.session(), strategy.id) if strategy else [])
    is_fixed = policy.rules_are_frozen(call, at=clock.now())
    if is_fixed:
        form.freeze_rules()
    if form.validate_on_submit() and strategy is not None:
        chosen = elements_of(db.session(), strategy.id, form.elements.data or ())
        call.question = form.question.data or ""
        call.guide = form.guide.data or ""
        call.asks_place = form.place_rule
        change_engagement(
            db.session(),
            engagement=call,
            plan=form.plan(chosen, frozen=call if is_fixed else None),
            actor=access.actor(),
            at=clock.now(),
        )
        db.session.commit()
        flash(_("Gespeichert."), "success")
        return redirect(url_for("engagements.manage"), 303)
    easy = easy_states(db.session(), [call]).get(call.id)
    page = render_template("ideas/call.html", form=form, call=call, easy=easy)
    return page, 422 if form.errors else 200


def _begun(codes: list[str]) -> dict[str, Any]:
    """Return what a new call begins with: a template, or an earlier call that it is like."""
    if "vorlage" in request.args:
        fields = [code for code in codes if code.startswith(_FIELDS)]
        key = request.args["vorlage"]
        return values_from_template(EngagementKind.IDEA_CALL, key) | {"elements": fields}
    earlier = _earlier()
    return values_like(earlier) | _own_values(earlier) if earlier is not None else {}


def _earlier() -> IdeaCall | None:
    """Return the call that a new one is to be like."""
    if "wie" not in request.args:
        return None
    return get_engagement(db.session(), access.here().id, request.args["wie"], of=IdeaCall)


def _own_values(call: IdeaCall) -> dict[str, Any]:
    """Return what only a call for ideas says."""
    return {"question": call.question, "guide": call.guide, "asks_place": call.asks_place.value}
