"""Comment on a text, vote on comments."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments import operations, queries
from participation.comments.blueprint import blueprint
from participation.comments.forms import CommentForm, VoteForm
from participation.comments.models import Comment, CommentRound, Passage
from participation.comments.places import WHOLE, small_number
from participation.comments.sending import hand_over, send
from participation.engagements.admission import door_page
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import obstacle
from participation.engagements.visitors import guest_of, visitor_mark
from participation.foundation import clock
from participation.foundation.errors import NotFound, Refused
from participation.web.challenges import Covers
from participation.web.extensions import db
from participation.web.filters import label
from participation.web.limits import limited


@blueprint.route("/beteiligung/<slug>/kommentare/neu", methods=["GET", "POST"])
@access.public
@limited("60/hour", at_most="600/hour")
def add(slug: str) -> ResponseReturnValue:
    """Take in a comment on a passage, on the text as a whole, or on another comment."""
    comment_round = queries.get_public_round(db.session(), access.here().id, slug)
    try:
        anchor = _anchor(comment_round)
    except NotFound:
        if request.method == "GET":
            raise
        return _gone(comment_round)
    form = CommentForm.about(anchor, comment_round)
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
@limited("600/hour", at_most="6000/hour", covers=Covers.BROWSER)
def vote(slug: str) -> ResponseReturnValue:
    """Count a vote and show the next comment."""
    comment_round = queries.get_public_round(db.session(), access.here().id, slug)
    form = VoteForm(prefix="stimme-")
    if not form.validate_on_submit():
        raise Refused(_("Ihre Stimme ist nicht vollständig angekommen. Bitte stimmen Sie neu ab."))
    # Back to where the card was: beside the text, or on its own.
    page = "portal.vote_on_comments" if "karten" in request.args else "portal.comment_round"
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
        return redirect(url_for(page, slug=slug), 303)
    db.session.commit()
    return redirect(url_for(page, slug=slug, zuletzt=number, _anchor="abstimmen"), 303)


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
    try:
        submitted = send(form, comment_round, anchor)
    except CannotTakePart as refusal:
        door = door_page(comment_round, refusal.obstacle)
        return door if door is not None else _closed(comment_round, form, refusal.obstacle)
    except Refused:
        return _form_page(comment_round, anchor, form)
    return hand_over(submitted, comment_round, is_followed=bool(form.email.data))


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
