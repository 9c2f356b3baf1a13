"""The second factor: six digits from an app, new every thirty seconds (RFC 6238).

Its secret is not stored. It follows from the server's key and the account's salt.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.foundation.errors import Refused
from participation.foundation.tokens import keyed_hash
from participation.journal.operations import record

_STEP_SECONDS = 30
_SECRET_BYTES = 20


def new_salt() -> str:
    """Return a random salt for an account that sets up the second factor."""
    return secrets.token_hex(16)


def secret_of(key: bytes, account_id: int, salt: str) -> str:
    """Return the secret in base32, as an app takes it."""
    digest = bytes.fromhex(keyed_hash(key, "totp", str(account_id), salt))
    return base64.b32encode(digest[:_SECRET_BYTES]).decode("ascii")


def address_for_app(key: bytes, account: Account, salt: str, issuer: str) -> str:
    """Return the otpauth address that the QR code holds."""
    totp = pyotp.TOTP(secret_of(key, account.id, salt))
    return totp.provisioning_uri(name=account.email, issuer_name=issuer)


def set_up(
    session: Session, *, account: Account, salt: str, code: str, key: bytes, at: datetime
) -> None:
    """Turn the second factor on, once the app has shown a right code. Raises Refused."""
    step = _step_of(secret_of(key, account.id, salt), code, at)
    if step is None:
        raise Refused("Dieser Code passt nicht.", field="code")
    account.totp_salt, account.totp_since, account.totp_step = salt, at, step
    _record(session, "account.second_factor_on", account, account, at)


def spend_code(account: Account, *, code: str, key: bytes, at: datetime) -> bool:
    """Tell whether a code is right and was not used before; it is used then."""
    if account.totp_salt is None or account.totp_step is None:
        return False
    step = _step_of(secret_of(key, account.id, account.totp_salt), code, at)
    if step is None or step <= account.totp_step:
        return False
    account.totp_step = step
    return True


def turn_off(session: Session, *, account: Account, actor: Account | None, at: datetime) -> None:
    """Forget the second factor, so that a new app can be set up."""
    account.totp_salt = account.totp_since = account.totp_step = None
    _record(session, "account.second_factor_off", account, actor, at)


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step of a code, one to either side allowed for clocks that differ."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii():
        return None
    totp, present = pyotp.TOTP(secret), int(at.timestamp()) // _STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def _record(
    session: Session, action: str, account: Account, actor: Account | None, at: datetime
) -> None:
    session.flush()
    record(
        session,
        at=at,
        action=action,
        subject=f"account:{account.id}",
        actor_id=actor.id if actor else None,
    )
