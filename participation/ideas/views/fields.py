"""Ask more in a call than title and text: its own fields."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.noting import note_on
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.ideas import call_fields
from participation.ideas.blueprint import blueprint
from participation.ideas.field_forms import FieldForm, values_of_field
from participation.ideas.models import CallField, IdeaCall
from participation.web.extensions import db
from participation.web.refusals import show_refusal

_FIELDS = "/verwaltung/beteiligungen/<slug>/zusatzfelder"
_FIELD = _FIELDS + "/<int(max=2147483647):field_id>"


@blueprint.route(_FIELDS, methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def fields(slug: str) -> ResponseReturnValue:
    """List the fields of a call, and add one."""
    call, form = _call(slug), FieldForm()
    if form.validate_on_submit():
        try:
            added = call_fields.add_field(db.session(), call=call, draft=form.draft)
        except Refused as refusal:
            db.session.rollback()
            call = _call(slug)
            show_refusal(form, refusal)
        else:
            return _done(call, "idea_call.field_added", added.id, _("Das Feld ist dabei."))
    page = render_template(
        "ideas/fields.html",
        call=call,
        form=form,
        fields=call_fields.fields_of(db.session(), call.id, with_removed=True),
    )
    return page, 422 if form.errors else 200


@blueprint.route(_FIELD, methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def edit_field(slug: str, field_id: int) -> ResponseReturnValue:
    """Change a field."""
    call = _call(slug)
    field = call_fields.get_field(db.session(), call.id, field_id)
    form = FieldForm(data=values_of_field(field))
    if form.validate_on_submit():
        try:
            call_fields.change_field(db.session(), field=field, draft=form.draft)
        except Refused as refusal:
            db.session.rollback()
            call = _call(slug)
            field = call_fields.get_field(db.session(), call.id, field_id)
            show_refusal(form, refusal)
        else:
            return _done(call, "idea_call.field_changed", field_id, _("Gespeichert."))
    page = render_template(
        "ideas/edit_field.html",
        call=call,
        field=field,
        form=form,
        is_answered=call_fields.is_answered(db.session(), field),
    )
    return page, 422 if form.errors else 200


@blueprint.post(_FIELD + "/<any(hoch, runter):direction>")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def move_field(slug: str, field_id: int, direction: str) -> ResponseReturnValue:
    """Let a field change places with its neighbour."""
    call, field = _found(slug, field_id)
    call_fields.move_field(db.session(), field=field, up=direction == "hoch")
    db.session.commit()
    return redirect(url_for("ideas.fields", slug=call.slug, _anchor=f"feld-{field_id}"), 303)


@blueprint.post(_FIELD + "/entfernen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def remove_field(slug: str, field_id: int) -> ResponseReturnValue:
    """Ask something no more."""
    call, field = _found(slug, field_id)
    is_gone = call_fields.remove_field(db.session(), field=field)
    words = (
        _("Das Feld ist entfernt.")
        if is_gone
        else _("Das Feld wird nicht mehr gefragt. Die Antworten, die es gibt, bleiben.")
    )
    return _done(call, "idea_call.field_removed", field_id, words)


def _call(slug: str) -> IdeaCall:
    return get_engagement(db.session(), access.here().id, slug, of=IdeaCall)


def _found(slug: str, field_id: int) -> tuple[IdeaCall, CallField]:
    call = _call(slug)
    return call, call_fields.get_field(db.session(), call.id, field_id)


def _done(call: IdeaCall, action: str, field_id: int, words: str) -> ResponseReturnValue:
    note_on(db.session(), action, call, actor=access.actor(), at=clock.now(), field=field_id)
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("ideas.fields", slug=call.slug), 303)
