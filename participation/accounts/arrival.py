"""Where somebody goes once they are signed in, and what they had typed before."""

from __future__ import annotations

import json

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access, policy
from participation.accounts.models import Account
from participation.web.extensions import db
from participation.web.kept_fields import Fields
from participation.web.paths import safe_path


def arrive(account: Account, *, next_path: str | None, kept: str | None) -> ResponseReturnValue:
    """Sign this browser in and go on: with the form that was interrupted, or to a page."""
    access.enter(account)
    db.session.commit()
    target = safe_path(next_path)
    fields = unpack(kept)
    if target and fields:
        return render_template("accounts/resume.html", action=target, fields=fields)
    return redirect(target or home(), 303)


def home() -> str:
    """Return the page where somebody's work or interest begins."""
    if access.find_here() is None:
        return url_for("accounts.profile")
    if policy.is_staff(access.my_roles()):
        return url_for("portal.overview")
    return url_for("portal.home")


def pack(fields: Fields) -> str:
    """Return fields as one text, to travel in a hidden field."""
    return json.dumps(fields, ensure_ascii=False)


def unpack(kept: str | None) -> Fields:
    """Return the fields of a text that `pack` made; what is none gives no fields."""
    try:
        found = json.loads(kept or "[]")
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [(pair[0], pair[1]) for pair in found if _is_pair(pair)]


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
