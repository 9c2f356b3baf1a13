"""What a mail says: its template filled in. The first line is the subject."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from flask import current_app, render_template, url_for
from flask.ctx import RequestContext
from flask_babel import force_locale

from participation.foundation.plain_signs import plain_line
from participation.notifications.bounces import name_of
from participation.notifications.models import OutboxMessage
from participation.notifications.transport import Transport
from participation.web.secrets import secret_key

# Folded at 78 characters a long address would be encoded, and no mail program could read it.
_POLICY = policy.SMTP.clone(max_line_length=998)


@dataclass(frozen=True)
class RenderedMail:
    """A subject, a text, and where one can leave with one click."""

    subject: str
    text: str
    unsubscribe_url: str | None
    one_click_url: str | None


def render_mail(message: OutboxMessage) -> RenderedMail:
    """Fill in a mail's template. Links begin with the configured address, never with a Host."""
    place = _place(message.municipality_id)
    with _standing_in(place), force_locale("de"):
        payload = dict(message.payload)
        if "parts" in payload:
            payload["parts"] = [
                _filled(place, part["template"], part["payload"], layout="mail/_part.txt")
                for part in payload["parts"]
            ]
        return _filled(place, message.template, payload, layout="mail/_news.txt")


def _filled(place: Any, template: str, payload: dict[str, Any], *, layout: str) -> RenderedMail:
    """Fill in one template; news stand in a mail of their own or are part of another one."""
    doors = {
        # The door that a mail program opens by itself: of this one thing, or of all.
        "unsubscribe_url": _door("engagements.unsubscribe", payload.get("unsubscribe_token")),
        "mailbox_url": _door("engagements.mailbox", payload.get("mailbox_token")),
    }
    one_click = doors["unsubscribe_url"] or _door("engagements.leave", payload.get("mailbox_token"))
    filled = render_template(
        f"mail/{template}.txt",
        layout=layout,
        link=_link,
        sender=place.name,
        municipality=place,
        **doors,
        **payload,
    )
    subject, _, text = filled.strip().partition("\n")
    return RenderedMail(
        # A title from a file may end a line in ways that a header does not bear.
        subject=plain_line(subject).strip(),
        text=text.strip() + "\n",
        unsubscribe_url=doors["unsubscribe_url"],
        one_click_url=one_click,
    )


def _door(endpoint: str, token: str | None) -> str | None:
    return _link(endpoint, token=token) if token else None


def compose(message: OutboxMessage, at: datetime) -> EmailMessage:
    """Return the mail of an outbox row: one recipient, plain text."""
    return _composed(message, name_of(message, secret_key()), at)


def send_at_once(
    *,
    municipality_id: int | None,
    address: str,
    template: str,
    payload: dict[str, Any],
    at: datetime,
) -> None:
    """Send a mail that stands in no outbox: nothing of it is stored, not even the address.

    Raises OSError or SMTPException; there is no second attempt.
    """
    message = OutboxMessage(
        municipality_id=municipality_id, address=address, template=template, payload=payload
    )
    transport: Transport = current_app.extensions["mail_transport"]
    transport.send(_composed(message, uuid.uuid4().hex, at))


def link_from(municipality_id: int | None, endpoint: str, **values: object) -> str:
    """Return the whole address of a page, for use outside of a mail."""
    with _standing_in(_place(municipality_id)):
        return _link(endpoint, **values)


def _place(municipality_id: int | None) -> Any:
    return current_app.extensions["find_mail_place"](municipality_id)


def _standing_in(place: Any) -> RequestContext:
    base = current_app.config["BASE_ADDRESS"]
    return current_app.test_request_context(base_url=base + place.path)


def _link(endpoint: str, **values: object) -> str:
    return url_for(endpoint, _external=True, **values)  # type: ignore[arg-type]


def _composed(message: OutboxMessage, name: str, at: datetime) -> EmailMessage:
    rendered = render_mail(message)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _sender(message)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = rendered.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{name}@{_domain()}>"
    mail["Auto-Submitted"] = "auto-generated"
    if rendered.one_click_url:
        mail["List-Unsubscribe"] = f"<{rendered.one_click_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(rendered.text)
    return mail


def _sender(message: OutboxMessage) -> Address:
    """Return who a mail is from: the municipality by its name, at the configured address.

    What belongs to no municipality keeps the configured name.
    """
    name, address = parseaddr(current_app.config["MAIL_FROM"])
    if message.municipality_id is not None:
        # In a header a line's end would begin another one.
        name = " ".join(plain_line(_place(message.municipality_id).name).split())
    return Address(display_name=name, addr_spec=address)


def _domain() -> str:
    _name, address = parseaddr(current_app.config["MAIL_FROM"])
    return address.rpartition("@")[2] or "localhost"
