"""Change an idea while its call is open: with its receipt, or signed in as its author."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.contributions.models import ContributionStatus
from participation.contributions.queries import find_by_receipt
from participation.engagements.models import ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.engagements.queries import get_public_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.tokens import read_code
from participation.ideas import queries, wordings
from participation.ideas.answer_fields import AnsweringEditForm, edit_form
from participation.ideas.blueprint import blueprint
from participation.ideas.call_fields import fields_of
from participation.ideas.images import own_images
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.offering import offer_parts, takes_images
from participation.ideas.parts import Part, WantedParts, held_by, place_from
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.maps import allow_map
from participation.web.refusals import show_refusal
from participation.web.secrets import secret_key


@blueprint.route(
    "/beteiligung/<slug>/ideen/<int(max=2147483647):number>/bearbeiten", methods=["GET", "POST"]
)
@access.signed_in
@limited("60/hour")
@takes_images
def edit(slug: str, number: int) -> ResponseReturnValue:
    """Change one's own idea. For everybody else there is nothing here."""
    call = get_public_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    idea = queries.find_own(db.session(), call.id, number, access.actor().id)
    if idea is None:
        raise NotFound("there is no such idea")
    return _edit(call, idea, url_for("ideas.edit", slug=slug, number=number))


@blueprint.post("/beleg/idee-bearbeiten")
@access.public
@limited("60/hour")
@takes_images
def edit_by_receipt() -> ResponseReturnValue:
    """Change an idea by the code of its receipt, which travels in the body only."""
    code = read_code(request.form.get("code", "")[:80])
    idea = find_by_receipt(db.session(), secret_key(), code) if code else None
    if not isinstance(idea, Idea):
        raise NotFound(_("Zu diesem Code finden wir nichts."))
    call = db.session.get_one(IdeaCall, idea.idea_call_id)
    if call.municipality_id != access.here().id:
        raise NotFound(_("Zu diesem Code finden wir nichts."))
    return _edit(call, idea, url_for("ideas.edit_by_receipt"), code=code)


def _edit(call: IdeaCall, idea: Idea, action: str, code: str | None = None) -> ResponseReturnValue:
    # The button on the receipt sends nothing but the code.
    is_sent = "title" in request.form
    form = _form(call, idea, is_sent=is_sent)
    form.code.data = code or ""
    opened_at = form.opened_at if is_sent else None
    if not wordings.may_edit(idea, call, at=clock.now(), form_opened_at=opened_at):
        return _closed(call, idea, form if is_sent else None, code)
    if not is_sent or not form.validate():
        return _form_page(call, idea, form, action, 422 if form.errors else 200)
    try:
        changed = _change(call, idea, form)
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        if isinstance(refusal, wordings.Overtaken):
            form.elements.data = [element.code for element in idea.elements]
        return _form_page(call, idea, form, action, 422)
    except (CannotTakePart, Conflict):
        db.session.rollback()
        return _closed(call, idea, form, code)
    db.session.commit()
    return _changed_page(call, idea, changed, action, code)


def _change(call: IdeaCall, idea: Idea, form: AnsweringEditForm) -> wordings.Changed:
    wanted = set(form.elements.data or ())
    return wordings.change_idea(
        db.session(),
        idea=idea,
        title=form.title.data or "",
        text=form.text.data or "",
        at=clock.now(),
        parts=WantedParts(
            elements=[element for element in call.elements if element.code in wanted],
            place=form.place,
            asked=form.asked,
            answers=form.answers,
            images=form.images,
        ),
        form_opened_at=form.opened_at,
    )


def _changed_page(
    call: IdeaCall, idea: Idea, changed: wordings.Changed, action: str, code: str | None
) -> ResponseReturnValue:
    if code is None:
        flash(told(changed), "info" if changed is wordings.Changed.NOTHING else "success")
        if idea.status is ContributionStatus.PUBLISHED:
            return redirect(url_for("portal.idea", slug=call.slug, number=idea.number), 303)
        return redirect(action, 303)
    return render_template(
        "ideas/edited.html", call=call, idea=idea, code=code, told=told(changed), form=None
    )


def told(changed: wordings.Changed) -> str:
    """Return what an author reads after a change."""
    words: dict[wordings.Changed, str] = {
        wordings.Changed.NOTHING: _("Es hat sich nichts geändert."),
        wordings.Changed.SHOWN: _("Die Änderung ist gespeichert."),
        wordings.Changed.KEPT_BEFORE: _(
            "Die Änderung ist gespeichert. Weil schon jemand reagiert hat, bleibt die frühere "
            "Fassung nachlesbar."
        ),
        wordings.Changed.WAITS: _(
            "Wir prüfen Ihre Änderung, meist innerhalb eines Tages. Bis dahin steht auf der Seite "
            "die bisherige Fassung."
        ),
    }
    return words[changed]


def _form(call: IdeaCall, idea: Idea, *, is_sent: bool) -> AnsweringEditForm:
    """Return what was sent, or what the author wrote last, also if nobody has read it yet."""
    asked = fields_of(db.session(), call.id)
    if is_sent:
        form = edit_form(asked)
        form.offer_images(own_images(db.session(), idea.id))
        offer_parts(form, call)
        return form
    waiting = wordings.waiting_wording(db.session(), idea.id)
    latest = waiting or idea
    held = held_by(idea) | (waiting.parts if waiting else {})
    chosen, answers = set(held[Part.ELEMENTS.value]), held[Part.ANSWERS.value]
    data = {field.name: answers.get(str(field.id), "") for field in asked}
    data |= {"title": latest.title, "text": latest.text}
    form = edit_form(asked, formdata=None, data=data)
    offered = offer_parts(form, call)
    form.elements.data = [element.code for element in offered if element.id in chosen]
    form.offer_images(own_images(db.session(), idea.id))
    form.show_images(held[Part.IMAGES.value])
    form.show_place(place_from(call.id, held[Part.PLACE.value]))
    return form


def _form_page(
    call: IdeaCall, idea: Idea, form: AnsweringEditForm, action: str, status: int
) -> ResponseReturnValue:
    is_shown = idea.status is ContributionStatus.PUBLISHED
    page = render_template(
        "ideas/edit.html",
        call=call,
        idea=idea,
        form=form,
        action=action,
        is_shown=is_shown,
        is_checked_first=is_shown and call.moderation_mode is ModerationMode.BEFORE,
        is_relied_on=is_shown and wordings.is_relied_on(db.session(), idea),
    )
    response = make_response(page, status)
    return allow_map(response) if form.has_place else response


def _closed(
    call: IdeaCall, idea: Idea, form: AnsweringEditForm | None, code: str | None
) -> ResponseReturnValue:
    page = render_template(
        "ideas/edited.html", call=call, idea=idea, code=code, told=None, form=form
    )
    return page, 409
