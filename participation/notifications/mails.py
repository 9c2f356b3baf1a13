"""What a mail says: its template filled in. The first line is the subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask.ctx import RequestContext
from flask_babel import force_locale

from participation.notifications.models import OutboxMessage


@dataclass(frozen=True)
class RenderedMail:
    """A subject, a text, and where one can leave with one click."""

    subject: str
    text: str
    unsubscribe_url: str | None


def render_mail(message: OutboxMessage) -> RenderedMail:
    """Fill in a mail's template. Links begin with the configured address, never with a Host."""
    place = _place(message.municipality_id)
    with _standing_in(place), force_locale("de"):
        unsubscribe_url = None
        if "unsubscribe_token" in message.payload:
            unsubscribe_url = _link(
                "engagements.unsubscribe", token=message.payload["unsubscribe_token"]
            )
        filled = render_template(
            f"mail/{message.template}.txt",
            link=_link,
            sender=place.name,
            municipality=place,
            unsubscribe_url=unsubscribe_url,
            **message.payload,
        )
    subject, _, text = filled.strip().partition("\n")
    return RenderedMail(
        subject=subject.strip(), text=text.strip() + "\n", unsubscribe_url=unsubscribe_url
    )


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
