"""A table on its way from its preview to its import: sealed in the form, and nowhere else."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Generic

from cryptography.fernet import Fernet, InvalidToken

from participation.contributions.models import Channel
from participation.foundation.errors import Refused
from participation.foundation.tokens import keyed_hash
from participation.intake.tables import AnyRow, Table

_LIFETIME = 2 * 60 * 60
_LARGEST = 16_000_000


@dataclass(frozen=True)
class TableOrder(Generic[AnyRow]):
    """A table without faults, and what was said about all of its rows."""

    engagement_id: int
    channel: Channel
    origin: str
    received_on: str
    publish: bool
    table: Table[AnyRow]


def sealed(key: bytes, order: TableOrder[AnyRow], *, at: datetime) -> str:
    """Return an order as a text that only the server can read, for two hours."""
    values = asdict(order) | {
        "channel": order.channel.value,
        "table": [asdict(row) for row in order.table.rows],
    }
    content = zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 9)
    return _fernet(key).encrypt_at_time(content, int(at.timestamp())).decode()


def unsealed(
    key: bytes, text: str, *, engagement_id: int, row: type[AnyRow], at: datetime
) -> TableOrder[AnyRow]:
    """Return the order. Raises Refused if it is too old, or none of ours."""
    try:
        content = _fernet(key).decrypt_at_time(text.encode(), _LIFETIME, int(at.timestamp()))
    except (InvalidToken, ValueError):
        raise Refused(
            "Diese Seite ist zu alt. Bitte laden Sie die Tabelle noch einmal hoch.", field="table"
        ) from None
    values = json.loads(zlib.decompressobj().decompress(content, _LARGEST))
    if values["engagement_id"] != engagement_id:
        raise Refused("Diese Tabelle gehört zu einer anderen Beteiligung.", field="table")
    rows = tuple(row.restored(one) for one in values.pop("table"))
    return TableOrder(**values | {"channel": Channel(values["channel"]), "table": Table(rows)})


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(keyed_hash(key, "idea tables"))))
