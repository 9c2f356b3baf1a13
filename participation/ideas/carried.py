"""Pictures that travel in a form until it is sent for good: nothing is stored before.

They are sealed for one form: nobody else can make them, and they fit into no other form.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken

from participation.foundation.tokens import keyed_hash

# Three pictures as large as ours get, written in letters.
MOST_CARRIED = 8 * 1024 * 1024
_SECONDS = 24 * 60 * 60


def sealed_picture(key: bytes, submission: str, picture: bytes) -> str:
    """Return a cleaned picture for a hidden field of the form with this key."""
    return _fernet(key, submission).encrypt(picture).decode()


def unsealed_picture(key: bytes, submission: str, sealed: str) -> bytes | None:
    """Return the picture of a hidden field; None if it was not sealed here, or long ago."""
    try:
        return _fernet(key, submission).decrypt(sealed.encode(), ttl=_SECONDS)
    except (InvalidToken, ValueError):
        return None


def _fernet(key: bytes, submission: str) -> Fernet:
    derived = bytes.fromhex(keyed_hash(key, "carried pictures", submission))
    return Fernet(base64.urlsafe_b64encode(derived))
