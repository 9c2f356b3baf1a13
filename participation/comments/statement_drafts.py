"""What an organisation saved to go on later: only its link opens it, we cannot read it."""

from __future__ import annotations

import base64
import json
import os
import zlib
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from participation.comments.models import StatementDraft
from participation.comments.statement_content import Said, StatementContent, Upload
from participation.engagements.models import OrganisationInvitation
from participation.foundation.tokens import keyed_hash

_NONCE = 12
_LARGEST_DRAFT = 40_000_000


def save_draft(
    session: Session,
    *,
    invitation: OrganisationInvitation,
    content: StatementContent,
    code: str,
    at: datetime,
) -> None:
    """Keep what was filled in, sealed with what only the link holds."""
    draft = session.get(StatementDraft, invitation.id) or StatementDraft(
        invitation_id=invitation.id
    )
    draft.content = _sealed(code, invitation.id, content)
    draft.saved_at = at
    session.add(draft)
    session.flush()


def read_draft(
    session: Session, *, invitation: OrganisationInvitation, code: str
) -> tuple[StatementContent, datetime] | None:
    """Return what was saved and when; None if nothing was, or by an earlier link."""
    draft = session.get(StatementDraft, invitation.id)
    if draft is None:
        return None
    content = _opened(code, invitation.id, draft.content)
    return None if content is None else (content, draft.saved_at)


def _sealed(code: str, invitation_id: int, content: StatementContent) -> bytes:
    values: dict[str, Any] = asdict(replace(content, document=None))
    if content.document is not None:
        packed = base64.b64encode(content.document.content).decode()
        values["document"] = {"content": packed, "pages": content.document.pages}
    nonce = os.urandom(_NONCE)
    box = zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 1)
    return nonce + AESGCM(_draft_key(code)).encrypt(nonce, box, str(invitation_id).encode())


def _opened(code: str, invitation_id: int, box: bytes) -> StatementContent | None:
    try:
        packed = AESGCM(_draft_key(code)).decrypt(
            box[:_NONCE], box[_NONCE:], str(invitation_id).encode()
        )
    except InvalidTag:
        return None
    values = json.loads(zlib.decompressobj().decompress(packed, _LARGEST_DRAFT))
    document = values.pop("document")
    pieces = tuple(Said(**said) for said in values.pop("pieces"))
    upload = None
    if document is not None:
        upload = Upload(base64.b64decode(document["content"]), document["pages"])
    return StatementContent(**values, pieces=pieces, document=upload)


def _draft_key(code: str) -> bytes:
    return bytes.fromhex(keyed_hash(code.encode(), "statement draft"))
