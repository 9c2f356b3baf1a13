"""Findings: all of them with their answers, and one to look at and correct."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.forms import element_groups
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.insights import queries as insights
from participation.insights.models import Finding
from participation.insights.policy import may_record_finding
from participation.revisions import labels, operations, policy, queries
from participation.revisions.blueprint import blueprint
from participation.revisions.forms import CorrectionForm
from participation.revisions.models import AnswerState, OfficialAnswer
from participation.revisions.views.workshop import READERS
from participation.strategy.models import Strategy
from participation.strategy.queries import choices_of_elements, elements_of, get_strategy
from participation.web.extensions import db
from participation.web.forms import choices
from participation.web.refusals import show_refusal


@blueprint.get("/werkstatt/erkenntnisse/")
@access.requires(*READERS)
def findings() -> ResponseReturnValue:
    """List the findings, the newest first, each with how far its answer has come."""
    session = db.session()
    strategy = get_strategy(session, access.here().id)
    before = request.args.get("vor", "")
    below = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    found = insights.findings_of(session, strategy.id, below=below)
    ids = [one.id for one in found]
    return render_template(
        "revisions/findings.html",
        findings=found,
        answers=queries.answers_to(session, ids),
        counts=insights.evidence_counts(session, ids),
        states=labels.STATE_TONES,
        next_number=found[-1].number if len(found) == insights.PAGE else None,
        may_draft=policy.may_draft(access.my_roles()),
    )


@blueprint.get("/werkstatt/erkenntnisse/<code>")
@access.requires(*READERS)
def finding(code: str) -> ResponseReturnValue:
    """Show a finding with everything that it cites and its answer."""
    _strategy, found = _finding(code)
    answer = queries.answer_to(db.session(), found.id)
    return render_template(
        "revisions/finding.html",
        finding=found,
        evidence=insights.evidence_of(db.session(), found.id),
        count=insights.evidence_counts(db.session(), [found.id])[found.id],
        answer=answer,
        tones=labels.TONES,
        states=labels.STATE_TONES,
        may_draft=policy.may_draft(access.my_roles()),
        may_correct=may_record_finding(access.my_roles()) and _is_free(answer),
    )


@blueprint.route("/werkstatt/erkenntnisse/<code>/bearbeiten", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def correct_finding(code: str) -> ResponseReturnValue:
    """Correct a finding as long as nobody has signed an answer to it."""
    session = db.session()
    strategy, found = _finding(code)
    evidence = insights.evidence_of(session, found.id)
    form = CorrectionForm(
        data={
            "sentence": found.sentence,
            "elements": [element.code for element in found.elements],
            "kept": [str(one.id) for one in evidence],
        }
    )
    form.elements.choices = choices(choices_of_elements(session, strategy.id))
    form.kept.choices = choices((str(one.id), str(one.id)) for one in evidence)
    if form.validate_on_submit():
        kept = set(form.kept.data or ())
        try:
            operations.correct_finding(
                session,
                finding=found,
                sentence=form.sentence.data or "",
                elements=list(elements_of(session, strategy.id, form.elements.data or ()).values()),
                keep=[one for one in evidence if str(one.id) in kept],
                actor=access.actor(),
                at=clock.now(),
            )
        except (Conflict, Refused) as refusal:
            session.rollback()
            show_refusal(form, refusal)
        else:
            session.commit()
            flash(_("%(code)s ist gespeichert.", code=code), "success")
            return redirect(url_for("revisions.finding", code=code), 303)
    page = render_template(
        "revisions/correct_finding.html",
        form=form,
        finding=found,
        evidence=evidence,
        element_groups=element_groups(form.elements),
        kept=set(form.kept.data or ()),
    )
    return page, 422 if form.errors else 200


def _finding(code: str) -> tuple[Strategy, Finding]:
    strategy = get_strategy(db.session(), access.here().id)
    number = code.removeprefix("E-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound(_("Diese Erkenntnis gibt es nicht."))
    return strategy, insights.get_finding(db.session(), strategy.id, int(number))


def _is_free(answer: OfficialAnswer | None) -> bool:
    return answer is None or answer.state is AnswerState.DRAFT
