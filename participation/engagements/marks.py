"""Keyed hashes of this room: who took part, and the token of a subscription's mails."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from participation.foundation.tokens import keyed_hash


def participation_mark(key: bytes, engagement_id: int, purpose: str, who: str) -> str:
    """Return the mark of a person in an engagement, another one for every purpose.

    `purpose` is "contribution", "vote", "support" or "response"; `who` is "account:12" or
    "browser:<cookie>".
    """
    return keyed_hash(key, "participation", str(engagement_id), purpose, who)


def subscription_token(key: bytes, subscription_id: int) -> str:
    """Return the token by which the mails of a subscription confirm it or end it."""
    return f"{subscription_id}-{_seal(key, subscription_id)}"


def read_subscription_token(key: bytes, token: str) -> int | None:
    """Return the id of the subscription that a token was made for; None if it was not."""
    number, _, seal = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return None
    if not secrets.compare_digest(seal.encode(), _seal(key, int(number)).encode()):
        return None
    return int(number)


def mailbox_token(key: bytes, subscription_ids: Sequence[int]) -> str:
    """Return the token that opens all that an address follows, as long as it follows some."""
    ids = ".".join(str(one) for one in subscription_ids)
    return f"{ids}-{_seal_of_mailbox(key, ids)}"


def read_mailbox_token(key: bytes, token: str) -> list[int]:
    """Return the ids of the subscriptions that a token was made for; none if it was not."""
    ids, _, seal = token.partition("-")
    if not secrets.compare_digest(seal.encode(), _seal_of_mailbox(key, ids).encode()):
        return []
    return [int(one) for one in ids.split(".")]


def _seal_of_mailbox(key: bytes, ids: str) -> str:
    return keyed_hash(key, "mailbox", ids)[:40]


def _seal(key: bytes, subscription_id: int) -> str:
    return keyed_hash(key, "subscription", str(subscription_id))[:40]
