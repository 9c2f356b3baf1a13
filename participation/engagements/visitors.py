"""The mark of whoever asks: of the account that is signed in, else of the browser."""

from __future__ import annotations

from participation.accounts import access
from participation.engagements.marks import participation_mark
from participation.web.marks import browser_mark, ensure_browser_mark
from participation.web.secrets import secret_key


def known_mark(engagement_id: int, purpose: str) -> str | None:
    """Return the mark for reading; None for a browser that never took part anywhere."""
    account, browser = access.me(), browser_mark()
    if account is None and browser is None:
        return None
    who = f"account:{account.id}" if account else f"browser:{browser}"
    return participation_mark(secret_key(), engagement_id, purpose, who)


def visitor_mark(engagement_id: int, purpose: str) -> str:
    """Return the mark for taking part; a browser without one gets its cookie now."""
    account = access.me()
    who = f"account:{account.id}" if account else f"browser:{ensure_browser_mark()}"
    return participation_mark(secret_key(), engagement_id, purpose, who)
