"""Hand in an idea and support others."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.contributions.operations import find_received
from participation.engagements import policy
from participation.engagements.admission import door_page
from participation.engagements.joining import joined
from participation.engagements.operations import CannotTakePart
from participation.engagements.participant_groups import GroupGone
from participation.engagements.queries import (
    NamedElement,
    elements_about,
    get_public_engagement,
)
from participation.engagements.visitors import guest_of, visitor_mark
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.foundation.orm import reading_only
from participation.ideas import fitting, operations, queries
from participation.ideas.answer_fields import AnsweringForm, idea_form
from participation.ideas.blueprint import blueprint
from participation.ideas.call_fields import fields_of
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.offering import offer_parts, takes_images
from participation.ideas.places import LIST_STATE
from participation.ideas.similar import similar_ideas
from participation.web.challenges import Covers
from participation.web.extensions import db
from participation.web.filters import label
from participation.web.languages import current_language
from participation.web.limits import limited
from participation.web.maps import allow_map
from participation.web.refusals import show_refusal
from participation.web.secrets import secret_key


@blueprint.route("/beteiligung/<slug>/ideen/neu", methods=["GET", "POST"])
@access.public
@limited("60/hour", at_most="600/hour")
@takes_images
def new(slug: str) -> ResponseReturnValue:
    """Take an idea in. Before the first sending similar ideas are shown."""
    if access.me() is None:
        # Reading images and looking for similar ideas takes a while; nobody else has to wait.
        reading_only.set(True)
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    form = idea_form(fields_of(db.session(), call.id))
    is_sent = request.method == "POST"
    offered = offer_parts(form, call)
    # The button under the similar ideas says that their author has seen them.
    goes_on = "anyway" in request.form
    obstacle = policy.obstacle(
        call,
        at=clock.now(),
        account=access.me(),
        form_opened_at=form.opened_at if is_sent else None,
        guest=guest_of(call),
    )
    if is_sent and (obstacle or not goes_on) and _was_sent(form, call):
        return _submit(form, _to_write(call, slug))
    if obstacle is not None:
        door = door_page(call, obstacle)
        if door is not None:
            return door
        page = render_template("ideas/closed.html", call=call, form=form, obstacle=obstacle)
        return page, 409 if is_sent else 200
    if not form.validate_on_submit():
        return _form_page(form, call, status=422 if form.errors else 200)
    if not goes_on:
        similar = _similar(call, form.title.data, form.text.data)
        fitting_ones = [] if form.elements.data else _fitting(form, offered)
        # What somebody saw while typing and left alone is no reason to ask again.
        seen = set(request.form.getlist("seen"))
        if similar or any(element.code not in seen for element in fitting_ones):
            return _form_page(form, call, similar, fitting_ones)
    return _submit(form, _to_write(call, slug))


@blueprint.post("/beteiligung/<slug>/ideen/aehnliche")
@access.public
@limited("600/hour")
def similar(slug: str) -> ResponseReturnValue:
    """Show similar ideas while somebody types. A POST, so that no log keeps what is typed."""
    # It writes nothing, so it need not wait for those who do.
    reading_only.set(True)
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    found = _similar(call, request.form.get("title"), request.form.get("text"))
    return render_template("ideas/similar.html", call=call, similar=found)


@blueprint.post("/beteiligung/<slug>/ideen/passende-teile")
@access.public
@limited("600/hour")
def fitting_elements(slug: str) -> ResponseReturnValue:
    """Show what elements of the call a text fits while somebody types. It writes nothing."""
    reading_only.set(True)
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    found = _fitting_words(
        elements_about(db.session(), call.id), request.form.get("title"), request.form.get("text")
    )
    return render_template("ideas/fitting_elements.html", fitting=found)


@blueprint.post("/beteiligung/<slug>/ideen/<int(max=2147483647):number>/unterstuetzen")
@access.public
@limited("300/hour", at_most="3000/hour", covers=Covers.BROWSER)
def support(slug: str, number: int) -> ResponseReturnValue:
    """Support an idea; once per browser or account."""
    return _change_support(slug, number, give=True)


@blueprint.post("/beteiligung/<slug>/ideen/<int(max=2147483647):number>/nicht-mehr-unterstuetzen")
@access.public
@limited("300/hour", at_most="3000/hour", covers=Covers.BROWSER)
def withdraw_support(slug: str, number: int) -> ResponseReturnValue:
    """Take a support back."""
    return _change_support(slug, number, give=False)


def _form_page(
    form: AnsweringForm,
    call: IdeaCall,
    similar: Sequence[Idea] = (),
    fitting_ones: Sequence[NamedElement] = (),
    *,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "ideas/new.html", call=call, form=form, similar=similar, fitting=fitting_ones
    )
    response = make_response(page, status)
    return allow_map(response) if form.has_place else response


def _to_write(call: IdeaCall, slug: str) -> IdeaCall:
    """Return the call as it is now, in a transaction that may write."""
    if not reading_only.get():
        return call
    db.session.rollback()
    reading_only.set(False)
    here = access.here().id
    return get_public_engagement(db.session(), here, slug, of=IdeaCall, with_elements=True)


def _submit(form: AnsweringForm, call: IdeaCall) -> ResponseReturnValue:
    guest = guest_of(call)
    wanted = set(form.elements.data or ())
    account = access.me()
    try:
        submitted = operations.submit_idea(
            db.session(),
            call=call,
            title=form.title.data or "",
            text=form.text.data or "",
            elements=[element for element in call.elements if element.code in wanted],
            author=account,
            submission=form.submission.data or "",
            key=secret_key(),
            at=clock.now(),
            mark=visitor_mark(call.id, "contribution"),
            form_opened_at=form.opened_at,
            address=form.email.data or "",
            guest=guest,
            language=current_language().code,
            images=form.images,
            asked=form.asked,
            answers=form.answers,
            place=form.place,
            group=joined(call),
        )
    except GroupGone as gone:
        db.session.rollback()
        show_refusal(form, gone)
        return _form_page(form, call, status=409)
    except CannotTakePart as refusal:
        db.session.rollback()
        door = door_page(call, refusal.obstacle)
        if door is not None:
            return door
        page = render_template("ideas/closed.html", call=call, form=form, obstacle=refusal.obstacle)
        return page, 409
    # The receipt is the answer itself: its code stands in no address and in no log. It is
    # drawn before the commit, which would make the page read everything again, and it is
    # shown only if the commit succeeds.
    receipt = render_template(
        "ideas/receipt.html",
        call=call,
        idea=submitted.idea,
        code=submitted.code,
        is_followed=bool(form.email.data),
    )
    db.session.commit()
    return receipt


def _was_sent(form: AnsweringForm, call: IdeaCall) -> bool:
    try:
        stored = find_received(
            db.session(),
            kind=Idea,
            engagement_id=call.id,
            key=secret_key(),
            submission=form.submission.data or "",
        )
    except Refused:
        # Whoever sends the key of another form gets a new one and may send again.
        form.submission.data = uuid.uuid4().hex
        return False
    return stored is not None


def _similar(call: IdeaCall, title: str | None, text: str | None) -> list[Idea]:
    return similar_ideas(
        db.session(), call_id=call.id, title=(title or "")[:200], text=(text or "")[:4000]
    )


def _fitting(form: AnsweringForm, offered: Sequence[NamedElement]) -> list[NamedElement]:
    return _fitting_words(offered, form.title.data, form.text.data)


def _fitting_words(
    offered: Sequence[NamedElement], title: str | None, text: str | None
) -> list[NamedElement]:
    return fitting.fitting_elements(
        db.session(), offered, title=(title or "")[:200], text=(text or "")[:4000]
    )


def _change_support(slug: str, number: int, *, give: bool) -> ResponseReturnValue:
    call, idea = queries.find_shown(db.session(), access.here().id, slug, number)
    guest = guest_of(call)
    supporter, account = visitor_mark(call.id, "support"), access.me()
    at = clock.now()
    try:
        if give:
            operations.support_idea(
                db.session(),
                idea=idea,
                supporter=supporter,
                account=account,
                at=at,
                mark=visitor_mark(call.id, "contribution"),
                guest=guest,
            )
        else:
            operations.withdraw_support(
                db.session(), idea=idea, supporter=supporter, account=account, at=at, guest=guest
            )
    except CannotTakePart as refusal:
        db.session.rollback()
        flash(label(refusal.obstacle), "warning")
    else:
        db.session.commit()
    if "liste" not in request.form:
        return redirect(url_for("portal.idea", slug=slug, number=number), 303)
    kept: dict[str, Any] = {
        name: request.form.getlist(name) for name in LIST_STATE if name in request.form
    }
    return redirect(url_for("portal.ideas", slug=slug, _anchor=f"idee-{number}", **kept), 303)
