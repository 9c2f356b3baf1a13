"""Staff: ideas that came by letter, by phone, from a workshop or to the counter."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.contributions.queries import find_by_receipt
from participation.engagements.queries import elements_about, get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.excerpts import first_words
from participation.foundation.tokens import read_code
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import Submitted
from participation.ideas.policy import LONGEST_TITLE
from participation.intake import operations, policy, printing
from participation.intake.blueprint import blueprint
from participation.intake.forms import EntryForm, ReceiptForm, WayForm
from participation.notifications.mails import link_from
from participation.web.extensions import db
from participation.web.refusals import show_refusal, told
from participation.web.secrets import secret_key

ENTERING = (Role.MODERATOR, Role.STRATEGIST, Role.ADMINISTRATOR)
_KEPT = ("channel", "origin", "received_on", "decision")


@blueprint.route("/verwaltung/beteiligungen/<slug>/eingeben", methods=["GET", "POST"])
@access.requires(*ENTERING)
def enter_idea(slug: str) -> ResponseReturnValue:
    """Enter ideas, one after the other. The answer to a stored one is the form for the next.

    What was stored stands in no address; the same form sent again stores nothing more.
    """
    call = get_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    form = _form(call)
    if not form.validate_on_submit():
        return _page(call, form), 422 if form.errors else 200
    try:
        submitted = operations.enter_idea(
            db.session(),
            call=call,
            entry=_entry(call, form),
            publish=form.is_published,
            is_another=bool(form.is_another.data),
            submission=form.submission.data or "",
            key=secret_key(),
            actor=access.actor(),
            at=clock.now(),
        )
    except operations.SameIdea as refusal:
        return _page(call, form, same=refusal.ideas), 409
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return _page(call, form), 422
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return _page(call, form), 409
    # Drawn before the commit, which would make the page read everything again, and shown only
    # if the commit succeeds.
    page = _next(call, form, submitted)
    db.session.commit()
    return page


@blueprint.post("/verwaltung/beteiligungen/<slug>/eingeben/beleg")
@access.requires(*ENTERING)
def print_receipt(slug: str) -> ResponseReturnValue:
    """Return a receipt to print for the author. Its code stands in no address."""
    call = get_engagement(db.session(), access.here().id, slug, of=IdeaCall)
    code = read_code(ReceiptForm().code.data or "")
    idea = find_by_receipt(db.session(), secret_key(), code) if code else None
    if code is None or not isinstance(idea, Idea) or idea.idea_call_id != call.id:
        raise NotFound("there is no such receipt")
    address = link_from(call.municipality_id, "portal.look_up_receipt")
    content = printing.receipt(idea, call, code, address=address)
    response = Response(content, mimetype="application/pdf")
    name = _("beleg")
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{idea.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def starting_way() -> dict[str, Any]:
    """Return what a form about a way begins with."""
    return {"received_on": clock.today()}


def offer_decision(form: WayForm) -> None:
    """Let only those decide at once who decide anyway."""
    if not {Role.MODERATOR, Role.ADMINISTRATOR} & set(access.my_roles()):
        form.leave_decision_to_moderation()


def _form(call: IdeaCall, **more: Any) -> EntryForm:
    form = EntryForm(**{"data": starting_way()} | more)
    form.offer_elements(elements_about(db.session(), call.id))
    offer_decision(form)
    return form


def _entry(call: IdeaCall, form: EntryForm) -> operations.Entry:
    wanted, text = set(form.elements.data or ()), form.text.data or ""
    return operations.Entry(
        title=form.title.data or first_words(text, LONGEST_TITLE - 2),
        text=text,
        channel=form.channel.data,
        origin=form.origin.data or "",
        received_on=form.received_on.data or clock.today(),
        elements=[element for element in call.elements if element.code in wanted],
        address=form.email.data or "",
    )


def _next(call: IdeaCall, form: EntryForm, submitted: Submitted) -> str:
    kept = {name: form[name].data for name in _KEPT if name in form}
    fresh = _form(
        call,
        formdata=None,
        data=kept | {"submission": secrets.token_hex(16), "entered": (form.entered.data or 0) + 1},
    )
    return _page(call, fresh, submitted=submitted, is_followed=bool(form.email.data))


def _page(
    call: IdeaCall,
    form: EntryForm,
    *,
    same: Sequence[Idea] = (),
    submitted: Submitted | None = None,
    is_followed: bool = False,
) -> str:
    at = clock.now()
    return render_template(
        "intake/enter_idea.html",
        call=call,
        form=form,
        state=call.state_at(at),
        takes_entries=policy.takes_entries(call, at=at),
        same=same,
        stored=submitted,
        is_followed=is_followed,
        is_sent=request.method == "POST",
        receipt_form=ReceiptForm(formdata=None, data={"code": submitted.code})
        if submitted
        else None,
    )
