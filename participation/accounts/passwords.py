"""Passwords, hashed with argon2id. Checking costs the same whether the account exists."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200


class Passwords:
    """Hashes and checks passwords at a set cost: memory in KiB, time in passes."""

    def __init__(self, *, memory: int, time: int) -> None:
        self._hasher = PasswordHasher(memory_cost=memory, time_cost=time, parallelism=1)
        # Checked against when there is no account, so that a stranger learns nothing from
        # how long the answer takes.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        return self._hasher.hash(password)

    def fits(self, password: str, stored: str | None) -> bool:
        """Tell whether the password is the stored one; no stored one never fits."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
