"""An order of letters on its way from one page to the next: sealed, and nowhere else."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken

from participation.engagements.address_tables import AddressTable
from participation.engagements.printing import LetterText
from participation.foundation.errors import Refused
from participation.foundation.tokens import keyed_hash

_LIFETIME = 2 * 60 * 60
_LARGEST = 8_000_000


@dataclass(frozen=True)
class LetterOrder:
    """What letters are to be made; `table` is None for letters without addresses."""

    engagement_id: int
    words: LetterText
    list_key: str
    is_reminder: bool
    group: str
    submission: str
    table: AddressTable | None
    number: int


def sealed(key: bytes, order: LetterOrder, *, at: datetime) -> str:
    """Return an order as a text that only the server can read, for two hours."""
    content = zlib.compress(json.dumps(asdict(order)).encode())
    return _fernet(key).encrypt_at_time(content, int(at.timestamp())).decode()


def unsealed(key: bytes, text: str, *, engagement_id: int, at: datetime) -> LetterOrder:
    """Return the order. Raises Refused if it is too old, or none of ours."""
    try:
        content = _fernet(key).decrypt_at_time(text.encode(), _LIFETIME, int(at.timestamp()))
    except (InvalidToken, ValueError):
        raise Refused(
            "Diese Seite ist zu alt. Bitte laden Sie die Tabelle noch einmal hoch."
        ) from None
    values = json.loads(zlib.decompressobj().decompress(content, _LARGEST))
    if values["engagement_id"] != engagement_id:
        raise Refused("Diese Briefe gehören zu einer anderen Beteiligung.")
    table = values.pop("table")
    words = LetterText(**values.pop("words"))
    return LetterOrder(
        **values,
        words=words,
        table=None
        if table is None
        else AddressTable(
            headings=tuple(table["headings"]),
            rows=tuple(tuple(row) for row in table["rows"]),
            lines=tuple(table["lines"]),
        ),
    )


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(keyed_hash(key, "letter orders"))))
