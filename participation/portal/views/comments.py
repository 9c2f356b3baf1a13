"""A text beside its comments; comments on an idea."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments.forms import CommentForm, VoteForm
from participation.comments.models import Comment, CommentRound, Stance
from participation.comments.places import small_number
from participation.comments.queries import get_public_round, get_published_comment
from participation.comments.sending import hand_over, send
from participation.contributions.models import Contribution
from participation.engagements.admission import door_page
from participation.engagements.models import EngagementState
from participation.engagements.operations import CannotTakePart
from participation.engagements.policy import Obstacle, days_left, obstacle
from participation.engagements.queries import get_public_engagement
from participation.engagements.visitors import guest_of
from participation.foundation import clock
from participation.foundation.errors import NotFound, Refused
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.queries import get_published_idea
from participation.portal.blueprint import blueprint
from participation.portal.paths import path_rows
from participation.portal.queries.comments import (
    RoundView,
    Section,
    comment_page,
    round_view,
)
from participation.portal.views.voting import card_for
from participation.revisions.consulted import fate_of_draft
from participation.revisions.labels import TONES
from participation.revisions.queries import fate_of
from participation.web.extensions import db
from participation.web.filters import label
from participation.web.kept_pages import same_for_everybody
from participation.web.limits import limited

_STANCES = {
    "zustimmung": Stance.APPROVE,
    "bedenken": Stance.CONCERN,
    "fragen": Stance.QUESTION,
    "wortlaut": Stance.REWORDING,
}


@blueprint.get("/beteiligung/<slug>/kommentare")
@access.public
@same_for_everybody
def comment_round(slug: str) -> ResponseReturnValue:
    """Show a text passage by passage beside its comments, and one comment to vote on."""
    at = clock.now()
    found = get_public_round(db.session(), access.here().id, slug)
    hindrance = obstacle(found, at=at, account=access.me(), guest=guest_of(found))
    wanted = request.args.get("haltung", "")
    context = {
        "comment_round": found,
        "obstacle": hindrance,
        "days_left": days_left(found, at=at),
        "fate": fate_of_draft(db.session(), found.version),
        "stance": wanted if wanted in _STANCES else "",
    }
    if found.state_at(at) is EngagementState.PLANNED:
        # Opening makes the text public, not the announcement.
        return render_template("portal/comment_round_planned.html", **context)
    view = round_view(
        db.session(),
        found,
        stance=_STANCES.get(wanted),
        opened=request.args.get("abschnitt"),
        before=small_number(request.args.get("vor")),
        at=at,
    )
    form = _form_for(found, view, hindrance)
    # Beside a form that is being filled in no vote is asked for: what was typed would be lost.
    card = None if form else card_for(found, hindrance)
    return render_template(
        "portal/comment_round.html",
        view=view,
        filters=_filters(found, view, wanted),
        stances=_STANCES,
        form=form,
        card=card,
        vote_form=VoteForm(prefix="stimme-") if card else None,
        last_vote=small_number(request.args.get("zuletzt")),
        **context,
    )


@blueprint.get("/beteiligung/<slug>/kommentare/<int(max=2147483647):number>")
@access.public
@same_for_everybody
def comment(slug: str, number: int) -> ResponseReturnValue:
    """Show one published comment and what became of it."""
    at = clock.now()
    page = comment_page(db.session(), access.here().id, slug, number, at)
    fate = fate_of(db.session(), page.view.comment)
    return render_template(
        "portal/comment.html",
        page=page,
        fate=fate,
        steps=path_rows(fate.steps),
        tones=TONES,
        obstacle=obstacle(
            page.discussion, at=at, account=access.me(), guest=guest_of(page.discussion)
        ),
    )


@blueprint.route(
    "/beteiligung/<slug>/ideen/<int(max=2147483647):number>/kommentare", methods=["GET", "POST"]
)
@access.public
@limited("60/hour", at_most="600/hour")
def comment_on_idea(slug: str, number: int) -> ResponseReturnValue:
    """Take in a comment on an idea, or on a comment on it."""
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    try:
        idea = get_published_idea(db.session(), call.id, number)
        anchor = _answered(call, idea)
    except NotFound:
        if request.method == "GET":
            raise
        texts = CommentForm().kept()
        return render_template("portal/comment_gone.html", call=call, texts=texts), 404
    form = CommentForm.about(anchor)
    if form.validate_on_submit():
        return _submit(form, call, idea, anchor)
    hindrance = obstacle(call, at=clock.now(), account=access.me(), guest=guest_of(call))
    door = door_page(call, hindrance) if hindrance is not None else None
    return door or _idea_page(call, idea, anchor, form, hindrance)


def _filters(found: CommentRound, view: RoundView, wanted: str) -> list[dict[str, object]]:
    """Return the ways to look at the comments: all of them, or those of one stance."""
    choices: list[tuple[str | None, Stance | None]] = [(None, None), *_STANCES.items()]
    counts = {stance: view.tally.of(stance) for stance in Stance}
    return [
        {
            "text": f"{label(stance)} ({counts[stance]})"
            if stance
            else _("Alle (%(number)s)", number=view.tally.everything),
            "href": url_for("portal.comment_round", slug=found.slug, haltung=name),
            "current": stance is _STANCES.get(wanted),
        }
        for name, stance in choices
    ]


def _form_for(
    found: CommentRound, view: RoundView, hindrance: Obstacle | None
) -> CommentForm | None:
    opened: Section | None = next((section for section in view.sections if section.is_open), None)
    if opened is None or hindrance is not None:
        return None
    return CommentForm.about(opened.passage, found, quote=request.args.get("zitat", ""))


def _answered(call: IdeaCall, idea: Idea) -> Contribution:
    """Return the idea, or the comment on it that the address names."""
    if "antwort" not in request.args:
        return idea
    number = small_number(request.args.get("antwort")) or 0
    found = get_published_comment(db.session(), call.id, number)
    # That an answer takes none is said at the form.
    above = found.parent if isinstance(found.parent, Comment) else found
    if above.parent_id != idea.id:
        raise NotFound("Dieser Kommentar gehört zu einer anderen Idee.")
    return found


def _submit(
    form: CommentForm, call: IdeaCall, idea: Idea, anchor: Contribution
) -> ResponseReturnValue:
    try:
        submitted = send(form, call, anchor)
    except CannotTakePart as refusal:
        door = door_page(call, refusal.obstacle)
        if door is not None:
            return door
        return _idea_page(call, idea, anchor, form, refusal.obstacle)
    except Refused:
        return _idea_page(call, idea, anchor, form, None)
    return hand_over(submitted, call, is_followed=bool(form.email.data), idea=idea)


def _idea_page(
    call: IdeaCall,
    idea: Idea,
    anchor: Contribution,
    form: CommentForm,
    hindrance: Obstacle | None,
) -> ResponseReturnValue:
    is_sent = request.method == "POST"
    page = render_template(
        "portal/comment_on_idea.html",
        call=call,
        idea=idea,
        anchor=anchor,
        form=form,
        obstacle=hindrance,
        texts=form.kept() if is_sent else [],
    )
    status = 409 if hindrance is not None and is_sent else 422 if form.errors else 200
    return page, status
