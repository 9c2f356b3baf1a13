"""Staff: comments that came by letter, by phone, from a workshop or to the counter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.comments.models import Comment, CommentRound, Passage
from participation.comments.places import WHOLE
from participation.comments.policy import longest_text
from participation.comments.queries import passages_of
from participation.engagements.queries import get_engagement
from participation.intake import operations
from participation.intake.blueprint import blueprint
from participation.intake.forms import CommentForm
from participation.intake.views.entering import (
    ENTERING,
    common,
    draw,
    enter,
    offer_decision,
    starting_way,
)
from participation.web.extensions import db


@blueprint.route("/verwaltung/beteiligungen/<slug>/kommentare-eingeben", methods=["GET", "POST"])
@access.requires(*ENTERING)
def enter_comment(slug: str) -> ResponseReturnValue:
    """Enter comments, one after the other; the passage stays for the next one."""
    found = get_engagement(db.session(), access.here().id, slug, of=CommentRound)
    passages = passages_of(db.session(), found.id)
    asked = request.args.get("abschnitt", WHOLE)
    return enter(
        _form(found, passages, data=starting_way() | {"passage": asked}),
        store=lambda form: _store(found, passages, form),
        fresh=lambda kept: _form(found, passages, formdata=None, data=kept),
        page=lambda form, desk: draw(
            "intake/enter_comment.html", found, form, desk, passages=passages
        ),
    )


def _form(comment_round: CommentRound, passages: Sequence[Passage], **more: Any) -> CommentForm:
    form = CommentForm(**more)
    form.offer_passages(passages)
    form.keep_short(longest_text(comment_round, None))
    offer_decision(form)
    return form


def _store(
    comment_round: CommentRound, passages: Sequence[Passage], form: CommentForm
) -> tuple[Comment, str]:
    by_code = {passage.code: passage for passage in passages}
    words = operations.CommentWords(
        passage=by_code.get(form.passage.data or ""),
        stance=form.stance.data,
        text=form.text.data or "",
        quote=form.quote.data or "",
        rewording=form.rewording.data or "",
    )
    submitted = operations.enter_comment(
        db.session(), comment_round=comment_round, words=words, **common(form)
    )
    return submitted.comment, submitted.code
