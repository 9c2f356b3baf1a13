"""Sign in and out."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access, arrival, queries
from participation.accounts.blueprint import blueprint
from participation.accounts.forms import SignInForm
from participation.accounts.models import Account
from participation.accounts.passwords import Passwords
from participation.accounts.views.second_factor import ask_for_code
from participation.foundation.errors import Refused
from participation.web import limits
from participation.web.extensions import db, login_manager
from participation.web.kept_fields import fields_to_send_again
from participation.web.paths import current_path
from participation.web.rate_storage import network_of_client
from participation.web.refusals import told

# Counted are failures. A stranger who tries an account out is stopped where they are; its owner
# comes from another network and is not.
_PER_ACCOUNT = "10 per 15 minutes"
_PER_NETWORK = "60 per hour"


@blueprint.route("/anmelden", methods=["GET", "POST"])
@access.public
def sign_in() -> ResponseReturnValue:
    """Sign in with address and password."""
    form = SignInForm(next=request.args.get("next"))
    if request.method == "GET" and access.me() is not None:
        return redirect(arrival.home(), 303)
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    if _is_throttled(form):
        form.form_errors.append(
            _("Das waren zu viele Versuche. Bitte warten Sie eine Viertelstunde.")
        )
        return _page(form, 429)
    try:
        account = _account_of(form)
    except Refused as refusal:
        form.form_errors.append(told(refusal))
        return _page(form, 422)
    if account.totp_since is not None:
        return ask_for_code(account, next_path=form.next.data, kept=form.kept.data)
    return arrival.arrive(account, next_path=form.next.data, kept=form.kept.data)


@blueprint.post("/abmelden")
@access.public
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    access.leave()
    db.session.commit()
    if access.find_here() is None:
        return redirect(url_for("accounts.sign_in"), 303)
    return redirect(url_for("portal.home"), 303)


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_sign_in() -> ResponseReturnValue:
    """Show the way to sign in; a form that was sent meanwhile is kept and goes on afterwards."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("accounts.sign_in", next=current_path()), 303)
    fields = fields_to_send_again()
    form = SignInForm(formdata=None, next=current_path(), kept=arrival.pack(fields))
    return _page(form, 401)


def _page(form: SignInForm, status: int) -> ResponseReturnValue:
    db.session.rollback()
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        is_interrupted=bool(arrival.unpack(form.kept.data)),
        demo=_demo_sign_ins(),
    )
    return page, status


def _demo_sign_ins() -> Any:
    """Who can try the demo town out; nobody where other machines can reach it."""
    municipality, demo = access.find_here(), current_app.extensions["demo_sign_ins"]
    is_demo = municipality is not None and municipality.is_demo and municipality.slug == demo.slug
    return demo if is_demo and current_app.config["ON_LOOPBACK"] else None


def _is_throttled(form: SignInForm) -> bool:
    return any(limits.too_often(rate, *what) for rate, what in _counters(form))


def _counters(form: SignInForm) -> list[tuple[str, tuple[str, ...]]]:
    network = network_of_client()
    email = (form.email.data or "").lower()
    return [
        (_PER_ACCOUNT, ("sign-in", email, network)),
        (_PER_NETWORK, ("sign-in", network)),
    ]


def _account_of(form: SignInForm) -> Account:
    """Return the account that address and password open. Raises Refused.

    Nobody waits for the database while the password is checked, which takes the same time
    whether there is an account or not.
    """
    passwords: Passwords = current_app.extensions["passwords"]
    password = form.password.data or ""
    found = queries.find_account(db.session(), form.email.data or "")
    account_id, stored = (found.id, found.password_hash) if found else (None, None)
    db.session.rollback()
    if not passwords.fits(password, stored) or stored is None:
        for rate, what in _counters(form):
            limits.count(rate, *what)
        raise Refused(_("E-Mail-Adresse oder Passwort stimmen nicht."))
    fresh = passwords.hash(password) if passwords.is_outdated(stored) else stored
    account = db.session.get_one(Account, account_id)
    if account.suspended_at is not None:
        raise Refused(_("Dieses Konto ist gesperrt. Fragen Sie die Verwaltung der Plattform."))
    account.password_hash = fresh
    return account
