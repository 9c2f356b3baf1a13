"""Passwords, hashed with argon2id. Checking costs the same whether the account exists."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200
_AT_ONCE = 2


class Passwords:
    """Hashes and checks passwords at a set cost: memory in KiB, time in passes."""

    def __init__(self, *, memory: int, time: int) -> None:
        # Each hash takes its memory for a third of a second: a rush must not take all there is.
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._hasher = PasswordHasher(memory_cost=memory, time_cost=time, parallelism=1)
        # Checked against when there is no account, so that a stranger learns nothing from
        # how long the answer takes.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        with self._places:
            return self._hasher.hash(password)

    def fits(self, password: str, stored: str | None) -> bool:
        """Tell whether the password is the stored one; no stored one never fits."""
        try:
            with self._places:
                self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made at another cost than the one that is set now."""
        return self._hasher.check_needs_rehash(stored)
