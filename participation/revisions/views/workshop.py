"""The workshop itself: how far the work has come, the open revision, and its adoption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.insights.charts import Chart, charts_of
from participation.insights.models import Finding
from participation.insights.queries import (
    aggregates_about,
    evidence_counts,
    findings_about,
)
from participation.insights.said import counts_about
from participation.revisions import drafting, labels, operations, policy, queries, reasons
from participation.revisions.blueprint import blueprint
from participation.revisions.consulted import rounds_still_open
from participation.revisions.drafting import Contents
from participation.revisions.forms import AbandonForm, NextAdoptionForm
from participation.revisions.models import Change, Revision
from participation.revisions.policy import Blocker, Obstacle
from participation.strategy.content import FIELDS, shown, to_values
from participation.strategy.labels import FIELD_LABELS
from participation.strategy.models import Element, Strategy
from participation.strategy.queries import adopted_version, find_strategy, get_strategy
from participation.web.extensions import db
from participation.web.filters import label
from participation.web.forms import Form
from participation.web.refusals import kept_or_told, show_refusal, told

READERS = (Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
# Beside the wording nobody reads more; the page of the evidence has them all.
_NEAR_FINDINGS = 8
# So many changed elements are ticked for the comment round; an address must not grow too long.
_MOST_ASKED = 100
_MODES = ("aenderungen", "neu", "alt")


@dataclass(frozen=True)
class Bench:
    """What is beside the element that is being worked on: evidence and findings."""

    element: Element
    charts: Sequence[Chart]
    contributions: int
    findings: Sequence[Finding]
    further: int
    answers: Mapping[int, Any]
    counts: Mapping[int, Any]


@blueprint.get("/werkstatt/")
@access.requires(*READERS)
def workshop() -> ResponseReturnValue:
    """Show how far the next version has come and what is missing before its adoption."""
    session = db.session()
    strategy = find_strategy(session, access.here().id)
    if strategy is None:
        return redirect(url_for("strategy.manage"), 303)
    revision = queries.open_revision_of(session, strategy.id)
    drafted = queries.drafted_contents(session, revision) if revision else {}
    change = _chosen_change(revision)
    return render_template(
        "revisions/workshop.html",
        strategy=strategy,
        revision=revision,
        adopted=None if revision else adopted_version(session, strategy.id),
        numbers=queries.numbers_of(session, strategy, revision),
        blockers=_blocker_rows(queries.blockers(session, revision, drafted)) if revision else [],
        titles={code: said.title for code, (_element, said) in drafted.items()},
        change=change,
        bench=_bench(change.element) if change else None,
        mode=request.args.get("ansicht") if request.args.get("ansicht") in _MODES else _MODES[0],
        profile=_profile,
        drafted=drafted,
        base=_base_of(change),
        segments=drafting.field_segments,
        reasoned=reasons.parted,
        sentences=reasons.sentences_of,
        field_labels=FIELD_LABELS,
        tones=labels.TONES,
        may_draft=policy.may_draft(access.my_roles()),
        may_lead=policy.may_lead(access.my_roles()),
        form=Form(),
    )


def _chosen_change(revision: Revision | None) -> Change | None:
    if revision is None or not revision.changes:
        return None
    code = request.args.get("element", "").upper()
    by_code = {change.element.code: change for change in revision.changes}
    return by_code.get(code, revision.changes[0])


def _bench(element: Element) -> Bench:
    session = db.session()
    every = findings_about(session, element.id)
    findings = every[:_NEAR_FINDINGS]
    ids = [finding.id for finding in findings]
    return Bench(
        element,
        list(charts_of(session, aggregates_about(session, element.id, limit=2)).values()),
        sum(counts_about(session, element.id).values()),
        findings,
        len(every) - len(findings),
        queries.answers_to(session, ids),
        evidence_counts(session, ids),
    )


def _base_of(change: Change | None) -> dict[str, Any]:
    """Return what the base says of the fields that change."""
    return {field.name: field.before for field in change.fields} if change else {}


def _profile(contents: Contents, code: str, base: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return an element's whole wording, with the values of `base` in place of changed ones."""
    if code not in contents:
        lines = [(name, shown(name, value)) for name, value in base.items()]
    else:
        element, said = contents[code]
        values = to_values(said, element.kind) | dict(base)
        lines = [(name, shown(name, values[name])) for name in FIELDS[element.kind]]
    return [{"label": str(FIELD_LABELS[name]), "text": text} for name, text in lines if text]


def _blocker_rows(missing: Sequence[Blocker]) -> list[dict[str, Any]]:
    """Return what is missing as the component takes it; each leads to where it is mended."""
    return [
        {
            "text": (f"{one.code}: " if one.code else "") + label(one.gap or one.obstacle),
            "href": _place_of(one),
        }
        for one in missing
    ]


