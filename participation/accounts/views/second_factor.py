"""The second factor: set it up, enter its code when signing in, forget it."""

from __future__ import annotations

import io
import re
from typing import Any

import segno
from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from participation.accounts import access, arrival, second_factor
from participation.accounts.blueprint import blueprint
from participation.accounts.forms import CodeForm, SecondFactorForm
from participation.accounts.models import Account
from participation.foundation import clock
from participation.foundation.errors import Refused
from participation.foundation.tokens import keyed_hash
from participation.web import limits
from participation.web.extensions import db
from participation.web.paths import safe_path
from participation.web.rate_storage import network_of_client
from participation.web.refusals import told
from participation.web.secrets import secret_key

_PROOF_SECONDS = 10 * 60
_SALT = re.compile(r"[0-9a-f]{32}")
_PER_ACCOUNT = "10 per 15 minutes"


def ask_for_code(account: Account, *, next_path: str | None, kept: str | None) -> str:
    """Return the page that asks for the code, after the password was right."""
    form = CodeForm(formdata=None, proof=_prove(account), next=next_path, kept=kept)
    db.session.commit()
    return render_template("accounts/enter_code.html", form=form)


@blueprint.route("/anmelden/code", methods=["GET", "POST"])
@access.public
def enter_code() -> ResponseReturnValue:
    """Finish signing in with the code."""
    form = CodeForm()
    account = _proven(form.proof.data or "")
    if account is None:
        db.session.rollback()
        return redirect(url_for("accounts.sign_in", next=safe_path(form.next.data)), 303)
    what = ("second factor", str(account.id), network_of_client())
    db.session.rollback()
    if form.validate_on_submit() and not _is_right(form, account, what):
        db.session.rollback()
        limits.count(_PER_ACCOUNT, *what)
        form.code.errors = [*form.code.errors, _("Dieser Code passt nicht oder ist abgelaufen.")]
    if form.errors:
        db.session.rollback()
        return render_template("accounts/enter_code.html", form=form), 422
    return arrival.arrive(account, next_path=form.next.data, kept=form.kept.data)


def _is_right(form: CodeForm, account: Account, what: tuple[str, ...]) -> bool:
    if limits.too_often(_PER_ACCOUNT, *what):
        return False
    db.session.refresh(account, with_for_update=True)
    return second_factor.spend_code(
        account, code=form.code.data or "", key=secret_key(), at=clock.now()
    )


@blueprint.route("/zweiter-faktor", methods=["GET", "POST"], endpoint="second_factor")
@access.signed_in
def set_up_second_factor() -> ResponseReturnValue:
    """Show the QR code and take the first code of the app."""
    account = access.actor()
    form = SecondFactorForm(next=request.args.get("next"))
    if account.totp_since is not None:
        return render_template("accounts/second_factor_on.html", since=account.totp_since)
    salt = form.salt.data or ""
    if not form.is_submitted() or not _SALT.fullmatch(salt):
        form.salt.data = second_factor.new_salt()
        return _set_up_page(form, account, 200)
    try:
        if not form.validate():
            return _set_up_page(form, account, 422)
        second_factor.set_up(
            db.session(),
            account=account,
            salt=salt,
            code=form.code.data or "",
            key=secret_key(),
            at=clock.now(),
        )
    except Refused as refusal:
        form.code.errors = [*form.code.errors, told(refusal)]
        return _set_up_page(form, account, 422)
    db.session.commit()
    flash(_("Der zweite Faktor ist eingerichtet."), "success")
    return redirect(safe_path(form.next.data) or arrival.home(), 303)


@blueprint.post("/zweiter-faktor/entfernen")
@access.signed_in
def remove_second_factor() -> ResponseReturnValue:
    """Forget the second factor, for a new phone; a right code is asked for."""
    account = access.actor()
    what = ("second factor", str(account.id), network_of_client())
    db.session.rollback()
    code = request.form.get("code", "")
    is_right = not limits.too_often(_PER_ACCOUNT, *what) and second_factor.spend_code(
        account, code=code, key=secret_key(), at=clock.now()
    )
    if not is_right:
        db.session.rollback()
        limits.count(_PER_ACCOUNT, *what)
        flash(_("Dieser Code passt nicht. Der zweite Faktor bleibt eingerichtet."), "danger")
        return redirect(url_for("accounts.second_factor"), 303)
    second_factor.turn_off(db.session(), account=account, actor=account, at=clock.now())
    db.session.commit()
    flash(_("Der zweite Faktor ist entfernt."), "success")
    return redirect(url_for("accounts.second_factor"), 303)


def _set_up_page(form: SecondFactorForm, account: Account, status: int) -> ResponseReturnValue:
    municipality = access.find_here()
    issuer = _("Beteiligung %(name)s", name=municipality.name) if municipality else "Beteiligung"
    address = second_factor.address_for_app(secret_key(), account, form.salt.data or "", issuer)
    secret = second_factor.secret_of(secret_key(), account.id, form.salt.data or "")
    page = render_template(
        "accounts/second_factor.html",
        form=form,
        picture=_qr_code(address),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        is_waived=access.is_second_factor_waived(),
        is_needed=access.lacks_second_factor() and bool(access.my_roles()),
    )
    return page, status, {"Cache-Control": "no-store"}


def _qr_code(address: str) -> Markup:
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing,
        kind="svg",
        xmldecl=False,
        svgns=False,
        border=4,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        dark="#000",
        light="#fff",
    )
    # Drawn by us from an address that is percent-encoded; a title would repeat the secret.
    return Markup(drawing.getvalue().decode())  # noqa: S704


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="password was right")


def _prove(account: Account) -> str:
    return str(_serializer().dumps([account.id, _state(account)]))


def _proven(proof: str) -> Account | None:
    """Return the account whose password was right a moment ago, if it still is the same."""
    try:
        account_id, state = _serializer().loads(proof, max_age=_PROOF_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    account: Any = db.session.get(Account, account_id)
    if account is None or account.suspended_at is not None or _state(account) != state:
        return None
    found: Account = account
    return found


def _state(account: Account) -> str:
    return keyed_hash(secret_key(), "password was right", account.password_hash)[:32]
