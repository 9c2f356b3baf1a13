"""Change an idea while its call is open: with its receipt, or signed in as its author."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.contributions.models import ContributionStatus
from participation.contributions.queries import find_by_receipt
from participation.engagements.models import ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.engagements.queries import get_public_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.foundation.tokens import read_code
from participation.ideas import queries, wordings
from participation.ideas.blueprint import blueprint
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.words_fields import EditForm
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.secrets import secret_key


@blueprint.route(
    "/beteiligung/<slug>/ideen/<int(max=2147483647):number>/bearbeiten", methods=["GET", "POST"]
)
@access.signed_in
@limited("60/hour")
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
    form = EditForm() if is_sent else EditForm(formdata=None, data=_words_of(idea))
    form.code.data = code or ""
    opened_at = form.opened_at if is_sent else None
    if not wordings.may_edit(idea, call, at=clock.now(), form_opened_at=opened_at):
        return _closed(call, idea, form if is_sent else None, code)
    if not is_sent or not form.validate():
        page = _form_page(call, idea, form, action)
        return page, 422 if form.errors else 200
    try:
        changed = wordings.change_words(
            db.session(),
            idea=idea,
            title=form.title.data or "",
            text=form.text.data or "",
            at=clock.now(),
            form_opened_at=opened_at,
        )
    except (CannotTakePart, Conflict):
        db.session.rollback()
        return _closed(call, idea, form, code)
    db.session.commit()
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


def _words_of(idea: Idea) -> dict[str, str]:
    """What the author wrote last, also if nobody else has read it yet."""
    waiting = wordings.waiting_wording(db.session(), idea.id)
    latest = waiting or idea
    return {"title": latest.title, "text": latest.text}


def _form_page(call: IdeaCall, idea: Idea, form: EditForm, action: str) -> str:
    is_shown = idea.status is ContributionStatus.PUBLISHED
    return render_template(
        "ideas/edit.html",
        call=call,
        idea=idea,
        form=form,
        action=action,
        is_checked_first=is_shown and call.moderation_mode is ModerationMode.BEFORE,
        is_relied_on=is_shown and wordings.is_relied_on(db.session(), idea),
    )


def _closed(
    call: IdeaCall, idea: Idea, form: EditForm | None, code: str | None
) -> ResponseReturnValue:
    page = render_template(
        "ideas/edited.html", call=call, idea=idea, code=code, told=None, form=form
    )
    return page, 409
