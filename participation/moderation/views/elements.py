"""What an idea is about, as moderators correct it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.contributions.models import Contribution
from participation.contributions.queries import get_contribution
from participation.engagements.queries import elements_about
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.ideas.assigning import correct_elements, may_be_assigned
from participation.ideas.fitting import action_fields_of
from participation.ideas.forms import ElementsForm
from participation.ideas.models import Idea
from participation.ideas.queries import elements_of
from participation.moderation.blueprint import blueprint
from participation.web.extensions import db
from participation.web.refusals import told


@blueprint.post("/moderation/<uuid:contribution_id>/bezug")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def correct(contribution_id: uuid.UUID) -> ResponseReturnValue:
    """Say anew what an idea is about; its status and its words stay as they are."""
    idea = get_contribution(db.session(), access.here().id, contribution_id)
    if not isinstance(idea, Idea):
        raise NotFound("there is no such idea")
    form = _offered(ElementsForm(), idea)
    if not form.validate_on_submit():
        flash(
            _("Davon gibt es hier etwas nicht oder nicht mehr. Bitte prüfen Sie Ihre Auswahl."),
            "warning",
        )
        return _back(contribution_id)
    wanted = set(form.elements.data or ())
    try:
        is_changed = correct_elements(
            db.session(),
            idea=idea,
            elements=[one for one in idea.engagement.elements if one.code in wanted],
            actor=access.actor(),
            at=clock.now(),
        )
    except Conflict as conflict:
        db.session.rollback()
        flash(told(conflict), "warning")
        return _back(contribution_id)
    db.session.commit()
    if is_changed:
        flash(_("Der Bezug zur Strategie ist geändert. Auf dem Beleg steht das."), "success")
    else:
        flash(_("Es hat sich nichts geändert."), "info")
    return _back(contribution_id)


def about(contribution: Contribution) -> dict[str, Any] | None:
    """What an idea is about, and the form to correct it where its call offers anything."""
    if not isinstance(contribution, Idea):
        return None
    chosen = elements_of(db.session(), contribution.id)
    form = _offered(ElementsForm(formdata=None), contribution)
    form.elements.data = [element.code for element in chosen]
    may_correct = bool(form.elements.choices) and may_be_assigned(contribution)
    return {"elements": chosen, "form": form if may_correct else None}


def _offered(form: ElementsForm, idea: Idea) -> ElementsForm:
    offered = elements_about(db.session(), idea.engagement_id)
    form.offer_elements(offered, action_fields_of(db.session(), offered))
    return form


def _back(contribution_id: uuid.UUID) -> ResponseReturnValue:
    kind = request.args.get("art") or None
    address = url_for("moderation.item", contribution_id=contribution_id, art=kind, _anchor="bezug")
    return redirect(address, 303)
