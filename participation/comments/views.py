"""Comment on a text, vote on comments; staff puts a text up for comment."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments import operations, queries
from participation.comments.forms import CommentForm, RoundForm, VoteForm
from participation.comments.models import Comment, CommentRound, Passage
from participation.comments.passages import PassageDraft, check_passages
from participation.comments.places import WHOLE, small_number
from participation.engagements.admission import door_page
from participation.engagements.forms import starting_values
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import obstacle
from participation.engagements.visitors import guest_of, visitor_mark
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.strategy.models import Strategy, StrategyVersion, VersionStatus
from participation.strategy.queries import (
    choices_of_elements,
    contents_of,
    elements_of,
    find_strategy,
    titles_of,
    versions,
)
from participation.web.extensions import db
from participation.web.filters import label, local_date
from participation.web.languages import current_language
from participation.web.limits import limited
from participation.web.refusals import told
from participation.web.secrets import secret_key

blueprint = Blueprint("comments", __name__)

_OFFERED = {VersionStatus.IN_CONSULTATION, VersionStatus.ADOPTED}


@blueprint.route("/beteiligung/<slug>/kommentare/neu", methods=["GET", "POST"])
@access.public
@limited("60/hour")
def add(slug: str) -> ResponseReturnValue:
    """Take in a comment on a passage, on the text as a whole, or on another comment."""
    comment_round = queries.get_public_round(db.session(), access.here().id, slug)
    try:
        anchor = _anchor(comment_round)
    except NotFound:
        if request.method == "GET":
            raise
        return _gone(comment_round)
    form = CommentForm.about(anchor)
    if form.validate_on_submit():
        return _submit(form, comment_round, anchor)
    hindrance = obstacle(
        comment_round, at=clock.now(), account=access.me(), guest=guest_of(comment_round)
    )
    if hindrance is not None:
        door = door_page(comment_round, hindrance)
        if door is not None:
            return door
        return _closed(comment_round, form, hindrance)
    return _form_page(comment_round, anchor, form)


@blueprint.post("/beteiligung/<slug>/kommentare/stimme")
@access.public
@limited("600/hour")
def vote(slug: str) -> ResponseReturnValue:
    """Count a vote and show the next comment."""
    comment_round = queries.get_public_round(db.session(), access.here().id, slug)
    form = VoteForm(prefix="stimme-")
    if not form.validate_on_submit():
        raise Refused(_("Ihre Stimme ist nicht vollständig angekommen. Bitte stimmen Sie neu ab."))
    number = form.comment.data or 0
    guest = guest_of(comment_round)
    comment = queries.get_published_comment(db.session(), comment_round.id, number)
    try:
        operations.cast_vote(
            db.session(),
            comment=comment,
            voter=visitor_mark(comment_round.id, "vote"),
            choice=form.choice.data,
            important=bool(form.important.data),
            account=access.me(),
            at=clock.now(),
            mark=visitor_mark(comment_round.id, "contribution"),
            form_opened_at=form.opened_at,
            guest=guest,
        )
    except CannotTakePart as refusal:
        db.session.rollback()
        flash(label(refusal.obstacle), "warning")
        return redirect(url_for("portal.comment_round", slug=slug), 303)
    db.session.commit()
    target = url_for("portal.comment_round", slug=slug, zuletzt=number, _anchor="abstimmen")
    return redirect(target, 303)


@blueprint.route("/beteiligung/neu/kommentarrunde", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def open_round() -> ResponseReturnValue:
    """Draft a comment round; the text can be looked at in passages before it is kept."""
    strategy = find_strategy(db.session(), access.here().id)
    offered = _offered_versions(strategy)
    begun = {"version": request.args.get("fassung"), "elements": request.args.getlist("teil")}
    form = RoundForm(data=starting_values() | begun)
    form.offer_elements(_elements_to_choose(strategy, offered))
    form.offer_versions([(str(version.id), _name_of(version)) for version in offered])
    passages: list[PassageDraft] = []
    if form.validate_on_submit() and strategy is not None:
        version = None if form.is_pasted else _chosen(offered, form.version.data)
        passages = form.passages(contents_of(db.session(), version.id) if version else {})
        try:
            if "preview" not in request.form:
                return _open(form, strategy, passages, version)
            check_passages(passages)
        except Refused as refusal:
            db.session.rollback()
            field = form.text if form.is_pasted else form.elements
            field.errors = [told(refusal)]
    page = render_template("comments/round.html", form=form, passages=passages)
    return page, 422 if form.errors else 200


def _anchor(comment_round: CommentRound) -> Passage | Comment | None:
    """Return what the address says that somebody comments on."""
    answered = request.args.get("antwort")
    if answered is not None:
        number = small_number(answered) or 0
        return queries.get_published_comment(db.session(), comment_round.id, number)
    code = request.args.get("abschnitt", WHOLE)
    if code == WHOLE:
        return None
    return queries.get_passage(db.session(), comment_round.id, code)


def _submit(
    form: CommentForm, comment_round: CommentRound, anchor: Passage | Comment | None
) -> ResponseReturnValue:
    guest = guest_of(comment_round)
    try:
        submitted = operations.submit_comment(
            db.session(),
            round=comment_round,
            anchor=anchor,
            **form.said(),
            language=current_language().code,
            author=access.me(),
            key=secret_key(),
            at=clock.now(),
            mark=visitor_mark(comment_round.id, "contribution"),
            guest=guest,
        )
    except CannotTakePart as refusal:
        db.session.rollback()
        door = door_page(comment_round, refusal.obstacle)
        if door is not None:
            return door
        return _closed(comment_round, form, refusal.obstacle)
    except Refused as refusal:
        db.session.rollback()
        if refusal.field == "submission":
            # Whoever sends the key of another form gets a new one and may send again.
            form.submission.data = uuid.uuid4().hex
        form.note(refusal)
        return _form_page(comment_round, anchor, form)
    db.session.commit()
    # The receipt is the answer itself: its code stands in no address and in no log.
    return render_template(
        "comments/receipt.html",
        discussion=comment_round,
        comment=submitted.comment,
        code=submitted.code,
        is_followed=bool(form.email.data),
    )


def _form_page(
    comment_round: CommentRound, anchor: Passage | Comment | None, form: CommentForm
) -> ResponseReturnValue:
    page = render_template(
        "comments/add.html", comment_round=comment_round, anchor=anchor, form=form
    )
    return page, 422 if form.errors else 200


def _closed(comment_round: CommentRound, form: CommentForm, hindrance: object) -> tuple[str, int]:
    page = render_template(
        "comments/closed.html",
        comment_round=comment_round,
        obstacle=hindrance,
        texts=form.kept() if request.method == "POST" else [],
    )
    return page, 409 if request.method == "POST" else 200


def _gone(comment_round: CommentRound) -> tuple[str, int]:
    """What somebody answers has been hidden meanwhile: nothing they wrote is lost."""
    page = render_template(
        "comments/closed.html",
        comment_round=comment_round,
        obstacle=None,
        texts=CommentForm().kept(),
    )
    return page, 404


def _open(
    form: RoundForm,
    strategy: Strategy,
    passages: list[PassageDraft],
    version: StrategyVersion | None,
) -> ResponseReturnValue:
    chosen = elements_of(db.session(), strategy.id, form.elements.data or ())
    operations.open_round(
        db.session(),
        municipality=access.here(),
        plan=form.plan(chosen),
        passages=passages,
        version=version,
        voting=bool(form.voting.data),
        actor=access.actor(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Der Entwurf ist gespeichert. Öffentlich wird er mit „Veröffentlichen“."), "info")
    return redirect(url_for("engagements.manage"), 303)


def _offered_versions(strategy: Strategy | None) -> list[StrategyVersion]:
    found = versions(db.session(), strategy.id) if strategy else []
    return [version for version in found if version.status in _OFFERED]


def _chosen(offered: list[StrategyVersion], version_id: str) -> StrategyVersion:
    found = next((version for version in offered if str(version.id) == version_id), None)
    if found is None:
        raise Conflict(_("Diese Fassung gibt es nicht mehr."))
    return found


def _name_of(version: StrategyVersion) -> str:
    if version.status is VersionStatus.ADOPTED:
        day = local_date(version.resolution_on)
        name = _("Fassung %(number)s, beschlossen am %(day)s", number=version.number, day=day)
    else:
        day = local_date(version.created_at)
        name = _("Fassung %(number)s, Entwurf vom %(day)s", number=version.number, day=day)
    return str(name)


def _elements_to_choose(
    strategy: Strategy | None, offered: list[StrategyVersion]
) -> list[tuple[str, str]]:
    """Return the elements of the current version and those that only a draft on show has."""
    if strategy is None:
        return []
    choices = dict(choices_of_elements(db.session(), strategy.id))
    for version in offered[:3]:
        if version.status is VersionStatus.IN_CONSULTATION:
            for code, title in titles_of(db.session(), version.id).items():
                choices.setdefault(code, f"{code} {title}")
    return list(choices.items())
