"""Take up a role that one was invited to."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, arrival, credentials, operations, queries
from participation.accounts.blueprint import blueprint
from participation.accounts.forms import NewAccountForm
from participation.accounts.models import Account, Invitation, Municipality
from participation.foundation import clock
from participation.foundation.tokens import keyed_hash
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.limits import limited
from participation.web.secrets import secret_key


@blueprint.route("/einladung/<token>", methods=["GET", "POST"])
@access.public
@limited("60 per hour")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Show the invitation; who has an account signs in first, everybody else makes one."""
    invitation = _find(token)
    if invitation is None:
        return render_template("accounts/link_gone.html"), 410
    account = access.me()
    if account is None and queries.find_account(db.session(), invitation.email) is None:
        return _accept_as_newcomer(token, invitation)
    form = Form()
    is_theirs = account is not None and account.email == invitation.email
    if account is None or not is_theirs or not form.validate_on_submit():
        return _page(invitation, form=form, status=200, is_theirs=is_theirs)
    return _take_up(invitation, account, is_new=False)


def _accept_as_newcomer(token: str, invitation: Invitation) -> ResponseReturnValue:
    form = NewAccountForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return _page(invitation, form=form, status=status, is_new=True)
    # Nobody waits for the database while the password is hashed.
    db.session.rollback()
    password_hash = credentials.hash_password(
        current_app.extensions["passwords"], form.password.data or ""
    )
    found = _find(token)
    if found is None:
        return render_template("accounts/link_gone.html"), 410
    account = credentials.open_account(
        db.session(),
        email=found.email,
        display_name=form.name.data or "",
        password_hash=password_hash,
        at=clock.now(),
    )
    return _take_up(found, account, is_new=True)


def _take_up(invitation: Invitation, account: Account, *, is_new: bool) -> ResponseReturnValue:
    operations.accept_invitation(
        db.session(), invitation=invitation, account=account, at=clock.now()
    )
    if is_new:
        return arrival.arrive(account, next_path=None, kept=None)
    db.session.commit()
    flash(_("Sie haben die Rolle übernommen."), "success")
    return redirect(arrival.home(), 303)


def _page(
    invitation: Invitation,
    *,
    form: Form,
    status: int,
    is_theirs: bool = False,
    is_new: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "accounts/accept_invitation.html",
        form=form,
        invitation=invitation,
        place=db.session.get_one(Municipality, invitation.municipality_id),
        is_theirs=is_theirs,
        is_new=is_new,
    )
    return page, status, {"Cache-Control": "no-store"}


def _find(token: str) -> Invitation | None:
    token_hash = keyed_hash(secret_key(), "invitation", token)
    return queries.find_invitation(db.session(), token_hash, clock.now())
