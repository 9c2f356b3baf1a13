"""One's own account."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, credentials, queries, sessions
from participation.accounts.blueprint import blueprint
from participation.accounts.forms import NameForm, PasswordForm, SingleKeysForm
from participation.accounts.models import Account
from participation.accounts.passwords import Passwords
from participation.foundation import clock
from participation.web import limits
from participation.web.extensions import db
from participation.web.forms import Form

_PER_ACCOUNT = "10 per 15 minutes"


@blueprint.get("/")
@access.signed_in
def profile() -> ResponseReturnValue:
    """Show one's own account."""
    return _page()


@blueprint.post("/name")
@access.signed_in
def rename() -> ResponseReturnValue:
    """Change one's name."""
    form = NameForm()
    if not form.validate_on_submit():
        return _page(name_form=form)
    access.actor().display_name = form.name.data or ""
    db.session.commit()
    flash(_("Ihr Name ist geändert."), "success")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/passwort-aendern")
@access.signed_in
def change_password() -> ResponseReturnValue:
    """Change one's password; other browsers are signed out."""
    form = PasswordForm()
    if not form.validate_on_submit() or not _knows_password(form):
        return _page(password_form=form)
    password_hash = credentials.hash_password(_passwords(), form.password.data or "")
    municipality = access.find_here()
    credentials.change_password(
        db.session(),
        account=access.actor(),
        password_hash=password_hash,
        municipality_id=municipality.id if municipality else None,
        at=clock.now(),
        keep_token_hash=access.this_browser(),
    )
    db.session.commit()
    flash(_("Ihr Passwort ist geändert. Andere Browser sind abgemeldet."), "success")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/tasten")
@access.signed_in
def set_single_keys() -> ResponseReturnValue:
    """Switch single keys on or off."""
    form = SingleKeysForm()
    if not form.validate_on_submit():
        return _page()
    access.actor().single_keys = bool(form.single_keys.data)
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/abmelden-ueberall")
@access.signed_in
def end_other_sessions() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    sessions.end_all_sessions(
        db.session(), account=access.actor(), except_token_hash=access.this_browser()
    )
    db.session.commit()
    flash(_("Alle anderen Browser sind abgemeldet."), "success")
    return redirect(url_for("accounts.profile"), 303)


def _knows_password(form: PasswordForm) -> bool:
    account_id, stored = access.actor().id, access.actor().password_hash
    # Nobody waits for the database while the password is checked.
    db.session.rollback()
    what = ("change password", str(account_id))
    if limits.too_often(_PER_ACCOUNT, *what):
        message = _("Das waren zu viele Versuche. Bitte warten Sie eine Viertelstunde.")
    elif _passwords().fits(form.current_password.data or "", stored):
        return True
    else:
        limits.count(_PER_ACCOUNT, *what)
        message = _("Das ist nicht Ihr bisheriges Passwort.")
    form.current_password.errors = [*form.current_password.errors, message]
    return False


def _passwords() -> Passwords:
    passwords: Passwords = current_app.extensions["passwords"]
    return passwords


def _page(
    *, name_form: Form | None = None, password_form: Form | None = None
) -> ResponseReturnValue:
    account: Account = access.actor()
    page = render_template(
        "accounts/profile.html",
        name_form=name_form or NameForm(formdata=None, name=account.display_name),
        password_form=password_form or PasswordForm(formdata=None),
        keys_form=SingleKeysForm(formdata=None, single_keys=account.single_keys),
        wrong_form=name_form or password_form,
        sessions=queries.sessions_of(db.session(), account.id, clock.now()),
        this_browser=access.this_browser(),
        places=queries.places_of(db.session(), account.id),
        is_waived=access.is_second_factor_waived(),
    )
    return page, 422 if name_form or password_form else 200
