"""A citizen's account: ask for it with an address, make it with the link from the mail."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from participation.accounts import access, arrival, credentials, queries
from participation.accounts.blueprint import blueprint
from participation.accounts.forms import AddressForm, NewAccountForm
from participation.accounts.models import SignUp
from participation.foundation import clock
from participation.foundation.tokens import keyed_hash
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.paths import safe_path
from participation.web.secrets import secret_key


@blueprint.route("/neu", methods=["GET", "POST"])
@access.public
@limited("20 per hour")
def sign_up() -> ResponseReturnValue:
    """Have a link sent that makes an account. The answer is the same for every address."""
    if access.me() is not None:
        return redirect(arrival.home(), 303)
    form = AddressForm(next=request.args.get("next"))
    if not form.validate_on_submit():
        page = render_template("accounts/sign_up.html", form=form)
        return page, 422 if form.is_submitted() else 200
    municipality = access.find_here()
    credentials.ask_for_link(
        db.session(),
        purpose="sign_up",
        email=form.email.data or "",
        municipality_id=municipality.id if municipality else None,
        next_path=safe_path(form.next.data),
        at=clock.now(),
    )
    db.session.commit()
    return render_template("accounts/link_sent.html", email=form.email.data)


@blueprint.route("/neu/<token>", methods=["GET", "POST"])
@access.public
@limited("60 per hour")
def complete_sign_up(token: str) -> ResponseReturnValue:
    """Make the account. Opening the link changes nothing."""
    found = _find(token)
    if found is None:
        return render_template("accounts/link_gone.html"), 410
    form = NewAccountForm()
    if not form.validate_on_submit():
        page = render_template("accounts/complete_sign_up.html", form=form, email=found.email)
        return page, 422 if form.is_submitted() else 200, {"Cache-Control": "no-store"}
    # Nobody waits for the database while the password is hashed.
    db.session.rollback()
    password_hash = credentials.hash_password(
        current_app.extensions["passwords"], form.password.data or ""
    )
    found = _find(token)
    if found is None:
        return render_template("accounts/link_gone.html"), 410
    account = credentials.complete_sign_up(
        db.session(),
        sign_up=found,
        display_name=form.name.data or "",
        password_hash=password_hash,
        at=clock.now(),
    )
    return arrival.arrive(account, next_path=request.args.get("next"), kept=None)


def _find(token: str) -> SignUp | None:
    token_hash = keyed_hash(secret_key(), "sign_up", token)
    return queries.find_sign_up(db.session(), token_hash, clock.now())