def _place_of(blocker: Blocker) -> str | None:
    may_draft = policy.may_draft(access.my_roles())
    if blocker.obstacle is Obstacle.UNANSWERED:
        if may_draft:
            return url_for("revisions.draft_answer", erkenntnis=blocker.code)
        return url_for("revisions.finding", code=blocker.code)
    if blocker.obstacle is Obstacle.UNSIGNED:
        return url_for("revisions.answer", answer_id=blocker.answer_id)
    if blocker.code and may_draft:
        return url_for("revisions.change", code=blocker.code)
    return None


def open_revision_here() -> tuple[Strategy, Revision]:
    """Return the strategy and its open revision. Raises NotFound if none is open."""
    strategy = get_strategy(db.session(), access.here().id)
    revision = queries.open_revision_of(db.session(), strategy.id)
    if revision is None:
        raise NotFound(_("Es ist keine Fortschreibung offen."))
    return strategy, revision


@blueprint.post("/werkstatt/fortschreibung")
@access.requires(Role.STRATEGIST)
def open_revision() -> ResponseReturnValue:
    """Open the work on the next version."""
    strategy = get_strategy(db.session(), access.here().id)
    if not Form().validate_on_submit():
        return redirect(url_for("revisions.workshop"), 303)
    with kept_or_told(_("Die Fortschreibung ist eröffnet.")):
        operations.open_revision(
            db.session(), strategy=strategy, actor=access.actor(), at=clock.now()
        )
    return redirect(url_for("revisions.workshop"), 303)


@blueprint.route("/werkstatt/fortschreibung/verwerfen", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def abandon() -> ResponseReturnValue:
    """Close the open revision without a next version, once somebody has confirmed it."""
    strategy, revision = open_revision_here()
    form = AbandonForm()
    if not form.validate_on_submit():
        waiting = [
            answer
            for _finding, answer in queries.open_findings(db.session(), strategy.id)
            if answer is not None and answer.with_adoption and answer.signed_at
        ]
        page = render_template(
            "revisions/abandon.html",
            form=form,
            revision=revision,
            waiting=waiting,
            rounds=rounds_still_open(db.session(), revision, clock.now()),
        )
        return page, 422 if form.errors else 200
    operations.abandon_revision(
        db.session(),
        revision=revision,
        reason=form.reason.data or "",
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Die Fortschreibung ist verworfen."), "success")
    return redirect(url_for("revisions.workshop"), 303)


@blueprint.post("/werkstatt/stellungnahme")
@access.requires(Role.STRATEGIST)
def consult() -> ResponseReturnValue:
    """Freeze the draft so that a comment round can show it."""
    _strategy, revision = open_revision_here()
    changed = [change.element.code for change in revision.changes[:_MOST_ASKED]]
    if not Form().validate_on_submit():
        return redirect(url_for("revisions.workshop"), 303)
    try:
        frozen = operations.put_out_for_consultation(
            db.session(), revision=revision, actor=access.actor(), at=clock.now()
        )
    except (Conflict, Refused) as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return redirect(url_for("revisions.workshop"), 303)
    db.session.commit()
    flash(
        _("Der Entwurf liegt zur Stellungnahme aus. Eröffnen Sie jetzt die Kommentarrunde dazu."),
        "success",
    )
    return redirect(url_for("comments.open_round", fassung=frozen.id, teil=changed), 303)


@blueprint.get("/werkstatt/entwurf")
@access.requires(*READERS)
def draft() -> ResponseReturnValue:
    """Show everything that the next version changes, in one text to read and to print."""
    strategy, revision = open_revision_here()
    lines = queries.drafted_lines(db.session(), revision)
    return render_template(
        "revisions/draft.html",
        strategy=strategy,
        revision=revision,
        titles={code: line.title for code, line in lines.items()},
        segments=drafting.field_segments,
        reasoned=reasons.parted,
        field_labels=FIELD_LABELS,
    )


@blueprint.route("/werkstatt/beschluss", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def adopt() -> ResponseReturnValue:
    """Enter the council's resolution and adopt the next version."""
    strategy, revision = open_revision_here()
    missing = queries.blockers(db.session(), revision)
    rounds = rounds_still_open(db.session(), revision, clock.now())
    form = NextAdoptionForm()
    if form.validate_on_submit() and not missing:
        try:
            version = operations.adopt(
                db.session(),
                revision=revision,
                resolution=form.resolution(),
                actor=access.actor(),
                at=clock.now(),
                despite_rounds=form.despite_rounds.data,
            )
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            number = version.number
            db.session.commit()
            flash(_("Fassung %(number)s ist beschlossen.", number=number), "success")
            return redirect(url_for("revisions.workshop"), 303)
    page = render_template(
        "revisions/adopt.html",
        form=form,
        strategy=strategy,
        revision=revision,
        blockers=_blocker_rows(missing),
        rounds=rounds,
        waiting=[
            answer
            for _finding, answer in queries.open_findings(db.session(), strategy.id)
            if answer is not None
        ],
    )
    return page, 422 if form.errors else 200
