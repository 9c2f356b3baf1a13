"""Mail that comes back: an address that takes no mail for good gets none any more.

A mail server refuses at once, or it takes the mail and writes later that it could not deliver it
(RFC 3464). Both say why in three numbers (RFC 3463): 5.1 is an address that does not exist, 5.2.1
a mailbox that is closed. A full mailbox, a mail taken for spam or a server that is down say
nothing about the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr

from sqlalchemy.orm import Session

from participation.foundation.errors import BrokenInput
from participation.foundation.tokens import keyed_hash
from participation.jobs import operations as jobs
from participation.notifications.models import OutboxMessage

BOUNCE_JOB = "address_unreachable"
LARGEST_REPORT = 1024 * 1024

_ENHANCED = re.compile(rb"\b5\.(\d{1,3})\.(\d{1,3})\b")
# What servers answer that know no enhanced codes: no such mailbox, not here, not allowed as a name.
_NO_MAILBOX = frozenset({550, 551, 553})
_OWN_MAIL = re.compile(r"<outbox-(\d{1,18})-(\d{14})-([0-9a-f]{12})@[^>]*>")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours that could not be delivered, and the address that it went to."""

    message_id: int
    address: str


def name_of(message: OutboxMessage, key: bytes) -> str:
    """Return the beginning of a mail's Message-ID, which nobody can make up."""
    return f"outbox-{message.id}-{message.written_at:%Y%m%d%H%M%S}-{_proof(message.id, key)}"


def means_unreachable(code: int, words: bytes) -> bool:
    """Tell whether a server's refusal of an address means that it takes no mail for good."""
    enhanced = _ENHANCED.search(words)
    if enhanced is None:
        return code in _NO_MAILBOX
    subject, detail = int(enhanced[1]), int(enhanced[2])
    return subject == 1 or (subject, detail) == (2, 1)


def note_bounce(session: Session, *, message: OutboxMessage, at: datetime) -> bool:
    """Note that an address takes no mail; a job ends what it hears of. False if it was noted."""
    if message.refused_at is not None or not message.address:
        return False
    message.refused_at = at
    jobs.enqueue(
        session,
        kind=BOUNCE_JOB,
        key=f"{BOUNCE_JOB}:{message.id}",
        due_at=at,
        payload={"message_id": message.id},
    )
    session.flush()
    return True


def read_report(content: bytes, key: bytes) -> Bounce | None:
    """Return what a mail server's report says of a mail of ours; None if that is not final.

    Raises BrokenInput for what is no report, or one of a mail that this installation did not
    send: whoever writes a report to somebody else's harm would have to know its Message-ID.
    """
    if len(content) > LARGEST_REPORT:
        raise BrokenInput("the report is larger than 1 MB")
    report: Message = message_from_bytes(content, policy=policy.default)
    if report.get_content_type() != "multipart/report":
        raise BrokenInput("this mail is no report of a mail server")
    message_id = _own_mail(report, key)
    failed = [fields for fields in _recipients(report) if _is_final(fields)]
    if not failed:
        return None
    said = str(failed[0].get("Final-Recipient", "") or failed[0].get("Original-Recipient", ""))
    return Bounce(message_id, parseaddr(said.partition(";")[2].strip())[1].lower())


def _proof(message_id: int, key: bytes) -> str:
    return keyed_hash(key, "mail", str(message_id))[:12]


def _own_mail(report: Message, key: bytes) -> int:
    """Return which mail came back: its headers stand in the last part of the report."""
    for part in report.walk():
        headers = part if isinstance(part, EmailMessage) and part is not report else None
        written = str(headers.get("Message-ID", "")) if headers is not None else ""
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            written = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        for number, _stamp, proof in _OWN_MAIL.findall(written):
            if proof == _proof(int(number), key):
                return int(number)
    raise BrokenInput("this is no report of a mail that was sent from here")


def _recipients(report: Message) -> Iterator[Message]:
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            # The first block is about the mail as a whole.
            yield from (block for block in blocks if "Action" in block)  # type: ignore[misc]


def _is_final(fields: Message) -> bool:
    action = str(fields.get("Action", "")).strip().lower()
    status = str(fields.get("Status", "")).strip().encode()
    return action == "failed" and means_unreachable(0, status)
