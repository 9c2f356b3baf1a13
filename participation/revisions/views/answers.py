"""Official answers: which are missing, drafting them, and the two signatures."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.errors import Conflict, Forbidden, NotFound, Refused
from participation.insights.models import Finding
from participation.insights.queries import evidence_counts
from participation.revisions import labels, operations, policy, queries
from participation.revisions.blueprint import blueprint
from participation.revisions.forms import (
    AnswerForm,
    SignForm,
    read_moment,
    written_moment,
)
from participation.revisions.models import AnswerState, Disposition, OfficialAnswer
from participation.strategy.models import Strategy
from participation.strategy.queries import get_strategy
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import show_refusal, told

# The second person may be a moderator who works on nothing else here.
READERS = (Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR, Role.MODERATOR)
SIGNERS = (Role.STRATEGIST, Role.ADMINISTRATOR, Role.MODERATOR)


@blueprint.get("/werkstatt/antworten/")
@access.requires(*READERS)
def answers() -> ResponseReturnValue:
    """List the findings without an answer, and all answers with how far they have come."""
    session = db.session()
    strategy = get_strategy(session, access.here().id)
    open_findings = queries.open_findings(session, strategy.id)
    unanswered = [finding for finding, answer in open_findings if answer is None]
    found = queries.answers_of(session, strategy.id, below=_number(request.args.get("vor")))
    return render_template(
        "revisions/answers.html",
        unanswered=unanswered,
        counts=evidence_counts(session, [finding.id for finding in unanswered]),
        answers=found,
        next_number=found[-1].id if len(found) == queries.PAGE else None,
        states=labels.STATE_TONES,
        tones=labels.TONES,
        may_draft=policy.may_draft(access.my_roles()),
        may_read_workshop=policy.may_read_workshop(access.my_roles()),
    )


def _number(written: str | None) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 12):
        raise NotFound(_("Diese Seite gibt es nicht."))
    return int(written)


@blueprint.route("/werkstatt/antworten/neu", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ANALYST)
def draft_answer() -> ResponseReturnValue:
    """Draft an answer to one or more findings."""
    strategy = get_strategy(db.session(), access.here().id)
    form = AnswerForm(data={"findings": request.args.getlist("erkenntnis")})
    form.offer(_unanswered(strategy, None))
    if form.validate_on_submit():
        try:
            answer = operations.draft_answer(
                db.session(),
                findings=form.chosen,
                disposition=Disposition(form.disposition.data),
                reasons=form.reasons.data or "",
                with_adoption=bool(form.with_adoption.data),
                actor=access.actor(),
                at=clock.now(),
            )
        except (Conflict, Refused) as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            answer_id = answer.id
            db.session.commit()
            flash(_("Der Entwurf ist gespeichert. Jetzt fehlen zwei Unterschriften."), "success")
            return redirect(url_for("revisions.answer", answer_id=answer_id), 303)
    return _form_page(form, strategy, None)


@blueprint.get("/werkstatt/antworten/<int:answer_id>")
@access.requires(*READERS)
def answer(answer_id: int) -> ResponseReturnValue:
    """Show an answer with its findings and signatures, and what can be done now."""
    strategy, found = _answer(answer_id)
    me, roles = access.actor(), access.my_roles()
    return render_template(
        "revisions/answer.html",
        answer=found,
        strategy=strategy,
        counts=evidence_counts(db.session(), [finding.id for finding in found.findings]),
        states=labels.STATE_TONES,
        tones=labels.TONES,
        form=SignForm(formdata=None, read=written_moment(found.drafted_at)),
        may_sign=policy.may_sign(found.state, roles, actor_id=me.id, lead_id=found.signed_by_id),
        may_amend=policy.may_draft(roles) and policy.may_amend_answer(found.state),
        may_discard=policy.may_draft(roles) and found.state is AnswerState.DRAFT,
        signed_by_me=found.signed_by_id == me.id,
        may_read_workshop=policy.may_read_workshop(roles),
    )


@blueprint.route("/werkstatt/antworten/<int:answer_id>/bearbeiten", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ANALYST)
def amend_answer(answer_id: int) -> ResponseReturnValue:
    """Word an answer differently; signatures given before fall away."""
    strategy, found = _answer(answer_id)
    form = AnswerForm(
        data={
            "edited_from": written_moment(found.drafted_at),
            "findings": [finding.code for finding in found.findings],
            "disposition": found.disposition.value,
            "reasons": found.reasons,
            "with_adoption": found.with_adoption,
        }
    )
    form.offer(_unanswered(strategy, found))
    if form.validate_on_submit():
        try:
            operations.amend_answer(
                db.session(),
                answer=found,
                findings=form.chosen,
                disposition=Disposition(form.disposition.data),
                reasons=form.reasons.data or "",
                with_adoption=bool(form.with_adoption.data),
                actor=access.actor(),
                at=clock.now(),
                edited_from=read_moment(form.edited_from.data),
            )
        except (Conflict, Refused) as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            db.session.commit()
            flash(_("Gespeichert. Die Antwort braucht jetzt neue Unterschriften."), "success")
            return redirect(url_for("revisions.answer", answer_id=answer_id), 303)
    return _form_page(form, strategy, found)


@blueprint.post("/werkstatt/antworten/<int:answer_id>/unterschreiben")
@access.requires(*SIGNERS)
def sign_answer(answer_id: int) -> ResponseReturnValue:
    """Sign an answer, as the lead or as the second person."""
    _strategy, found = _answer(answer_id)
    form = SignForm()
    read = read_moment(form.read.data)
    if not form.validate() or read is None:
        flash(_("Das Formular ist abgelaufen. Bitte versuchen Sie es noch einmal."), "warning")
        return redirect(url_for("revisions.answer", answer_id=answer_id), 303)
    try:
        operations.sign_answer(
            db.session(), answer=found, actor=access.actor(), at=clock.now(), read=read
        )
    except (Conflict, Forbidden) as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return redirect(url_for("revisions.answer", answer_id=answer_id), 303)
    state = found.state
    db.session.commit()
    flash(_words_after_signing(state), "success")
    return redirect(url_for("revisions.answer", answer_id=answer_id), 303)


def _words_after_signing(state: AnswerState) -> str:
    if state is AnswerState.PUBLISHED:
        return str(_("Unterschrieben. Die Antwort ist jetzt öffentlich."))
    if state is AnswerState.SIGNED:
        return str(_("Unterschrieben. Die Antwort erscheint mit dem Beschluss."))
    return str(_("Unterschrieben. Die zweite Person haben wir per E-Mail gebeten."))


@blueprint.post("/werkstatt/antworten/<int:answer_id>/verwerfen")
@access.requires(Role.STRATEGIST, Role.ANALYST)
def discard_answer(answer_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _strategy, found = _answer(answer_id)
    if not Form().validate_on_submit():
        return redirect(url_for("revisions.answer", answer_id=answer_id), 303)
    try:
        operations.discard_answer(db.session(), answer=found, actor=access.actor(), at=clock.now())
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return redirect(url_for("revisions.answer", answer_id=answer_id), 303)
    db.session.commit()
    flash(_("Der Entwurf ist verworfen."), "success")
    return redirect(url_for("revisions.answers"), 303)


def _answer(answer_id: int) -> tuple[Strategy, OfficialAnswer]:
    strategy = get_strategy(db.session(), access.here().id)
    return strategy, queries.get_answer(db.session(), strategy.id, answer_id)


def _unanswered(strategy: Strategy, own: OfficialAnswer | None) -> list[Finding]:
    """Return the findings that an answer may serve: those without one, and its own."""
    return [
        finding
        for finding, given in queries.open_findings(db.session(), strategy.id)
        if given is None or (own is not None and given.id == own.id)
    ]


def _form_page(
    form: AnswerForm, strategy: Strategy, found: OfficialAnswer | None
) -> ResponseReturnValue:
    page = render_template(
        "revisions/answer_form.html",
        form=form,
        answer=found,
        has_revision=queries.open_revision_of(db.session(), strategy.id) is not None,
    )
    return page, 422 if form.errors else 200
