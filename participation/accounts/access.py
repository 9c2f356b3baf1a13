"""The access rule of every route: exactly one of these decorators stands on each view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user

from participation.accounts import queries, sessions
from participation.accounts.models import Account, AccountSession, Municipality, Role
from participation.accounts.tenancy import SLUG_KEY
from participation.foundation import clock
from participation.foundation.errors import Forbidden, NotFound
from participation.web.extensions import db, login_manager
from participation.web.paths import current_path
from participation.web.secrets import secret_key

View = TypeVar("View", bound=Callable[..., Any])


class SignedIn(UserMixin):  # type: ignore[misc]
    """A browser that is signed in, as Flask-Login sees it."""

    def __init__(self, found: AccountSession, token: str) -> None:
        self.account = found.account
        self.token_hash = found.token_hash
        self._token = token

    def get_id(self) -> str:
        """Return what the cookie carries: the session's token, not the account."""
        return self._token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedIn | None:
    """Return who is signed in with a cookie's token, unless the session was ended."""
    token_hash = sessions.session_hash(secret_key(), token)
    found = queries.find_session(db.session(), token_hash, clock.now())
    return SignedIn(found, token) if found else None


def enter(account: Account) -> None:
    """Sign this browser in; what it was before is forgotten."""
    leave()
    token = sessions.begin_session(db.session(), account=account, key=secret_key(), at=clock.now())
    found = db.session.get_one(AccountSession, sessions.session_hash(secret_key(), token))
    login_user(SignedIn(found, token))


def leave() -> None:
    """Sign this browser out, so that a copy of its cookie is worth nothing either."""
    if current_user.is_authenticated:
        sessions.end_session(db.session(), token_hash=current_user.token_hash)
    logout_user()
    session.clear()


def this_browser() -> str | None:
    """Return the hash of this browser's session, to tell it from others."""
    return current_user.token_hash if current_user.is_authenticated else None


def me() -> Account | None:
    """Return the account that is signed in."""
    return current_user.account if current_user.is_authenticated else None


def actor() -> Account:
    """Return the account that is signed in, where the access rule has made sure of one."""
    account = me()
    if account is None:
        raise Forbidden("nobody is signed in")
    return account


def here() -> Municipality:
    """Return the municipality whose page this is. Raises NotFound outside of one."""
    found = find_here()
    if found is None:
        raise NotFound("this address belongs to no municipality")
    return found


def find_here() -> Municipality | None:
    """Return the municipality whose page this is, or None outside of one."""
    slug = request.environ.get(SLUG_KEY)
    if slug is None:
        return None
    if "municipality" not in g:
        g.municipality = queries.get_municipality(db.session(), slug)
    return cast(Municipality, g.municipality)


def my_roles() -> frozenset[Role]:
    """Return the roles of whoever is signed in, in this municipality."""
    account, municipality = me(), find_here()
    if account is None or municipality is None:
        return frozenset()
    if "roles" not in g:
        g.roles = queries.roles_of(db.session(), account.id, municipality.id)
    return cast(frozenset[Role], g.roles)


def is_second_factor_waived() -> bool:
    """Tell whether this installation does without: a demo that only this machine can reach."""
    municipality = find_here()
    is_demo = municipality is not None and municipality.is_demo
    waived = current_app.config["SECOND_FACTOR"] == "waived"
    return bool(current_app.config["ON_LOOPBACK"] and (is_demo or waived))


def lacks_second_factor() -> bool:
    """Tell whether somebody must set up the second factor before they work here."""
    account = me()
    return account is not None and account.totp_since is None and not is_second_factor_waived()


def public(view: View) -> View:
    """Everybody may."""
    return _rule(view, "public")


def signed_in(view: View) -> View:
    """Whoever has signed in may."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if me() is None:
            return login_manager.unauthorized()
        return view(*args, **kwargs)

    return _rule(cast(View, guarded), "signed in")


def requires(*roles: Role) -> Callable[[View], View]:
    """Whoever has one of the roles in this municipality may."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            here()
            if me() is None:
                return login_manager.unauthorized()
            if not my_roles() & set(roles):
                raise Forbidden("this page needs another role")
            if lacks_second_factor():
                back = current_path() if request.method == "GET" else None
                return redirect(url_for("accounts.second_factor", next=back), 303)
            return view(*args, **kwargs)

        return _rule(cast(View, guarded), " ".join(sorted(role.value for role in roles)))

    return decorate


def rule_of(view: Callable[..., Any]) -> str | None:
    """Return the access rule that stands on a view, or None if none does."""
    return getattr(view, "access_rule", None)


def _rule(view: View, rule: str) -> View:
    if rule_of(view) is not None and rule_of(view) != rule:
        raise ValueError(f"two access rules on {view.__name__}")
    view.access_rule = rule  # type: ignore[attr-defined]
    return view
