"""Ask for a new password, and set it with the link from the mail."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, credentials, queries
from participation.accounts.blueprint import blueprint
from participation.accounts.forms import AddressForm, NewPasswordForm
from participation.accounts.models import PasswordReset
from participation.foundation import clock
from participation.foundation.tokens import keyed_hash
from participation.web.extensions import db
from participation.web.limits import limited
from participation.web.secrets import secret_key


@blueprint.route("/passwort", methods=["GET", "POST"])
@access.public
@limited("20 per hour")
def forgot_password() -> ResponseReturnValue:
    """Have a link sent to set a new password. The answer is the same for every address."""
    form = AddressForm()
    if not form.validate_on_submit():
        page = render_template("accounts/forgot_password.html", form=form)
        return page, 422 if form.is_submitted() else 200
    municipality = access.find_here()
    credentials.ask_for_link(
        db.session(),
        purpose="reset",
        email=form.email.data or "",
        municipality_id=municipality.id if municipality else None,
        next_path=None,
        at=clock.now(),
    )
    db.session.commit()
    return render_template("accounts/link_sent.html", email=form.email.data)


@blueprint.route("/passwort/<token>", methods=["GET", "POST"])
@access.public
@limited("60 per hour")
def reset_password(token: str) -> ResponseReturnValue:
    """Set a new password. Opening the link changes nothing; mail scanners open links, too."""
    if _find(token) is None:
        return render_template("accounts/link_gone.html"), 410
    form = NewPasswordForm()
    if not form.validate_on_submit():
        page = render_template("accounts/reset_password.html", form=form)
        return page, 422 if form.is_submitted() else 200, {"Cache-Control": "no-store"}
    # Nobody waits for the database while the password is hashed.
    db.session.rollback()
    password_hash = credentials.hash_password(
        current_app.extensions["passwords"], form.password.data or ""
    )
    reset = _find(token)
    if reset is None:
        return render_template("accounts/link_gone.html"), 410
    municipality = access.find_here()
    credentials.reset_password(
        db.session(),
        reset=reset,
        password_hash=password_hash,
        municipality_id=municipality.id if municipality else None,
        at=clock.now(),
    )
    access.leave()
    db.session.commit()
    flash(_("Ihr neues Passwort gilt. Bitte melden Sie sich damit an."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _find(token: str) -> PasswordReset | None:
    token_hash = keyed_hash(secret_key(), "reset", token)
    return queries.find_reset(db.session(), token_hash, clock.now())
