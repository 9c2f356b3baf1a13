"""Sealed boxes: earlier steps in a form that is still filled in, and sheets kept for later.

Both are AES-GCM: nobody reads what is inside without the key, and nobody changes it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from participation.foundation.tokens import keyed_hash

_NONCE = 12
# What comes out of a seal is never longer; a form as a whole has this limit too.
_LONGEST = 4 * 1024 * 1024


class BrokenSeal(Exception):
    """What was handed in was not sealed here, or for something else."""


def seal(key: bytes, content: dict[str, Any], *bound_to: str) -> str:
    """Return the content sealed for a form. It opens only with the same `bound_to`."""
    return base64.urlsafe_b64encode(_closed(_form_key(key), content, bound_to)).decode()


def unseal(key: bytes, sealed: str, *bound_to: str) -> dict[str, Any]:
    """Return what was sealed. Raises BrokenSeal."""
    try:
        box = base64.b64decode(sealed.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise BrokenSeal from error
    return _opened(_form_key(key), box, bound_to)


def seal_with(token: str, content: dict[str, Any], *bound_to: str) -> bytes:
    """Return the content sealed with what only a link holds."""
    return _closed(_token_key(token), content, bound_to)


def unseal_with(token: str, sealed: bytes, *bound_to: str) -> dict[str, Any]:
    """Return what was sealed with a link. Raises BrokenSeal."""
    return _opened(_token_key(token), sealed, bound_to)


def name_of(token: str) -> str:
    """Return the name by which the database finds what a link holds; it opens nothing."""
    return hashlib.sha256(b"saved sheet name\0" + token.encode()).hexdigest()


def _closed(key: bytes, content: dict[str, Any], bound_to: tuple[str, ...]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, zlib.compress(text), _bond(bound_to))


def _opened(key: bytes, box: bytes, bound_to: tuple[str, ...]) -> dict[str, Any]:
    try:
        packed = AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], _bond(bound_to))
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal from error
    content = json.loads(zlib.decompressobj().decompress(packed, _LONGEST))
    if not isinstance(content, dict):
        raise BrokenSeal
    return content


def _bond(bound_to: tuple[str, ...]) -> bytes:
    """Return the parts so that it is unambiguous where each ends."""
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in bound_to)


def _form_key(key: bytes) -> bytes:
    return bytes.fromhex(keyed_hash(key, "sealed steps of a survey"))


def _token_key(token: str) -> bytes:
    return hashlib.sha256(b"saved sheet key\0" + token.encode()).digest()
