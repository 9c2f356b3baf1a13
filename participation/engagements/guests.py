"""Guests: who came in with a code from a letter, or with an address that proved to be theirs.

What a browser carries of it is sealed. It holds a keyed hash, never the code or the address.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

from participation.engagements.models import Audience, Engagement
from participation.foundation.tokens import keyed_hash

# How long a browser is let in after it showed its code, and how long a mailed link opens. Long
# enough to write and to vote; in a library others use the computer on the same day.
PASS_LIFETIME = timedelta(hours=3)
LINK_LIFETIME = timedelta(days=7)
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True)
class Guest:
    """Somebody whom a code or a mailbox lets into one engagement; `who` is a keyed hash."""

    engagement_id: int
    audience: Audience
    who: str

    def fits(self, engagement: Engagement) -> bool:
        """Tell whether this is a guest of the engagement, in the way that it asks for."""
        return self.engagement_id == engagement.id and self.audience is engagement.audience


def mail_guest(key: bytes, engagement_id: int, address: str) -> Guest:
    """Return who an address stands for; every way to write it stands for one mailbox."""
    who = keyed_hash(key, "mailbox", str(engagement_id), mailbox(address))
    return Guest(engagement_id, Audience.MAIL, who)


def mailbox(address: str) -> str:
    """Return an address without what leads to the same mailbox: case, `+tag`, Gmail's dots."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return f"{local}@{domain}"
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def seal(key: bytes, guest: Guest, *, purpose: str, at: datetime) -> str:
    """Return a guest as a text that only the server can make and read."""
    content = json.dumps([purpose, guest.engagement_id, guest.audience.value, guest.who])
    return _fernet(key).encrypt_at_time(content.encode(), int(at.timestamp())).decode()


def unseal(
    key: bytes, sealed: str, *, engagement_id: int, purpose: str, at: datetime
) -> Guest | None:
    """Return the guest of a sealed text; None if it is none of ours, too old or for another."""
    lifetime = LINK_LIFETIME if purpose == "link" else PASS_LIFETIME
    try:
        content = _fernet(key).decrypt_at_time(
            sealed.encode(), int(lifetime.total_seconds()), int(at.timestamp())
        )
    except (InvalidToken, ValueError):
        return None
    found_purpose, found_id, audience, who = json.loads(content)
    if (found_purpose, found_id) != (purpose, engagement_id):
        return None
    return Guest(engagement_id, Audience(audience), who)


def _fernet(key: bytes) -> Fernet:
    derived = bytes.fromhex(keyed_hash(key, "guests"))
    return Fernet(base64.urlsafe_b64encode(derived))
