"""The receipt: what became of a contribution, hearing of news, and withdrawing.

The code travels in the body of a form and nowhere else: in no address, no log, no mail. Every
answer here is to a POST, which no browser and no proxy keeps.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.contributions import operations as contributions
from participation.contributions.models import ContributionStatus
from participation.engagements.operations import subscribe
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound
from participation.foundation.tokens import read_code
from participation.moderation.reports import forget_reports
from participation.portal import paths, voices
from participation.portal.blueprint import blueprint
from participation.portal.own_ideas import OwnIdea, own_idea
from participation.portal.queries.fate import (
    ContributionReceipt,
    Found,
    ResponseReceipt,
    look_up,
)
from participation.portal.receipt_forms import FollowForm, LookUpForm, WithdrawForm
from participation.surveys.operations import withdraw_response
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.secrets import secret_key


@blueprint.get("/beleg")
@access.public
def look_up_receipt() -> ResponseReturnValue:
    """Ask for the code of a receipt."""
    return render_template("portal/look_up_receipt.html", form=LookUpForm())


@blueprint.post("/beleg")
@access.public
@limited("60/hour")
def receipt() -> ResponseReturnValue:
    """Show what became of what a code belongs to."""
    form = LookUpForm()
    if not form.validate():
        return render_template("portal/look_up_receipt.html", form=form), 422
    code = read_code(form.code.data or "")
    found = _look_up(code)
    if found is None or code is None:
        form.code.errors = [
            _(
                "Zu diesem Code finden wir nichts. Bitte vergleichen Sie ihn mit Ihrem Beleg. "
                "Wenn Sie einen Antwortbogen zurückgezogen haben, ist auch sein Beleg gelöscht."
            )
        ]
        return render_template("portal/look_up_receipt.html", form=form), 404
    return _show(found, code)


@blueprint.post("/beleg/benachrichtigen")
@access.public
@limited("20/hour")
def follow_receipt() -> ResponseReturnValue:
    """Let an address hear of news, once its owner has confirmed it."""
    form = FollowForm()
    found, code = _find_again(form.code.data)
    if not form.validate():
        return _show(found, code, follow=form), 422
    if isinstance(found, ContributionReceipt):
        if found.contribution.status is ContributionStatus.WITHDRAWN:
            raise Conflict(_("Dieser Beitrag wurde zurückgezogen."))
        contributions.follow(
            db.session(),
            contribution=found.contribution,
            address=form.email.data or "",
            at=clock.now(),
        )
    else:
        subscribe(
            db.session(),
            engagement=found.engagement,
            address=form.email.data or "",
            at=clock.now(),
        )
    db.session.commit()
    found, code = _find_again(code)
    return _show(found, code, is_followed=True)


@blueprint.post("/beleg/zurueckziehen")
@access.public
@limited("60/hour")
def withdraw_receipt() -> ResponseReturnValue:
    """Ask whether to withdraw; do so when that is confirmed."""
    form = WithdrawForm()
    found, code = _find_again(form.code.data)
    _check_can_be_withdrawn(found)
    if not form.validate() or not form.confirmed.data:
        return render_template(
            "portal/withdraw_receipt.html",
            form=WithdrawForm(formdata=None, code=code, confirmed="1"),
            found=found,
            is_response=isinstance(found, ResponseReceipt),
            voices=voices,
        )
    if isinstance(found, ContributionReceipt):
        contributions.withdraw(db.session(), contribution=found.contribution, at=clock.now())
        forget_reports(db.session(), found.contribution.id)
    else:
        withdraw_response(
            db.session(),
            response=found.response,
            code=code,
            key=secret_key(),
            is_released=found.is_released,
            at=clock.now(),
        )
    db.session.commit()
    return render_template("portal/withdrawn.html", is_response=isinstance(found, ResponseReceipt))


def _own(found: Found) -> OwnIdea | None:
    if isinstance(found, ResponseReceipt):
        return None
    return own_idea(db.session(), found.contribution, found.engagement, clock.now())


def _look_up(code: str | None) -> Found | None:
    return look_up(db.session(), access.here().id, key=secret_key(), code=code, today=clock.today())


def _find_again(written: str | None) -> tuple[Found, str]:
    code = read_code(written or "")
    found = _look_up(code)
    if found is None or code is None:
        raise NotFound(_("Zu diesem Code finden wir nichts."))
    return found, code


def _check_can_be_withdrawn(found: Found) -> None:
    if isinstance(found, ResponseReceipt):
        if found.is_released:
            raise Conflict(
                _(
                    "Das Ergebnis ist schon veröffentlicht. Ihre Antworten können nicht mehr aus"
                    " den Zahlen genommen werden."
                )
            )
    elif found.contribution.status is ContributionStatus.WITHDRAWN:
        raise Conflict(_("Dieser Beitrag wurde schon zurückgezogen."))


def _show(
    found: Found, code: str, *, follow: FollowForm | None = None, is_followed: bool = False
) -> str:
    is_response = isinstance(found, ResponseReceipt)
    form = follow or FollowForm(formdata=None, code=code)
    return render_template(
        "portal/response_receipt.html" if is_response else "portal/receipt.html",
        found=found,
        own=_own(found),
        code=code,
        follow=form,
        is_followed=is_followed,
        paths=paths,
        voices=voices,
        look_up_form=LookUpForm(formdata=None),
    )
