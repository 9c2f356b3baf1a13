"""What the pages share on which staff enters something for somebody else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments.models import Comment
from participation.contributions.queries import find_by_receipt
from participation.engagements.models import Engagement
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.tokens import read_code
from participation.ideas.models import Idea
from participation.intake import operations, policy, printing
from participation.intake.blueprint import blueprint
from participation.intake.forms import EntryForm, ReceiptForm, WayForm
from participation.notifications.mails import link_from
from participation.web.extensions import db
from participation.web.refusals import show_refusal, told
from participation.web.secrets import secret_key

ENTERING = (Role.MODERATOR, Role.STRATEGIST, Role.ADMINISTRATOR)
_KEPT = ("channel", "origin", "received_on", "decision", "passage")

AnyForm = TypeVar("AnyForm", bound=EntryForm)


@dataclass(frozen=True)
class Desk:
    """What the page shows besides its form: what was just stored, and what says the same."""

    stored: Idea | Comment | None = None
    code: str = ""
    is_followed: bool = False
    same: tuple[Idea | Comment, ...] = ()


def enter(
    form: AnyForm,
    *,
    store: Callable[[AnyForm], tuple[Idea | Comment, str]],
    fresh: Callable[[dict[str, Any]], AnyForm],
    page: Callable[[AnyForm, Desk], str],
) -> ResponseReturnValue:
    """Store what was typed. The answer to what is stored is the form for the next.

    What was stored stands in no address; the same form sent again stores nothing more.
    """
    if not form.validate_on_submit():
        return page(form, Desk()), 422 if form.errors else 200
    try:
        stored, code = store(form)
    except operations.SameEntry as refusal:
        return page(form, Desk(same=tuple(refusal.same))), 409
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return page(form, Desk()), 422
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return page(form, Desk()), 409
    # Drawn before the commit, which would make the page read everything again, and shown only
    # if the commit succeeds.
    kept = {name: form[name].data for name in _KEPT if name in form}
    kept |= {"submission": secrets.token_hex(16), "entered": (form.entered.data or 0) + 1}
    answer = page(fresh(kept), Desk(stored, code, is_followed=bool(form.email.data)))
    db.session.commit()
    return answer


@blueprint.post("/verwaltung/beteiligungen/<slug>/eingeben/beleg")
@access.requires(*ENTERING)
def print_receipt(slug: str) -> ResponseReturnValue:
    """Return a receipt to print for the author. Its code stands in no address."""
    engagement = get_engagement(db.session(), access.here().id, slug)
    code = read_code(ReceiptForm().code.data or "")
    found = find_by_receipt(db.session(), secret_key(), code) if code else None
    if code is None or not isinstance(found, Idea | Comment):
        raise NotFound("there is no such receipt")
    if found.engagement_id != engagement.id:
        raise NotFound("there is no such receipt")
    address = link_from(engagement.municipality_id, "portal.look_up_receipt")
    content = printing.receipt(found, code, address=address)
    response = Response(content, mimetype="application/pdf")
    name = _("beleg")
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{found.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def starting_way() -> dict[str, Any]:
    """Return what a form about a way begins with."""
    return {"received_on": clock.today()}


def offer_decision(form: WayForm) -> None:
    """Let only those decide at once who decide anyway."""
    if not {Role.MODERATOR, Role.ADMINISTRATOR} & set(access.my_roles()):
        form.leave_decision_to_moderation()


def way_of(form: EntryForm) -> operations.Way:
    """Return how it came, as the form says."""
    return operations.Way(
        channel=form.channel.data,
        received_on=form.received_on.data or clock.today(),
        origin=form.origin.data or "",
        address=form.email.data or "",
    )


def common(form: EntryForm) -> dict[str, Any]:
    """Return what every operation takes that stores something for somebody else."""
    return {
        "way": way_of(form),
        "publish": form.is_published,
        "is_another": bool(form.is_another.data),
        "submission": form.submission.data or "",
        "key": secret_key(),
        "actor": access.actor(),
        "at": clock.now(),
    }


def draw(template: str, engagement: Engagement, form: EntryForm, desk: Desk, **more: Any) -> str:
    """Return the page of a form for something that came on another way."""
    at = clock.now()
    return render_template(
        template,
        engagement=engagement,
        form=form,
        state=engagement.state_at(at),
        takes_entries=policy.takes_entries(engagement, at=at),
        desk=desk,
        is_sent=request.method == "POST",
        receipt_form=ReceiptForm(formdata=None, data={"code": desk.code}) if desk.stored else None,
        **more,
    )
