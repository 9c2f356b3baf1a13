"""Who asks: a guest with a code or an address, else an account, else a browser.

A guest's browser carries a sealed pass for one engagement, for a few hours at most and gone
when the browser is closed or its owner leaves. A form may bring the code itself instead, in
the field `_code`.
"""

from __future__ import annotations

from flask import Response, g, request

from participation.accounts import access
from participation.engagements import guests
from participation.engagements.guests import Guest
from participation.engagements.invitations import guest_with_code, lets_in
from participation.engagements.marks import participation_mark
from participation.engagements.models import Audience, Engagement
from participation.foundation import clock
from participation.web.extensions import db
from participation.web.limits import count, too_often
from participation.web.marks import browser_mark, ensure_browser_mark
from participation.web.rate_storage import limited_by
from participation.web.secrets import cookie_name, secret_key

CODE_FIELD = "_code"
# Wrong codes from one network; a slip of the pen is noticed by the check sign and not counted.
_GUESSES = "30/hour"


def guest_of(engagement: Engagement) -> Guest | None:
    """Return who was let in to an engagement that lets in guests only; None for everybody else."""
    if engagement.audience not in {Audience.MAIL, Audience.CODE}:
        return None
    if request.method == "POST" and engagement.audience is Audience.CODE:
        typed = request.form.get(CODE_FIELD, "")
        if typed.strip():
            return _inside(engagement, _guest_once(engagement, typed))
    guest = _pass_for(engagement.id)
    if guest is None or not guest.fits(engagement) or not lets_in(db.session(), guest):
        return None
    return _inside(engagement, guest)


def inside() -> str | None:
    """Return the slug of the engagement that this page let a guest in to."""
    slug: str | None = g.get("inside")
    return slug


def _inside(engagement: Engagement, guest: Guest | None) -> Guest | None:
    if guest is not None:
        g.inside = engagement.slug
    return guest


def try_code(engagement: Engagement, typed: str) -> Guest | None:
    """Return the guest of a typed code; None if there is no such code, or after many guesses."""
    key, engagement_id = secret_key(), engagement.id
    if too_often(_GUESSES, "code", limited_by()):
        g.too_many_codes = True
        return None
    found = guest_with_code(db.session(), key=key, engagement_id=engagement_id, typed=typed)
    if found.is_guess:
        count(_GUESSES, "code", limited_by())
    return found.guest


def known_mark(engagement_id: int, purpose: str) -> str | None:
    """Return the mark for reading; None for a browser that never took part anywhere."""
    guest, account, browser = _pass_for(engagement_id), access.me(), browser_mark()
    if guest is None and account is None and browser is None:
        return None
    return _mark(guest, engagement_id, purpose, f"browser:{browser}")


def visitor_mark(engagement_id: int, purpose: str) -> str:
    """Return the mark for taking part; a browser without one gets its cookie now."""
    guest = _typed_guest(engagement_id) or _pass_for(engagement_id)
    if guest is not None or access.me() is not None:
        return _mark(guest, engagement_id, purpose, "")
    return _mark(None, engagement_id, purpose, f"browser:{ensure_browser_mark()}")


def let_in(response: Response, guest: Guest) -> Response:
    """Give a guest's browser its pass."""
    name = _pass_name(guest.engagement_id)
    response.set_cookie(
        name,
        guests.seal(secret_key(), guest, purpose="pass", at=clock.now()),
        path="/",
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    return response


def carry_pass(response: Response) -> Response:
    """Take the pass from who leaves, or give it to whose form brought the code with it.

    For every response.
    """
    left: int | None = g.get("left")
    if left is not None:
        return _without_pass(response, left)
    guest: Guest | None = g.get("let_in")
    return response if guest is None else let_in(response, guest)


def leave(engagement_id: int) -> None:
    """Take the pass from a browser that others may use next, with the response to come."""
    g.pop("inside", None)
    g.left = engagement_id


def _without_pass(response: Response, engagement_id: int) -> Response:
    name = _pass_name(engagement_id)
    if name in request.cookies:
        response.delete_cookie(
            name, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="Lax"
        )
    return response


def _mark(guest: Guest | None, engagement_id: int, purpose: str, browser: str) -> str:
    account = access.me()
    if guest is not None:
        who = f"{guest.audience.value}:{guest.who}"
    else:
        who = f"account:{account.id}" if account else browser
    return participation_mark(secret_key(), engagement_id, purpose, who)


def _guest_once(engagement: Engagement, typed: str) -> Guest | None:
    """Look a code up once in a request, however often it is asked for."""
    known: dict[int, Guest | None] = g.setdefault("typed_guests", {})
    if engagement.id not in known:
        engagement_id = engagement.id
        g.let_in = known[engagement_id] = try_code(engagement, typed)
    return known[engagement.id]


def _typed_guest(engagement_id: int) -> Guest | None:
    known: dict[int, Guest | None] = g.get("typed_guests", {})
    return known.get(engagement_id)


def _pass_for(engagement_id: int) -> Guest | None:
    sealed = request.cookies.get(_pass_name(engagement_id))
    if sealed is None:
        return None
    return guests.unseal(
        secret_key(), sealed, engagement_id=engagement_id, purpose="pass", at=clock.now()
    )


def _pass_name(engagement_id: int) -> str:
    return cookie_name(f"pass-{engagement_id}")
