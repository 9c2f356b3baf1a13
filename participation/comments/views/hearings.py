"""Staff puts several comment rounds under one heading and says what changed between them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments import hearings
from participation.comments.blueprint import blueprint
from participation.comments.hearing_forms import HearingForm
from participation.comments.models import CommentRound, HearingPhase
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import show_refusal


@blueprint.route("/verwaltung/beteiligungen/<slug>/anhoerung", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def hearing(slug: str) -> ResponseReturnValue:
    """Show the hearing that a round is a phase of; begin one, join one, or describe it."""
    found = get_engagement(db.session(), access.here().id, slug, of=CommentRound)
    phase = hearings.find_phase(db.session(), found.id)
    phases = hearings.phases_of(db.session(), phase.hearing_id) if phase else []
    form = _form_for(found, phase, is_first=bool(phases) and phases[0] is phase)
    if form.validate_on_submit():
        try:
            _keep(form, found, phase)
        except (Refused, Conflict) as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            db.session.commit()
            flash(_("Gespeichert."), "success")
            return redirect(url_for("comments.hearing", slug=slug), 303)
    page = render_template(
        "comments/hearing.html",
        comment_round=found,
        phase=phase,
        phases=phases,
        form=form,
        at=clock.now(),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/verwaltung/beteiligungen/<slug>/anhoerung/weg")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def leave_hearing(slug: str) -> ResponseReturnValue:
    """Take a round that is not public yet out of its hearing."""
    found = get_engagement(db.session(), access.here().id, slug, of=CommentRound)
    phase = hearings.find_phase(db.session(), found.id)
    if phase is None:
        raise NotFound(_("Diese Kommentarrunde gehört zu keiner Anhörung."))
    if Form().validate_on_submit():
        hearings.remove_phase(db.session(), phase=phase, actor=access.actor(), at=clock.now())
        db.session.commit()
        flash(_("Diese Kommentarrunde steht jetzt wieder für sich."), "success")
    return redirect(url_for("comments.hearing", slug=slug), 303)


def _form_for(found: CommentRound, phase: HearingPhase | None, *, is_first: bool) -> HearingForm:
    if phase is None:
        form = HearingForm(data={"title": found.title})
        form.offer(hearings.hearings_of(db.session(), access.here().id))
        return form
    form = HearingForm(
        data={
            "title": phase.hearing.title,
            "summary": phase.hearing.summary,
            "note": phase.note,
        }
    )
    del form.hearing
    if is_first:
        del form.note
    return form


def _keep(form: HearingForm, found: CommentRound, phase: HearingPhase | None) -> None:
    actor, at = access.actor(), clock.now()
    if phase is not None:
        hearings.describe(
            db.session(),
            phase=phase,
            title=form.title.data or "",
            summary=form.summary.data or "",
            note=(form.note.data or "") if "note" in form else "",
            actor=actor,
            at=at,
        )
        return
    if not form.hearing.data:
        hearings.begin_hearing(
            db.session(),
            comment_round=found,
            title=form.title.data or "",
            summary=form.summary.data or "",
            actor=actor,
            at=at,
        )
        return
    offered = hearings.hearings_of(db.session(), access.here().id)
    joined = next(one for one in offered if str(one.id) == form.hearing.data)
    hearings.add_phase(
        db.session(),
        hearing=joined,
        comment_round=found,
        note=form.note.data or "",
        actor=actor,
        at=at,
    )
