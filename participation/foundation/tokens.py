"""Random tokens and keyed hashes. Nothing that opens a door is stored in clear."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# Crockford's alphabet: no I, L, O, U, so that a code survives a telephone call.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREADINGS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
CODE_LENGTH = 20  # 5 bits each: 100 bits.


def new_token() -> str:
    """Return a random token of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return the hexadecimal HMAC-SHA-256 of the parts, unambiguous about where each ends."""
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def code_from(key: bytes, *parts: str) -> str:
    """Return a code of 20 letters and digits (100 bits) that the key and the parts determine."""
    number = int(keyed_hash(key, "code", *parts), 16)
    letters = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, 32)
        letters.append(ALPHABET[rest])
    return "".join(letters)


def written_code(code: str, prefix: str = "") -> str:
    """Return the code in groups of five, as it is printed."""
    groups = [code[i : i + 5] for i in range(0, len(code), 5)]
    return "-".join(([prefix] if prefix else []) + groups)


def read_code(written: str) -> str | None:
    """Return the code that somebody typed, forgiving case, spaces and misreadings.

    A prefix is dropped. What cannot be a code gives None.
    """
    letters = "".join(sign for sign in written.upper() if sign.isalnum()).translate(_MISREADINGS)
    code = letters[-CODE_LENGTH:]
    if len(code) < CODE_LENGTH or any(sign not in ALPHABET for sign in code):
        return None
    return code
