"""The access rule of every route: exactly one of these decorators stands on each view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from flask_login import UserMixin, current_user

from participation.accounts import operations, queries
from participation.accounts.models import Account, AccountSession, Municipality, Role
from participation.accounts.tenancy import SLUG_KEY
from participation.foundation import clock
from participation.foundation.errors import Forbidden, NotFound
from participation.web.extensions import db, login_manager
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
    token_hash = operations.session_hash(secret_key(), token)
    found = queries.find_session(db.session(), token_hash, clock.now())
    return SignedIn(found, token) if found else None


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
